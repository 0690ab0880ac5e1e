"""Routing on the real queue: who is given whom, also when everybody asks at once."""

import asyncio
from dataclasses import replace

import pytest

from desk import (
    AtCapacity,
    ConversationMovedOn,
    Desk,
    HandoffAlreadyClaimed,
    HandoffOffered,
    UnknownCategory,
    step_for,
)
from desk.routing_rules import rules_in
from desk.skills import Skills
from tests.desk.cast import LIN, MEI, QIAN, hire, waits
from tests.desk.warm import warm

RULES = rules_in()
CROWD = 50


async def order(desk: Desk) -> list[str]:
    return [one.conversation for one in await desk.waiting()]


# the order of the queue


async def test_a_complaint_is_served_before_those_who_asked_shortly_before_and_not_before_the_others(desk, clock):
    early = await waits(desk, "early")
    clock.advance(seconds=RULES.reasons["complaint"] + 1)
    just_before = await waits(desk, "just_before")
    clock.advance(seconds=10)
    complaint = await waits(desk, "mei", "我有个情况要反映", "complaint")
    assert await order(desk) == [early, complaint, just_before]
    found = (await desk.waiting())[1]
    assert (found.head_start, found.category) == (RULES.reasons["complaint"], "complaints")


async def test_an_angry_customer_is_served_sooner_also_when_the_anger_came_before_the_request(desk, clock):
    calm = await waits(desk, "calm")
    clock.advance(seconds=5)
    angry = await waits(desk, "mei", "气死我了，垃圾平台，你们就是骗子！")
    assert await order(desk) == [angry, calm]
    assert (await desk.waiting())[0].mood == "angry"


async def test_who_gets_angry_while_waiting_moves_on_in_the_queue(desk, clock):
    from tests.desk.cast import writes

    calm = await waits(desk, "calm")
    clock.advance(seconds=5)
    other = await waits(desk, "mei")
    assert await order(desk) == [calm, other]
    await writes(desk, "气死我了，垃圾平台，你们就是骗子！", "angry", MEI)
    assert await order(desk) == [other, calm]
    (first, _) = await desk.waiting()
    assert (first.head_start, first.since) == (RULES.moods["angry"], clock.now)
    for number in range(5):
        await writes(desk, "气死我了，垃圾平台，你们就是骗子！", f"again-{number}", MEI)
    assert (await desk.waiting())[0].head_start == RULES.moods["angry"]


async def test_a_vip_is_served_sooner_and_stays_one_in_the_next_conversation(desk, clock):
    calm = await waits(desk, "calm")
    clock.advance(seconds=5)
    vip = await waits(desk, "mei")
    await desk.routing.route(vip, 2, vip=True)
    assert await order(desk) == [vip, calm]
    await desk.routing.route(vip, 2, vip=True)  # again: nothing more
    assert (await desk.waiting())[0].head_start == RULES.vip
    await desk.close(vip, LIN, 2)
    clock.advance(seconds=5)
    again = await waits(desk, "mei")
    assert await order(desk) == [again, calm]
    await desk.routing.route(again, 2, vip=False)
    assert await order(desk) == [calm, again]


async def test_what_it_is_about_is_the_category_of_the_last_article(desk):
    await waits(desk, article={"id": "refunds-time", "version": 1, "title": "", "category": "refunds"})
    (only,) = await desk.waiting()
    assert only.category == "refunds"
    await desk.routing.route(only.conversation, only.epoch, category="card")
    assert (await desk.conversation(only.conversation)).category == "card"
    with pytest.raises(UnknownCategory):
        await desk.routing.route(only.conversation, only.epoch, category="weather")


# the next one


async def test_the_next_customer_is_the_best_one_for_me(desk, clock):
    lin = await hire(desk, LIN, skills=Skills(categories=("card",)))
    qian = await hire(desk, QIAN)
    refund = await waits(desk, "a", article={"category": "refunds"})
    clock.advance(seconds=1)
    card = await waits(desk, "b", article={"category": "card"})
    held = await desk.routing.next(lin)
    assert held is not None
    assert (held.id, held.holder) == (card, LIN)
    assert await desk.routing.next(lin) is None
    assert [one.conversation for one in await desk.routing.queue(lin)] == []
    assert [one.conversation for one in await desk.routing.queue(qian)] == [refund]


