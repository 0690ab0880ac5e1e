-- Inbox entries are done without a word. KEYS: lease, inbox. ARGV: the lease's mark, entries
if redis.call('get', KEYS[1]) ~= ARGV[1] then
  return 'lease_lost'
end
redis.call('xdel', KEYS[2], unpack(ARGV, 2))
return 'done'
