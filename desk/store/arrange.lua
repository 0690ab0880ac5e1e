-- What may change about a conversation without changing its state: an offer, its end, what it is about.
-- ARGV[2] is JSON: action (offer, decline, route), epoch, agent, until (ms), reason, topic, vip ('1' or '0')
local wanted = cjson.decode(ARGV[2])
local now = redis.call('hmget', conversation, 'state', 'epoch', 'offered_to', 'offered_in', 'seq', 'vip')
local state, epoch = now[1], tonumber(now[2])

if not state then
  return {'not_found'}
end
if state == 'closed' or epoch ~= wanted.epoch or (wanted.action ~= 'route' and state ~= 'waiting') then
  return moved_on()
end

if wanted.action == 'offer' then
  -- Once each time that it waits: whoever lets it pass leaves it to everybody.
  if tonumber(now[4] or 0) == epoch then
    return {'offered_before'}
  end
  redis.call('hset', conversation, 'offered_to', wanted.agent, 'offered_until', wanted['until'],
    'offer_reason', wanted.reason, 'offered_in', epoch)
elseif wanted.action == 'decline' then
  if now[3] ~= wanted.agent then
    return moved_on()
  end
  redis.call('hset', conversation, 'offered_to', '', 'offered_until', '0')
else
  if wanted.topic then
    redis.call('hset', conversation, 'topic', wanted.topic)
  end
  if wanted.vip then
    redis.call('hset', customer, 'vip', wanted.vip)
    redis.call('hset', conversation, 'vip', wanted.vip)
    local was, is = now[6] == '1', wanted.vip == '1'
    if state == 'waiting' and was ~= is then
      local seconds = is and context.ahead.vip or -context.ahead.vip
      redis.call('zincrby', waiting, -1000 * seconds, id)
      redis.call('hincrby', conversation, 'ahead', seconds)
    end
  end
end
-- Not an event: whoever shows the queue reads it again.
redis.call('spublish', news, id .. ' ' .. now[5])
return {'done'}
