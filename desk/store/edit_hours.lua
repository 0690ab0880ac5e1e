-- Edited opening hours, if nobody edited them meanwhile. KEYS: hours. ARGV: version, text, by, at
local version = redis.call('hget', KEYS[1], 'version') or '0'
if version ~= ARGV[1] then
  return 0
end
redis.call('hset', KEYS[1], 'version', version + 1, 'text', ARGV[2], 'by', ARGV[3], 'at', ARGV[4])
return version + 1
