-- An agent's message, once.
-- KEYS after the nine: said. ARGV[2] is JSON: agent, epoch, event, seen (ms)
local said = KEYS[10]
local words = cjson.decode(ARGV[2])

local before = redis.call('get', said)
if before then
  redis.call('pexpire', said, words.seen)
  return {'duplicate', tonumber(before)}
end
local now = redis.call('hmget', conversation, 'state', 'epoch', 'holder')
if now[1] ~= 'person' or tonumber(now[2]) ~= words.epoch or now[3] ~= words.agent then
  return moved_on()
end
local seq = say(words.event)
redis.call('set', said, seq, 'px', words.seen)
set_timer('person')
announce()
return {'new', seq}
