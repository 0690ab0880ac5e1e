-- A field of a hash, if it is still what it was. KEYS: hash. ARGV: field, before, after
if redis.call('hget', KEYS[1], ARGV[1]) ~= ARGV[2] then
  return 0
end
redis.call('hset', KEYS[1], ARGV[1], ARGV[3])
return 1
