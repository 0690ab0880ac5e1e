-- An account, if it is still what it was, and if somebody can manage accounts afterwards.
-- KEYS: accounts. ARGV: name, before, after, JSON list of the roles that can
if redis.call('hget', KEYS[1], ARGV[1]) ~= ARGV[2] then
  return 'changed'
end
local managing = {}
for _, role in ipairs(cjson.decode(ARGV[4])) do
  managing[role] = true
end
local function manages(account)
  if account.blocked then
    return false
  end
  for _, role in ipairs(account.roles) do
    if managing[role] then
      return true
    end
  end
  return false
end
if manages(cjson.decode(ARGV[2])) and not manages(cjson.decode(ARGV[3])) then
  local others = false
  for _, stored in ipairs(redis.call('hvals', KEYS[1])) do
    -- Itself is among them, as it still is.
    others = others or (stored ~= ARGV[2] and manages(cjson.decode(stored)))
  end
  if not others then
    return 'last'
  end
end
redis.call('hset', KEYS[1], ARGV[1], ARGV[3])
return 'done'
