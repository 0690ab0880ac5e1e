-- A message of the outbox was tried in vain. KEYS: lease, outbox, tries. ARGV: the lease's mark, entry, tries (JSON)
if redis.call('get', KEYS[1]) ~= ARGV[1] then
  return 'lease_lost'
end
if #redis.call('xrange', KEYS[2], ARGV[2], ARGV[2]) == 1 then
  redis.call('hset', KEYS[3], ARGV[2], ARGV[3])
end
return 'done'