async def test_the_agent_who_had_the_customer_last_is_given_them_first(desk, clock):
    lin, qian = await hire(desk, LIN), await hire(desk, QIAN)
    before = await waits(desk, "mei")
    await desk.claim(before, QIAN)
    await desk.close(before, QIAN, 3)
    other = await waits(desk, "other")
    clock.advance(seconds=60)
    again = await waits(desk, "mei")
    assert (await desk.routing.queue(qian))[0].last_agent == QIAN
    assert [one.conversation for one in await desk.routing.queue(lin)] == [other, again]
    assert (await desk.routing.next(qian)).id == again  # type: ignore[union-attr]


async def test_who_holds_as_many_as_they_should_is_given_no_more(desk):
    lin = await hire(desk, LIN, capacity=2)
    for user in "abc":
        await waits(desk, user)
    for _ in range(2):
        assert await desk.routing.next(lin)
    with pytest.raises(AtCapacity) as refusal:
        await desk.routing.next(lin)
    assert (refusal.value.held, refusal.value.capacity) == (2, 2)


async def test_fifty_agents_who_ask_at_once_get_fifty_different_customers(desk):
    agents = [await hire(desk, f"agent-{number}") for number in range(CROWD)]
    customers = {await waits(desk, f"user-{number}") for number in range(CROWD)}
    await warm(desk, CROWD)
    held = await asyncio.gather(*(desk.routing.next(agent) for agent in agents))
    assert {conversation.id for conversation in held if conversation} == customers
    assert [conversation.holder for conversation in held if conversation] == [agent.name for agent in agents]


async def test_one_customer_for_fifty_agents_has_one_winner_and_the_others_get_nothing(desk):
    agents = [await hire(desk, f"agent-{number}") for number in range(CROWD)]
    customer = await waits(desk)
    await warm(desk, CROWD)
    held = [one for one in await asyncio.gather(*(desk.routing.next(agent) for agent in agents)) if one]
    assert len(held) == 1
    assert [event.body.get("reason") for event in await desk.events(customer)].count("claimed") == 1


