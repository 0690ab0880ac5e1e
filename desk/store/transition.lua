-- What every step on one conversation shares: its keys, the log, and the table of states.
-- ARGV[1] is JSON: conversation, now (ms), at (text), deadline {bot, waiting, person} (ms), keep (ms),
--   push (the customer, when their channel must be sent what we say; else false),
--   ahead {reasons, moods, vip}: head starts in the queue (s).
-- Milliseconds travel as strings: a Lua number would lose its last digits in some conversions.
local conversation, log, customer = KEYS[1], KEYS[2], KEYS[3]
local timers, waiting, held = KEYS[4], KEYS[5], KEYS[6]
local inbox, outbox, news = KEYS[7], KEYS[8], KEYS[9]
local context = cjson.decode(ARGV[1])
local id = context.conversation
local appended = {}

local may_become = {
  bot = {waiting = true, person = true, closed = true},
  waiting = {person = true, bot = true, closed = true},
  person = {bot = true, waiting = true, closed = true, person = true},
  closed = {},
}

-- Appends one event under the next number; the number is the id of the stream's entry.
local function append(body)
  local seq = redis.call('hincrby', conversation, 'seq', 1)
  redis.call('xadd', log, string.format('%d-0', seq), 'event', body)
  appended[#appended + 1] = seq
  appended[#appended + 1] = body
  return seq
end

-- The same for a message to the customer, which some channels must be sent.
local function say(body)
  local seq = append(body)
  if context.push then
    redis.call('xadd', outbox, '*', 'conversation', id, 'seq', seq, 'customer', context.push)
  end
  return seq
end

local function set_timer(state)
  redis.call('zadd', timers, context.deadline[state], id)
end

local function leave(state)
  if state == 'waiting' then
    redis.call('zrem', waiting, id)
  elseif state == 'person' then
    redis.call('hdel', held, id)
    redis.call('hset', conversation, 'holder', '')
  end
end

local function enter_bot()
  local dialogue = redis.call('hget', conversation, 'dialogue') or ''
  redis.call('hset', conversation, 'former_dialogue', dialogue, 'dialogue', '', 'requested_at', '')
end

-- Of the last few messages, as `moods` of the conversation lists them.
local function worst_of(moods)
  return string.find(moods, 'angry', 1, true) and 'angry' or string.find(moods, 'annoyed', 1, true) and 'annoyed' or 'calm'
end

-- How many seconds before the others it is treated as having asked.
local function head_start(reason)
  local known = redis.call('hmget', conversation, 'moods', 'vip')
  local seconds = (context.ahead.reasons[reason] or 0) + (context.ahead.moods[worst_of(known[1] or '')] or 0)
  return known[2] == '1' and seconds + context.ahead.vip or seconds
end

-- `how`: topic, note, offered_to, offered_until (ms), offer_reason, by (who gave it away); all may be missing.
local function enter_waiting(from, reason, epoch, how)
  -- From a person: before everybody. Nobody has waited for a day, the waiting limit sees to that.
  local ahead = from == 'person' and 86400 or head_start(reason)
  redis.call('zadd', waiting, string.format('%.0f', tonumber(context.now) - ahead * 1000), id)
  redis.call('hset', conversation, 'ahead', ahead, 'note', how.note or '', 'transferred_by', how.by or '',
    'offered_to', how.offered_to or '', 'offered_until', how.offered_until or '0',
    'offer_reason', how.offer_reason or '', 'offered_in', how.offered_to and epoch or '0')
  local requested = redis.call('hget', conversation, 'requested_at')
  if not requested or requested == '' then
    redis.call('hset', conversation, 'requested_at', context.now)
  end
end

local function enter_person(holder)
  redis.call('hset', held, id, holder)
  redis.call('hset', conversation, 'holder', holder, 'buttons', '', 'offered_to', '', 'last_agent', holder)
  redis.call('hset', customer, 'last_agent', holder)
end

local function enter_closed()
  redis.call('zrem', timers, id)
  redis.call('hset', conversation, 'buttons', '')
  redis.call('pexpire', conversation, context.keep)
  redis.call('pexpire', log, context.keep)
  if redis.call('hget', customer, 'open') == id then
    redis.call('hdel', customer, 'open')
  end
end

-- One transition: state, queue, timer, epoch and event together. False, and nothing, when it may not be.
local function become(to, reason, author, holder, how)
  how = how or {}
  local from = redis.call('hget', conversation, 'state')
  if not may_become[from][to] then
    return false
  end
  leave(from)
  local epoch = redis.call('hincrby', conversation, 'epoch', 1)
  redis.call('hset', conversation, 'state', to, 'reason', reason, 'changed_at', context.now)
  local event = {type = 'state', at = context.at, author = author, from = from, to = to, epoch = epoch, reason = reason}
  event.note, event.former, event.category, event.offered_to = how.note, how.former, how.topic, how.offered_to
  if how.topic then
    redis.call('hset', conversation, 'topic', how.topic)
  end
  if to == 'bot' then
    enter_bot()
  elseif to == 'waiting' then
    enter_waiting(from, reason, epoch, how)
  elseif to == 'person' then
    enter_person(holder)
    event.holder = holder
  end
  -- The log first: closing sets the lifetime of a log that must exist.
  append(cjson.encode(event))
  if to == 'closed' then
    enter_closed()
  else
    set_timer(to)
  end
  return true
end

-- Tells every process where to read on.
local function announce()
  if #appended > 0 then
    redis.call('spublish', news, id .. ' ' .. appended[#appended - 1])
  end
end

local function moved_on()
  local now = redis.call('hmget', conversation, 'state', 'epoch', 'holder')
  return {'moved_on', now[1] or '', now[2] or '0', now[3] or ''}
end
