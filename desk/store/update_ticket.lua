-- A change to a ticket, made from its latest version.
-- KEYS after the nine (of the ticket's conversation): ticket, due, done
-- ARGV[2] is JSON: ticket, version, state, due (ms), fields (flat), event (or nothing)
local ticket, due, done = KEYS[10], KEYS[11], KEYS[12]
local change = cjson.decode(ARGV[2])

local version = redis.call('hget', ticket, 'version')
if not version then
  return {'not_found'}
end
if tonumber(version) ~= change.version then
  return {'changed'}
end
redis.call('hset', ticket, unpack(change.fields))
redis.call('zremrangebyscore', done, '-inf', tonumber(context.now) - tonumber(context.keep))
if change.state == 'done' then
  redis.call('zrem', due, change.ticket)
  redis.call('zadd', done, context.now, change.ticket)
  redis.call('pexpire', ticket, context.keep)
else
  redis.call('zrem', done, change.ticket)
  redis.call('zadd', due, change.due, change.ticket)
  redis.call('persist', ticket)
end
local state = redis.call('hget', conversation, 'state')
if change.event and state and state ~= 'closed' then
  append(change.event)
  announce()
end
return {'done'}
