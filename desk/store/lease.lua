-- A lease for whoever comes first, under a token that only rises. KEYS: lease, fence. ARGV: worker, ttl (ms)
if redis.call('exists', KEYS[1]) == 1 then
  return 0
end
local token = redis.call('incr', KEYS[2])
redis.call('set', KEYS[1], token .. ' ' .. ARGV[1], 'NX', 'PX', ARGV[2])
return token
