-- An inbox entry is done without a word. KEYS: lease, inbox. ARGV: the lease's mark, entry
if redis.call('get', KEYS[1]) ~= ARGV[1] then
  return 'lease_lost'
end
redis.call('xdel', KEYS[2], ARGV[2])
return 'done'
