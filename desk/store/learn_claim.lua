-- Conversations whose time to be learned from has come: given to one process, which has a while to finish.
-- KEYS: to-learn. ARGV: now (ms), until when the others leave them alone (ms), how many at most
local due = redis.call('zrange', KEYS[1], '-inf', ARGV[1], 'BYSCORE', 'LIMIT', 0, ARGV[3])
for _, conversation in ipairs(due) do
  redis.call('zadd', KEYS[1], ARGV[2], conversation)
end
return due
