"""Waiting, claiming, answering, giving back: who may, and who is told what."""

import asyncio
from datetime import timedelta

import pytest

from desk import ConversationMovedOn, ConversationNotFound, HandoffAlreadyClaimed, TooLong
from tests.desk.cast import BO, LIN, MEI, MORNING, QIAN, Worker, asks_for_a_person, writes
from tests.desk.warm import warm

AGENTS = [f"agent-{number}" for number in range(20)]


@pytest.fixture
async def waiting(desk, worker):
    conversation, _ = await asks_for_a_person(desk, worker)
    return conversation


async def test_waiting_customer_is_in_the_queue_with_what_they_said(desk, waiting):
    (first,) = await desk.waiting()
    assert (first.conversation, first.position, first.since) == (waiting, 1, MORNING)
    assert (first.preview, first.reason, first.epoch) == ("转人工", "asked", 2)


async def test_queue_is_in_the_order_of_asking(desk, worker, waiting, clock):
    clock.advance(seconds=1)
    second, _ = await asks_for_a_person(desk, Worker(desk), BO)
    assert [(w.conversation, w.position) for w in await desk.waiting()] == [(waiting, 1), (second, 2)]


async def test_claiming_takes_the_customer_out_of_the_queue(desk, waiting):
    held = await desk.claim(waiting, LIN, epoch=2)
    assert (held.state, held.holder, held.epoch) == ("person", LIN, 3)
    assert await desk.waiting() == []
    assert [c.id for c in await desk.held_by(LIN)] == [waiting]
    assert await desk.held_by(QIAN) == []
    claimed = (await desk.events(waiting))[-1]
    assert (claimed.body["reason"], claimed.body["holder"], claimed.author.id) == ("claimed", LIN, LIN)


async def test_second_agent_is_told_who_has_the_customer(desk, waiting):
    await desk.claim(waiting, LIN)
    with pytest.raises(HandoffAlreadyClaimed) as refusal:
        await desk.claim(waiting, QIAN)
    assert refusal.value.holder == LIN
    assert (await desk.conversation(waiting)).holder == LIN


async def test_claiming_again_changes_nothing(desk, waiting):
    first = await desk.claim(waiting, LIN)
    assert await desk.claim(waiting, LIN, epoch=2) == first


async def test_twenty_simultaneous_claims_have_one_winner(desk, waiting):
    await warm(desk, len(AGENTS))
    results = await asyncio.gather(*(desk.claim(waiting, agent) for agent in AGENTS), return_exceptions=True)
    winners = [r.holder for r in results if not isinstance(r, Exception)]
    refusals = [r for r in results if isinstance(r, HandoffAlreadyClaimed)]
    assert len(winners) == 1
    assert [r.holder for r in refusals] == winners * 19
    assert sum(e.body.get("reason") == "claimed" for e in await desk.events(waiting)) == 1


async def test_that_race_would_catch_a_claim_in_two_steps(desk, waiting, redis):
    """The same race on a store that reads and then writes: it must have several winners."""
    key = desk.keys.partition(MEI.partition).conversation(waiting) + "-in-two-steps"

    async def claim_in_two_steps(agent):
        if await desk.store.ask("HGET", key, "holder"):
            return None
        await desk.store.ask("HSET", key, "holder", agent)
        return agent

    await warm(desk, len(AGENTS))
    winners = [w for w in await asyncio.gather(*(claim_in_two_steps(a) for a in AGENTS)) if w]
    await redis.delete(key)
    assert len(winners) > 1


async def test_agent_may_take_over_from_the_bot(desk):
    receipt = await writes(desk, "在吗")
    held = await desk.claim(receipt.conversation, LIN, epoch=1)
    assert (held.state, held.epoch) == ("person", 2)


async def test_claim_under_an_old_epoch_is_refused(desk, waiting):
    with pytest.raises(ConversationMovedOn):
        await desk.claim(waiting, LIN, epoch=1)
    assert (await desk.conversation(waiting)).state == "waiting"


async def test_unknown_conversation_cannot_be_moved(desk):
    for move in (desk.claim, desk.release, desk.transfer, desk.close):
        with pytest.raises(ConversationNotFound):
            await move("c1-01M80HSJ6Y0YVNSP23EM641J6W", LIN, 1)


async def test_holder_speaks_and_a_repeated_message_is_the_same_event(desk, waiting):
    await desk.claim(waiting, LIN)
    first = await desk.say(waiting, LIN, 3, "a1", "您好,我是小林", {"id": "refund", "version": 2})
    again = await desk.say(waiting, LIN, 3, "a1", "您好,我是小林")
    assert first == again
    assert (first.text, first.author.role, first.author.id) == ("您好,我是小林", "agent", LIN)
    assert first.body["article"] == {"id": "refund", "version": 2}
    assert (await desk.events(waiting))[-1] == first


