-- An agent claims, releases, transfers or closes.
-- ARGV[2] is JSON: action, agent, epoch (or nothing), to, reason
local move = cjson.decode(ARGV[2])
local now = redis.call('hmget', conversation, 'state', 'epoch', 'holder')
local state, epoch, holder = now[1], tonumber(now[2]), now[3]

if not state then
  return {'not_found'}
end
if move.action == 'claim' and state == 'person' then
  if holder ~= move.agent then
    return {'claimed', holder}
  end
  return {'done'}
end
if move.epoch and move.epoch ~= epoch then
  return moved_on()
end
if state == 'person' and holder ~= move.agent then
  return moved_on()
end
if (move.action == 'release' or move.action == 'transfer') and state ~= 'person' then
  return moved_on()
end
if not become(move.to, move.reason, {role = 'agent', id = move.agent}, move.agent) then
  return moved_on()
end
announce()
return {'done'}
