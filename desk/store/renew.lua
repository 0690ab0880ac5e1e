-- Longer, if it is still ours; a time of 0 ends it. KEYS: lease. ARGV: its mark, ttl (ms)
if redis.call('get', KEYS[1]) ~= ARGV[1] then
  return 0
end
return redis.call('pexpire', KEYS[1], ARGV[2])
