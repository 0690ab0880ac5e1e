-- One more try at a name's password, unless it is locked; counted before it is known whether it fails.
-- From the fifth failure on each locks it, twice as long as the last. KEYS: failures of that name.
-- ARGV: now (ms), how many are free, first and longest lock (ms), when failures are forgotten (ms)
-- Answers how long (ms) it is still locked; 0: try.
local now = tonumber(ARGV[1])
local locked_until = tonumber(redis.call('hget', KEYS[1], 'locked_until') or 0)
if now < locked_until then
  return locked_until - now
end
local failures = redis.call('hincrby', KEYS[1], 'failures', 1)
local over = failures - tonumber(ARGV[2])
if over >= 0 then
  local lock = math.min(tonumber(ARGV[3]) * 2 ^ math.min(over, 20), tonumber(ARGV[4]))
  redis.call('hset', KEYS[1], 'locked_until', string.format('%.0f', now + lock))
end
redis.call('pexpire', KEYS[1], ARGV[5])
return 0
