"""What time asks for: the waiting limit, silence, and an agent who is gone."""

from datetime import timedelta

import pytest

from desk import ConversationMovedOn, LeaseLost, Reply, Step, step_for
from tests.desk.cast import BO, LIN, MEI, Worker, asks_for_a_person, writes


async def due(desk, lease, clock):
    return await desk.due_timers(lease, clock.now)


async def test_silence_of_thirty_minutes_closes_what_the_bot_has(desk, worker, clock):
    receipt = await writes(desk, "在吗")
    lease = await worker.takes(MEI.partition)
    await worker.answers(lease, await worker.next_entry(lease), "在的")
    clock.advance(minutes=29, seconds=59)
    assert await due(desk, lease, clock) == []
    clock.advance(seconds=1)
    (timer,) = await due(desk, lease, clock)
    assert (timer.kind, timer.conversation, timer.state) == ("silence", receipt.conversation, "bot")
    (event,) = await desk.system_step(lease, receipt.conversation, step_for(timer))
    assert (event.body["to"], event.body["reason"]) == ("closed", "silence")
    assert await desk.open_conversation(MEI) is None
    assert await due(desk, lease, clock) == []


async def test_message_in_the_last_moment_keeps_the_conversation(desk, worker, clock):
    receipt = await writes(desk, "在吗")
    lease = await worker.takes(MEI.partition)
    clock.advance(minutes=30)
    (timer,) = await due(desk, lease, clock)
    await writes(desk, "还在吗", "m2")
    with pytest.raises(ConversationMovedOn):
        await desk.system_step(lease, receipt.conversation, step_for(timer))
    assert (await desk.conversation(receipt.conversation)).state == "bot"


async def test_after_five_minutes_the_bot_apologises_and_makes_a_ticket_in_one_step(desk, worker, clock):
    conversation, lease = await asks_for_a_person(desk, worker)
    clock.advance(minutes=4)
    await writes(desk, "人呢", "m2")  # does not make the wait longer
    clock.advance(minutes=1)
    (timer,) = await due(desk, lease, clock)
    assert (timer.kind, timer.epoch) == ("waiting_limit", 2)
    ticket = await desk.reserve_ticket(lease.partition)
    command = {"command": "ticket.open", "ticket": ticket, "kind": "callback", "fields": {}, "due_hours": 2}
    events = await desk.system_step(lease, conversation, step_for(timer, [Reply("抱歉", notice=True)], [command]))
    assert [e.type for e in events] == ["message", "ticket", "state"]
    assert (events[-1].body["to"], events[-1].body["reason"]) == ("bot", "waiting_limit")
    assert await desk.waiting() == []
    assert (await desk.ticket(ticket)).due_at == clock.now + timedelta(hours=2)
    entry = await worker.next_entry(lease)  # 「人呢」 still gets its turn, now from the bot
    await worker.answers(lease, entry)


async def test_claim_in_the_last_moment_beats_the_waiting_limit(desk, worker, clock):
    conversation, lease = await asks_for_a_person(desk, worker)
    clock.advance(minutes=5)
    (timer,) = await due(desk, lease, clock)
    await desk.claim(conversation, LIN)
    with pytest.raises(ConversationMovedOn):
        await desk.system_step(lease, conversation, step_for(timer, [Reply("抱歉")]))
    assert (await desk.events(conversation))[-1].body["reason"] == "claimed"


async def test_agent_gone_for_a_minute_loses_the_customer_to_the_front_of_the_queue(desk, worker, clock):
    conversation, lease = await asks_for_a_person(desk, worker)
    await desk.set_presence(LIN, available=True)
    await desk.claim(conversation, LIN)
    clock.advance(seconds=50)
    other, _ = await asks_for_a_person(desk, Worker(desk), BO)
    assert await due(desk, lease, clock) == []
    await desk.set_presence(LIN, available=False)  # paused, but here
    clock.advance(seconds=59)
    assert await due(desk, lease, clock) == []
    clock.advance(seconds=1)
    (timer,) = await due(desk, lease, clock)
    assert (timer.kind, timer.holder) == ("agent_gone", LIN)
    await desk.system_step(lease, conversation, step_for(timer, [Reply("正在为您重新接入", notice=True)]))
    assert [w.conversation for w in await desk.waiting()] == [conversation, other]
    assert await desk.held_by(LIN) == []
    clock.advance(minutes=4)
    assert [t.kind for t in await due(desk, lease, clock)] == []  # a new wait, with five minutes of its own


async def test_whoever_claims_or_speaks_is_here(desk, worker, clock):
    conversation, lease = await asks_for_a_person(desk, worker)
    await desk.claim(conversation, LIN)
    clock.advance(seconds=59)
    await desk.say(conversation, LIN, 3, "a1", "您好")
    clock.advance(seconds=59)
    assert await due(desk, lease, clock) == []
    clock.advance(seconds=1)
    assert [t.kind for t in await due(desk, lease, clock)] == ["agent_gone"]


async def test_silence_of_a_day_closes_what_a_person_has(desk, worker, clock):
    conversation, lease = await asks_for_a_person(desk, worker)
    await desk.claim(conversation, LIN)
    clock.advance(hours=24)
    await desk.set_presence(LIN, available=True)
    (timer,) = await due(desk, lease, clock)
    assert (timer.kind, timer.state) == ("silence", "person")
    await desk.system_step(lease, conversation, step_for(timer))
    assert await desk.held_by(LIN) == []


async def test_step_without_the_lease_leaves_no_trace(desk, worker, clock, redis):
    conversation, lease = await asks_for_a_person(desk, worker)
    await redis.delete(desk.keys.partition(MEI.partition).lease)
    before = await desk.events(conversation)
    with pytest.raises(LeaseLost):
        await desk.system_step(lease, conversation, Step(2, "bot", "waiting_limit", [Reply("抱歉")]))
    assert await desk.events(conversation) == before


async def test_step_may_say_something_and_change_nothing(desk, worker):
    conversation, lease = await asks_for_a_person(desk, worker)
    (event,) = await desk.system_step(lease, conversation, Step(2, replies=[Reply("您是第 1 位", notice=True)]))
    assert event.text == "您是第 1 位"
    assert (await desk.conversation(conversation)).epoch == 2


async def test_repeated_step_is_refused(desk, worker, clock):
    conversation, lease = await asks_for_a_person(desk, worker)
    clock.advance(minutes=5)
    (timer,) = await due(desk, lease, clock)
    await desk.system_step(lease, conversation, step_for(timer, [Reply("抱歉")]))
    with pytest.raises(ConversationMovedOn):
        await desk.system_step(lease, conversation, step_for(timer, [Reply("抱歉")]))
