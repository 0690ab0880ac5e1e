-- A message of the outbox was delivered. KEYS: lease, outbox, tries, conversation. ARGV: the lease's mark, entry, seq
if redis.call('get', KEYS[1]) ~= ARGV[1] then
  return 'lease_lost'
end
redis.call('xdel', KEYS[2], ARGV[2])
redis.call('hdel', KEYS[3], ARGV[2])
-- Sent again later on purpose, an older one does not turn the mark back.
local before = tonumber(redis.call('hget', KEYS[4], 'delivered') or 0)
if redis.call('exists', KEYS[4]) == 1 and tonumber(ARGV[3]) > before then
  redis.call('hset', KEYS[4], 'delivered', ARGV[3])
end
return 'done'
