-- A customer's message: seen before? number it, append it, put it in the inbox.
-- KEYS after the nine: seen, conversation and log of a new conversation, the customer's conversations.
-- ARGV[2] is JSON: expected (the open conversation as read before, or ''), new_id, new (its fields, flat),
--   opened (its first event), message (the event), joins, payload, language, vouched_as, vip, preview, seen (ms),
--   mood, topic (of the payload), most (messages that may wait longer than) late (ms)
local seen, new_conversation, new_log = KEYS[10], KEYS[11], KEYS[12]
local incoming = cjson.decode(ARGV[2])

local before = redis.call('get', seen)
if before then
  -- A write, so that a WAIT after it covers the first one.
  redis.call('pexpire', seen, incoming.seen)
  local space = string.find(before, ' ', 1, true)
  return {'duplicate', string.sub(before, 1, space - 1), tonumber(string.sub(before, space + 1))}
end

local open = redis.call('hget', customer, 'open') or ''
if open ~= incoming.expected then
  return {'moved'}
end

local state = open ~= '' and redis.call('hget', conversation, 'state')

-- Better refused now than answered too late. The server's own clock: it is the one that named the entries.
local function too_much_waits()
  if incoming.most == 0 or redis.call('xlen', inbox) <= incoming.most then
    return false
  end
  local now = redis.call('time')
  local late = string.format('%.0f-0', now[1] * 1000 + math.floor(now[2] / 1000) - incoming.late)
  return #redis.call('xrange', inbox, '-', late, 'COUNT', incoming.most + 1) > incoming.most
end
if state ~= 'person' and too_much_waits() then
  return {'busy'}
end

if not state or state == 'closed' then
  conversation, log, id, state = new_conversation, new_log, incoming.new_id, 'bot'
  redis.call('hset', conversation, unpack(incoming.new))
  redis.call('hset', customer, 'open', id)
  redis.call('zadd', KEYS[13], context.now, id)
  redis.call('zremrangebyrank', KEYS[13], 0, -51)
  redis.call('pexpire', KEYS[13], context.keep)
  append(incoming.opened)
  redis.call('hset', conversation, 'last_agent', redis.call('hget', customer, 'last_agent') or '')
end

for _, name in ipairs({'language', 'vouched_as', 'vip'}) do
  local value = incoming[name] or redis.call('hget', customer, name)
  if value then
    redis.call('hset', customer, name, value)
    redis.call('hset', conversation, name, value)
  end
end

-- The mood of the last three messages; who gets angrier while waiting moves on in the queue.
local function hear(mood)
  local before = redis.call('hget', conversation, 'moods') or ''
  local after = before .. mood .. ' '
  after = string.match(after, '%a+ %a+ %a+ $') or after
  redis.call('hset', conversation, 'moods', after)
  local gained = (context.ahead.moods[worst_of(after)] or 0) - (context.ahead.moods[worst_of(before)] or 0)
  if state == 'waiting' and gained > 0 then
    redis.call('zincrby', waiting, -1000 * gained, id)
    redis.call('hincrby', conversation, 'ahead', gained)
  end
end

-- A payload is obeyed only as a button of the bot's last message.
local function tapped(offered, message)
  for _, wanted in ipairs({incoming.payload or false, message.text}) do
    for _, button in ipairs(offered) do
      if wanted and button.payload == wanted then
        return button
      end
    end
  end
end

local body = incoming.message
local buttons, button = redis.call('hget', conversation, 'buttons'), nil
if buttons and buttons ~= '' then
  local message = cjson.decode(body)
  button = tapped(cjson.decode(buttons), message)
  if button then
    message.text, message.payload = button.title or button.payload, button.payload
    body = cjson.encode(message)
    incoming.preview = message.text
    if incoming.topic then
      redis.call('hset', conversation, 'topic', incoming.topic)
    end
  end
end

local seq = append(body)
redis.call('hset', conversation, 'preview', incoming.preview)
hear(incoming.mood)
-- Not earlier: a server without memory refuses a script only until its first write that needs none.
redis.call('pexpire', customer, context.keep)
redis.call('set', seen, id .. ' ' .. seq, 'px', incoming.seen)
if state ~= 'person' then
  local entry = {'conversation', id, 'seq', seq, 'message', incoming.message_id}
  if incoming.joins and not button then
    entry[7], entry[8] = 'joins', incoming.joins
  end
  redis.call('xadd', inbox, '*', unpack(entry))
end
if state ~= 'waiting' then
  set_timer(state)
end
announce()
return {'new', id, seq}
