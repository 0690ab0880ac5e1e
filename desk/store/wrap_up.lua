-- An agent wraps a case up: the form is kept, tickets are opened and the conversation is closed, all or nothing.
-- KEYS after the nine: due, the customer's tickets, assist, then one for each ticket to open.
-- ARGV[2] is JSON: agent, epoch, close, reason, wrapped (JSON), tickets [{ticket, fields (flat), due (ms), event}]
local due, customer_tickets, assist = KEYS[10], KEYS[11], KEYS[12]
local wrap = cjson.decode(ARGV[2])
local now = redis.call('hmget', conversation, 'state', 'epoch', 'holder')
local state, epoch, holder = now[1], tonumber(now[2]), now[3]

if not state then
  return {'not_found'}
end
if redis.call('hexists', assist, 'wrapped') == 1 then
  return {'wrapped_up', redis.call('hget', assist, 'wrapped')}
end
if wrap.close then
  if state ~= 'person' or holder ~= wrap.agent or epoch ~= wrap.epoch then
    return moved_on()
  end
elseif state ~= 'closed' then
  return moved_on()
end
for index = 13, #KEYS do
  if redis.call('exists', KEYS[index]) == 1 then
    return {'ticket_changed'}
  end
end

for index, ticket in ipairs(wrap.tickets) do
  redis.call('hset', KEYS[12 + index], unpack(ticket.fields))
  redis.call('zadd', due, ticket.due, ticket.ticket)
  redis.call('zadd', customer_tickets, context.now, ticket.ticket)
  redis.call('pexpire', customer_tickets, context.keep)
  if wrap.close then
    append(ticket.event)
  end
end
redis.call('hset', assist, 'wrapped', wrap.wrapped)
redis.call('pexpire', assist, context.keep)
if wrap.close then
  become('closed', wrap.reason, {role = 'agent', id = wrap.agent}, wrap.agent)
end
announce()
return {'done'}
