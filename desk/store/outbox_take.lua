-- A dead letter is sent again, or dropped. KEYS: dead, outbox. ARGV: its id, 'resend' or 'drop'
local found = redis.call('xrange', KEYS[1], ARGV[1], ARGV[1])
if #found == 0 then
  return 0
end
if ARGV[2] == 'resend' then
  local letter = {}
  for index = 1, #found[1][2], 2 do
    letter[found[1][2][index]] = found[1][2][index + 1]
  end
  redis.call('xadd', KEYS[2], '*', 'conversation', letter.conversation, 'seq', letter.seq, 'customer', letter.customer)
end
redis.call('xdel', KEYS[1], ARGV[1])
return 1
