-- A page that is still open: whoever has it is here, and takes customers exactly if they did a moment ago.
-- KEYS: present, available. ARGV: agent, now (ms), until (ms), how long the keys are kept (s)
redis.call('zadd', KEYS[1], 'GT', ARGV[3], ARGV[1])
redis.call('expire', KEYS[1], ARGV[4])
local until_now = tonumber(redis.call('zscore', KEYS[2], ARGV[1]) or 0)
if until_now > tonumber(ARGV[2]) then
  redis.call('zadd', KEYS[2], 'GT', ARGV[3], ARGV[1])
  redis.call('expire', KEYS[2], ARGV[4])
end
