-- A turn, or a step that time asks for: replies, commands and dialogue, under lease and epoch, all or nothing.
-- KEYS after the nine: lease, due, the customer's tickets, ratings, then one for each ticket to open or change.
-- ARGV[2] is JSON: lease (its mark), entries (inbox ids), epoch, timer (ms), author, steps, dialogue, buttons, language,
--   topic (what the conversation is about)
local lease, due, customer_tickets, ratings = KEYS[10], KEYS[11], KEYS[12], KEYS[13]
local first_ticket = 14
local turn = cjson.decode(ARGV[2])

if redis.call('get', lease) ~= turn.lease then
  return {'lease_lost'}
end
local entries, there = turn.entries or {}, 0
for _, entry in ipairs(entries) do
  there = there + #redis.call('xrange', inbox, entry, entry)
end
if there < #entries then
  -- What was answered before is not answered again beside its neighbours.
  return there == 0 and {'finished_before'} or moved_on()
end
local state = redis.call('hget', conversation, 'state')
if not state or state == 'closed' or tonumber(redis.call('hget', conversation, 'epoch')) ~= turn.epoch then
  return moved_on()
end
if state == 'person' and #entries > 0 then
  return moved_on()
end
if turn.timer and tonumber(redis.call('zscore', timers, id) or 0) ~= tonumber(turn.timer) then
  return moved_on()
end
-- A ticket to open is at version 0; one to change must be at the version that it was read at.
local next_ticket = first_ticket
for _, step in ipairs(turn.steps) do
  if step.what == 'ticket' then
    if (redis.call('hget', KEYS[next_ticket], 'version') or '0') ~= step.version then
      return {'ticket_changed'}
    end
    next_ticket = next_ticket + 1
  end
end

local function write_ticket(step, key)
  redis.call('hset', key, unpack(step.fields))
  if step.due then
    redis.call('zadd', due, step.due, step.ticket)
    redis.call('zadd', customer_tickets, context.now, step.ticket)
    redis.call('pexpire', customer_tickets, context.keep)
  end
  append(step.event)
end

-- The last one counts, and lives as long as its conversation.
local function rate(step)
  redis.call('hset', conversation, 'rating', step.rating)
  redis.call('zremrangebyscore', ratings, '-inf', tonumber(context.now) - tonumber(context.keep))
  redis.call('zadd', ratings, context.now, id)
  redis.call('pexpire', ratings, context.keep)
  append(step.event)
end

if turn.topic then
  redis.call('hset', conversation, 'topic', turn.topic)
end
next_ticket = first_ticket
for _, step in ipairs(turn.steps) do
  if step.what == 'say' then
    say(step.event)
  elseif step.what == 'ticket' then
    write_ticket(step, KEYS[next_ticket])
    next_ticket = next_ticket + 1
  elseif step.what == 'rating' then
    rate(step)
  elseif step.what == 'become' and step.to ~= redis.call('hget', conversation, 'state') then
    become(step.to, step.reason, turn.author, nil, step)
  end
end

-- A dialogue belongs to its bot period: one that ends in this step keeps it as the former one.
for _, name in ipairs({'dialogue', 'buttons', 'language'}) do
  if turn[name] then
    redis.call('hset', conversation, name, turn[name])
  end
end
if turn.language then
  redis.call('hset', customer, 'language', turn.language)
  redis.call('pexpire', customer, context.keep)
end
local after = redis.call('hget', conversation, 'state')
if after == 'bot' then
  set_timer('bot')
end

if #entries > 0 then
  redis.call('xdel', inbox, unpack(entries))
end
announce()
return {'done', appended}