async def test_message_said_twenty_times_at_once_is_one_event(desk, waiting):
    await desk.claim(waiting, LIN)
    await warm(desk, len(AGENTS))
    said = await asyncio.gather(*(desk.say(waiting, LIN, 3, "a1", "您好") for _ in AGENTS))
    assert len({event.seq for event in said}) == 1
    assert sum(e.author.role == "agent" and e.type == "message" for e in await desk.events(waiting)) == 1


async def test_repeat_after_the_release_still_finds_its_event(desk, waiting):
    await desk.claim(waiting, LIN)
    first = await desk.say(waiting, LIN, 3, "a1", "您好")
    await desk.release(waiting, LIN, 3)
    assert await desk.say(waiting, LIN, 3, "a1", "您好") == first


@pytest.mark.parametrize(("agent", "epoch"), [(QIAN, 3), (LIN, 2), (LIN, 4)])
async def test_only_the_holder_in_this_epoch_speaks_releases_transfers_and_closes(desk, waiting, agent, epoch):
    await desk.claim(waiting, LIN)
    before = await desk.events(waiting)
    with pytest.raises(ConversationMovedOn):
        await desk.say(waiting, agent, epoch, "a1", "您好")
    for move in (desk.release, desk.transfer, desk.close):
        with pytest.raises(ConversationMovedOn):
            await move(waiting, agent, epoch)
    assert await desk.events(waiting) == before


async def test_too_long_an_answer_is_refused(desk, waiting):
    await desk.claim(waiting, LIN)
    with pytest.raises(TooLong):
        await desk.say(waiting, LIN, 3, "a1", "长" * 4001)


async def test_released_customer_is_with_the_bot_again_and_its_dialogue_is_fresh(desk, waiting, worker):
    await desk.claim(waiting, LIN)
    after = await desk.release(waiting, LIN, 3)
    assert (after.state, after.holder, after.epoch, after.dialogue) == ("bot", None, 4, None)
    assert await desk.held_by(LIN) == []
    with pytest.raises(ConversationMovedOn):
        await desk.release(waiting, LIN, 4)


async def test_transferred_customer_is_first_in_the_queue(desk, worker, waiting, clock):
    clock.advance(seconds=1)
    held, _ = await asks_for_a_person(desk, Worker(desk), BO)
    await desk.claim(held, LIN)
    await desk.transfer(held, LIN, 3)
    queue = await desk.waiting()
    assert [w.conversation for w in queue] == [held, waiting]
    assert queue[0].since == MORNING + timedelta(seconds=1)
    assert (queue[0].reason, queue[0].epoch) == ("transferred", 4)


async def test_holder_closes_and_nobody_speaks_after(desk, waiting):
    await desk.claim(waiting, LIN)
    closed = await desk.close(waiting, LIN, 3)
    assert (closed.state, closed.holder) == ("closed", None)
    for refused in (
        desk.say(waiting, LIN, 4, "a1", "您好"),
        desk.claim(waiting, LIN),
        desk.release(waiting, LIN, 4),
        desk.close(waiting, LIN, 4),
    ):
        with pytest.raises(ConversationMovedOn):
            await refused


async def test_races_of_claim_reply_release_and_close_leave_one_story(desk, waiting):
    """Whatever wins, the log has no gap and each epoch follows the one before."""
    await warm(desk, len(AGENTS))
    await desk.claim(waiting, LIN)
    await asyncio.gather(
        *(desk.say(waiting, LIN, 3, f"a{n}", "您好") for n in range(5)),
        desk.release(waiting, LIN, 3),
        desk.close(waiting, LIN, 3),
        desk.claim(waiting, QIAN),
        *(writes(desk, "在吗", f"n{n}") for n in range(5)),
        return_exceptions=True,
    )
    events = await desk.events(waiting)
    assert [e.seq for e in events] == list(range(1, len(events) + 1))
    states = [e.body for e in events if e.type == "state"]
    assert [s["epoch"] for s in states] == list(range(1, len(states) + 1))
    assert [s["from"] for s in states[1:]] == [s["to"] for s in states[:-1]]


async def test_customer_never_sees_who_holds_it_nor_an_agents_account(desk, waiting):
    await desk.claim(waiting, LIN)
    await desk.say(waiting, LIN, 3, "a1", "您好")
    shown = [event.for_customer("小林") for event in await desk.events(waiting)]
    assert LIN not in str(shown)
    assert shown[-1]["author"] == {"role": "agent", "id": "小林"}
