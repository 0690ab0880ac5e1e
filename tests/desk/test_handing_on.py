"""Customers handed to a colleague or a skill, and taken over by supervisors, on the real queue."""

import asyncio
from datetime import timedelta

import pytest

from desk import (
    AgentAway,
    AgentNotFound,
    ConversationMovedOn,
    HandoffOffered,
    TooLong,
    UnknownCategory,
)
from desk.skills import Skills
from tests.desk.cast import LIN, QIAN, hire, waits
from tests.desk.warm import warm

CROWD = 50


@pytest.fixture
async def held(desk) -> str:
    """Lin holds Mei's conversation; Qian and Wu are here too."""
    for name in (LIN, QIAN, "wu"):
        await hire(desk, name)
    conversation = await waits(desk)
    await desk.claim(conversation, LIN)
    return conversation


async def test_a_customer_handed_to_a_colleague_is_theirs_for_twenty_seconds_then_everybodys(desk, held, clock):
    after = await desk.routing.transfer(held, LIN, 3, to_agent=QIAN, note="要退两件，已核对")
    assert (after.state, after.offered_to) == ("waiting", QIAN)
    (only,) = await desk.waiting()
    assert (only.note, only.transferred_by, only.reason) == ("要退两件，已核对", LIN, "transferred")
    assert only.offer is not None
    assert (only.offer.to, only.offer.until) == (QIAN, clock.now + timedelta(seconds=20))
    with pytest.raises(HandoffOffered) as refusal:
        await desk.claim(held, "wu")
    assert refusal.value.until == only.offer.until
    clock.advance(seconds=20)
    assert (await desk.claim(held, "wu")).holder == "wu"


async def test_the_colleague_takes_what_was_handed_over(desk, held):
    await desk.routing.transfer(held, LIN, 3, to_agent=QIAN)
    qian = await desk.agents.agent(QIAN)
    assert (await desk.routing.next(qian)).id == held
    assert (await desk.conversation(held)).offered_to is None


async def test_the_colleague_may_let_it_go_at_once(desk, held):
    await desk.routing.transfer(held, LIN, 3, to_agent=QIAN)
    with pytest.raises(ConversationMovedOn):
        await desk.routing.decline(held, "wu", 4)
    await desk.routing.decline(held, QIAN, 4)
    assert (await desk.claim(held, "wu")).holder == "wu"


async def test_nobody_is_handed_a_customer_who_is_not_here_or_serves_nobody(desk, held):
    await hire(desk, "editor", "editor")
    await hire(desk, "asleep", here=False)
    for name, error in (("nobody", AgentNotFound), ("editor", AgentNotFound), ("asleep", AgentAway)):
        with pytest.raises(error):
            await desk.routing.transfer(held, LIN, 3, to_agent=name)
    with pytest.raises(UnknownCategory):
        await desk.routing.transfer(held, LIN, 3, to_category="weather")
    with pytest.raises(TooLong):
        await desk.routing.transfer(held, LIN, 3, note="长" * 1001)
    assert (await desk.conversation(held)).holder == LIN


async def test_a_customer_handed_to_a_skill_waits_for_those_who_have_it(desk, held):
    await desk.agents.change(QIAN, skills=Skills(categories=("card",)))
    await desk.agents.change("wu", skills=Skills(categories=("refunds",)))
    await desk.routing.transfer(held, LIN, 3, to_category="card", note="年费问题")
    qian, wu, lin = [await desk.agents.agent(name) for name in (QIAN, "wu", LIN)]
    assert [one.conversation for one in await desk.routing.queue(wu)] == []
    assert await desk.routing.next(lin) is None  # gave it away
    assert (await desk.routing.next(qian)).id == held


async def test_customers_never_read_what_agents_tell_each_other(desk, held):
    await desk.routing.transfer(held, LIN, 3, to_agent=QIAN, note="客户很难缠")
    await desk.claim(held, QIAN)
    await desk.routing.take_over(held, "wu", 5, "投诉升级")
    events = await desk.events(held)
    assert [event.body["note"] for event in events if "note" in event.body] == ["客户很难缠", "投诉升级"]
    shown = str([event.for_customer("小林") for event in events])
    for hidden in ("客户很难缠", "投诉升级", LIN, QIAN, "wu"):
        assert hidden not in shown


# taking over


async def test_a_supervisor_takes_a_customer_over_and_the_former_agent_is_out_and_told(desk, held):
    after = await desk.routing.take_over(held, "boss", 3, "我来处理")
    assert (after.state, after.holder, after.epoch) == ("person", "boss", 4)
    told = (await desk.events(held))[-1].body
    assert (told["from"], told["to"], told["reason"]) == ("person", "person", "taken_over")
    assert (told["former"], told["holder"], told["note"]) == (LIN, "boss", "我来处理")
    with pytest.raises(ConversationMovedOn):
        await desk.say(held, LIN, 3, "late", "您好")
    assert await desk.held_by(LIN) == []
    assert await desk.routing.take_over(held, "boss", 3) == after  # again: nothing more


async def test_a_supervisor_takes_over_from_the_queue_and_the_bot_and_not_what_is_closed(desk, held):
    waiting = await waits(desk, "bo")
    assert (await desk.routing.take_over(waiting, "boss", 2)).holder == "boss"
    await desk.release(waiting, "boss", 3)
    assert (await desk.routing.take_over(waiting, "boss", 4)).holder == "boss"
    await desk.close(waiting, "boss", 5)
    with pytest.raises(ConversationMovedOn):
        await desk.routing.take_over(waiting, "boss", 6)


async def test_of_supervisors_who_take_over_at_once_one_wins_and_the_words_of_the_others_are_refused(desk, held):
    bosses = [f"boss-{number}" for number in range(20)]
    await warm(desk, CROWD)
    results = await asyncio.gather(
        *(desk.routing.take_over(held, boss, 3) for boss in bosses),
        *(desk.say(held, LIN, 3, f"m{number}", "您好") for number in range(10)),
        return_exceptions=True,
    )
    winners = [result for result in results[:20] if not isinstance(result, Exception)]
    assert len(winners) == 1
    assert all(isinstance(result, ConversationMovedOn) for result in results[:20] if result not in winners)
    events = await desk.events(held)
    taken = next(event.seq for event in events if event.body.get("reason") == "taken_over")
    assert not [event for event in events if event.author.id == LIN and event.seq > taken]