async def test_two_agents_with_fifty_claims_on_one_customer_have_one_winner(desk):
    customer = await waits(desk)
    await warm(desk, CROWD)
    names = [LIN, QIAN] * (CROWD // 2)
    results = await asyncio.gather(*(desk.claim(customer, name) for name in names), return_exceptions=True)
    winner = (await desk.conversation(customer)).holder
    for name, result in zip(names, results, strict=True):
        assert isinstance(result, HandoffAlreadyClaimed) is (name != winner)
    assert [event.body.get("reason") for event in await desk.events(customer)].count("claimed") == 1


# offers


@pytest.fixture
async def offering(settings, clock):
    async with await Desk.connect(replace(settings, assignment="offer"), clock) as desk:
        yield desk


async def test_without_the_setting_nobody_is_offered_anything(desk):
    await hire(desk, LIN)
    await waits(desk)
    await desk.routing.make_offers({LIN})
    assert [one.offer for one in await desk.waiting()] == [None]


async def test_a_customer_is_offered_once_to_the_best_agent_and_then_is_everybodys(offering, clock):
    for name, capacity in ((LIN, 2), (QIAN, 5)):
        await hire(offering, name, capacity=capacity)
    await offering.claim(await waits(offering, "first"), LIN)
    customer = await waits(offering, "second")
    await offering.routing.make_offers({LIN, QIAN})
    (only,) = await offering.waiting()
    assert (only.offer.to, only.offer.reason) == (QIAN, "least_busy")
    with pytest.raises(HandoffOffered):
        await offering.claim(customer, LIN)
    clock.advance(seconds=20)
    await offering.routing.make_offers({LIN, QIAN})
    (only,) = await offering.waiting()
    assert only.offer_at(clock.now) is None
    assert (await offering.claim(customer, LIN)).holder == LIN


async def test_offers_fill_places_and_those_out_of_reach_get_none(offering):
    await hire(offering, LIN, capacity=1)
    await hire(offering, QIAN, capacity=1)
    for user in "abcd":
        await waits(offering, user)
    await offering.routing.make_offers({LIN})
    assert [one.offered_to for one in await offering.waiting()].count(LIN) == 1
    await offering.routing.make_offers({LIN, QIAN})
    offered = [one.offered_to for one in await offering.waiting()]
    assert sorted(map(str, offered)) == ["None", "None", LIN, QIAN]


async def test_processes_that_offer_at_once_make_one_offer(offering, settings, clock):
    for name in (LIN, QIAN):
        await hire(offering, name)
    await waits(offering)
    async with await Desk.connect(replace(settings, assignment="offer"), clock) as other:
        await asyncio.gather(*(desk.routing.make_offers({LIN, QIAN}) for desk in [offering, other] * 5))
        first = await offering.waiting()
        clock.advance(seconds=5)
        await other.routing.make_offers({LIN, QIAN})
        assert await other.waiting() == first


# being here


async def test_presence_lost_while_holding_puts_the_customer_first_and_a_quick_return_gets_them_back(desk, clock):
    lin, qian = await hire(desk, LIN), await hire(desk, QIAN)
    customer = await waits(desk, "mei")
    await desk.claim(customer, LIN)
    other = await waits(desk, "other")
    clock.advance(seconds=61)
    await desk.set_presence(QIAN, available=True)
    lease = await desk.lease(MEI.partition, "w1", 60_000)
    (timer,) = [one for one in await desk.due_timers(lease, clock.now) if one.conversation == customer]
    assert (timer.kind, timer.holder) == ("agent_gone", LIN)
    await desk.system_step(lease, customer, step_for(timer))
    assert await order(desk) == [customer, other]
    with pytest.raises(ConversationMovedOn):
        await desk.say(customer, LIN, 3, "late", "您好")
    await desk.set_presence(LIN, available=True)
    assert (await desk.routing.queue(lin))[0].last_agent == LIN
    assert (await desk.routing.next(lin)).id == customer  # type: ignore[union-attr]
    assert (await desk.routing.next(qian)).id == other  # type: ignore[union-attr]


async def test_an_open_page_keeps_its_agent_here_and_does_not_undo_a_pause(desk, clock):
    await desk.set_presence(LIN, available=True)
    clock.advance(seconds=30)
    await desk.still_here(LIN)
    clock.advance(seconds=45)
    assert await desk.is_available(LIN)
    await desk.set_presence(LIN, available=False)
    await desk.still_here(LIN)
    assert not await desk.is_available(LIN)
    clock.advance(seconds=120)
    await desk.set_presence(QIAN, available=True)
    clock.advance(seconds=61)
    await desk.still_here(QIAN)  # slept: was available once, is only here now
    assert not await desk.is_available(QIAN)


async def test_who_loses_the_right_to_serve_is_given_nothing_more(desk):
    lin = await hire(desk, LIN, "agent", "admin")
    await hire(desk, "boss", "admin")
    token = await desk.agents.open_session(lin)
    await waits(desk)
    await desk.agents.change(LIN, roles=("editor",))
    now = await desk.agents.session(token)
    assert now.may("articles.edit")
    assert not now.may("conversations.serve")
    assert await desk.routing.next(now) is None
    assert await desk.routing.queue(now) == []


# what customers are told


async def test_the_expected_wait_is_told_once_there_is_something_to_tell_from(desk, clock):
    lin = await hire(desk, LIN, capacity=1)
    for number in range(5):
        customer = await waits(desk, f"user-{number}")
        assert (await desk.routing.outlook(customer)).seconds is None
        clock.advance(seconds=10)
        await desk.set_presence(LIN, available=True)
        assert await desk.routing.next(lin)
        clock.advance(seconds=50)
        await desk.close(customer, LIN, 3)
    await desk.set_presence(LIN, available=True)
    await desk.routing.next(lin)
    customer = await waits(desk, "first")
    outlook = await desk.routing.outlook(customer)
    assert (outlook.position, outlook.seconds) == (1, 10)
    await desk.routing.next(lin)
    clock.advance(seconds=1)
    for number in range(2):
        customer = await waits(desk, f"more-{number}")
    outlook = await desk.routing.outlook(customer)
    assert (outlook.position, outlook.seconds) == (2, 100)
    assert await desk.routing.outlook((await desk.held_by(LIN))[0].id) is None
    clock.advance(minutes=61)
    await desk.set_presence(LIN, available=True)
    assert (await desk.routing.outlook(customer)).seconds is None
