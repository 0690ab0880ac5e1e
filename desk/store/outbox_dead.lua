-- A message of the outbox is given up: a dead letter, and an event for whoever looks at the conversation.
-- KEYS after the nine: lease, tries, dead.
-- ARGV[2] is JSON: lease (its mark), entry, letter (flat), event, most (dead letters), oldest (ms)
local lease, tries, dead = KEYS[10], KEYS[11], KEYS[12]
local given = cjson.decode(ARGV[2])

if redis.call('get', lease) ~= given.lease then
  return 'lease_lost'
end
if redis.call('xdel', outbox, given.entry) == 0 then
  return 'done'
end
redis.call('hdel', tries, given.entry)
redis.call('xadd', dead, 'MAXLEN', '~', given.most, '*', unpack(given.letter))
redis.call('xtrim', dead, 'MINID', '~', given.oldest)
redis.call('pexpire', dead, context.keep)
local state = redis.call('hget', conversation, 'state')
if state and state ~= 'closed' then
  append(given.event)
  announce()
end
return 'done'
