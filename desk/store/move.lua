-- An agent claims, takes over, releases, transfers or closes.
-- ARGV[2] is JSON: action, agent, epoch (or nothing), to, reason, how (see enter_waiting; or nothing)
local move = cjson.decode(ARGV[2])
local now = redis.call('hmget', conversation, 'state', 'epoch', 'holder', 'offered_to', 'offered_until')
local state, epoch, holder = now[1], tonumber(now[2]), now[3]
local how = move.how or {}

-- A write, so that a WAIT after it covers the first one.
local function again()
  redis.call('hset', conversation, 'holder', holder)
  return {'done'}
end

if not state then
  return {'not_found'}
end
if move.action == 'claim' and state == 'person' then
  if holder ~= move.agent then
    return {'claimed', holder}
  end
  return again()
end
if move.action == 'take_over' and state == 'person' and holder == move.agent then
  return again()
end
if move.epoch and move.epoch ~= epoch then
  return moved_on()
end
if state == 'person' and holder ~= move.agent and move.action ~= 'take_over' then
  return moved_on()
end
if (move.action == 'release' or move.action == 'transfer') and state ~= 'person' then
  return moved_on()
end
if move.action == 'claim' and (now[4] or '') ~= '' and now[4] ~= move.agent
    and tonumber(context.now) < tonumber(now[5]) then
  return {'offered', now[5]}
end
if state == 'person' and move.action == 'take_over' then
  how.former = holder
end
if not become(move.to, move.reason, {role = 'agent', id = move.agent}, move.agent, how) then
  return moved_on()
end
announce()
return {'done'}
