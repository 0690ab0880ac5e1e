"""What the desk keeps for agents beside a conversation."""

import asyncio
from datetime import timedelta

import pytest

from desk import ConversationMovedOn, Desk, WrappedUpAlready
from desk.case import NewTicket, WrapUp
from tests.desk.cast import LIN, MEI, QIAN, HandClock, Worker, asks_for_a_person, writes

FORM = {"category": "refund", "order_number": "QH20260412345"}


@pytest.fixture
async def held(desk: Desk, worker: Worker) -> str:
    """A conversation that Lin holds."""
    conversation, _ = await asks_for_a_person(desk, worker)
    await desk.claim(conversation, LIN)
    return conversation


def wrap(*tickets: NewTicket) -> WrapUp:
    return WrapUp("refund.progress", "退款查询", FORM, tickets)


async def test_an_agent_ticks_that_they_know_the_customer_and_takes_it_back(desk: Desk, held: str) -> None:
    conversation = await desk.conversation(held)
    assert (await desk.assist.verified(conversation)).state == "no"
    ticked = await desk.assist.verify(conversation, LIN, "订单号和手机尾号")
    assert (ticked.state, ticked.by, ticked.how) == ("ticked", LIN, "订单号和手机尾号")
    assert not (await desk.assist.unverify(conversation, LIN)).known


async def test_nobody_ticks_for_a_colleagues_customer(desk: Desk, held: str) -> None:
    with pytest.raises(ConversationMovedOn):
        await desk.assist.verify(await desk.conversation(held), QIAN, "猜的")


async def test_whom_the_site_vouches_for_is_verified(desk: Desk) -> None:
    receipt = await writes(desk, "你好", vouched_as="mei@shop")
    assert (await desk.assist.verified(await desk.conversation(receipt.conversation))).state == "vouched"


async def test_a_suggestion_is_shown_once_and_settled_once(desk: Desk, held: str) -> None:
    item = {"source": "macro:greet", "text": "您好"}
    assert await desk.assist.show(held, {"4/a": item}) == ["4/a"]
    assert await desk.assist.show(held, {"4/a": item, "4/b": item}) == ["4/b"]
    settled = await asyncio.gather(*(desk.assist.settle(held, ["4/a", "4/b"]) for _ in range(5)))
    assert sorted(name for names in settled for name in names) == ["4/a", "4/b"]
    assert await desk.assist.shown(held) == {}


async def test_wrapping_up_closes_and_opens_tickets_in_one_step(desk: Desk, held: str, clock: HandClock) -> None:
    clock.advance(seconds=90)
    conversation = await desk.conversation(held)
    due = clock() + timedelta(hours=24)
    ids = await desk.assist.wrap_up(
        conversation, LIN, conversation.epoch, wrap(NewTicket("callback", {"note": "回电"}, due)), close=True
    )
    after = await desk.conversation(held)
    assert after.state == "closed"
    ticket = await desk.ticket(ids[0])
    assert (ticket.kind, ticket.state, ticket.due_at, ticket.conversation) == ("callback", "open", due, held)
    kept = await desk.assist.wrapped_up(held)
    assert kept is not None
    assert (kept["agent"], kept["form"], kept["tickets"], kept["talk"]) == (LIN, FORM, ids, 90)
    assert [event.type for event in await desk.events(held, conversation.seq)] == ["ticket", "state"]
    assert [(one.agent, one.disposition, one.category) for one in await desk.assist.handled()] == [
        (LIN, "refund.progress", "refund")
    ]


async def test_a_case_is_wrapped_up_once_whoever_is_faster(desk: Desk, held: str) -> None:
    conversation = await desk.conversation(held)
    await desk.events(held)  # the pool is warm
    results = await asyncio.gather(
        *(desk.assist.wrap_up(conversation, LIN, conversation.epoch, wrap(), close=True) for _ in range(6)),
        return_exceptions=True,
    )
    assert sorted(type(result).__name__ for result in results) == ["WrappedUpAlready"] * 5 + ["list"]
    assert len(await desk.assist.handled()) == 1


async def test_under_an_old_epoch_nothing_is_written(desk: Desk, held: str) -> None:
    conversation = await desk.conversation(held)
    due = conversation.opened_at + timedelta(days=1)
    with pytest.raises(ConversationMovedOn):
        await desk.assist.wrap_up(
            conversation, LIN, conversation.epoch - 1, wrap(NewTicket("callback", {}, due)), close=True
        )
    assert (await desk.conversation(held)).state == "person"
    assert await desk.tickets() == []
    assert await desk.assist.wrapped_up(held) is None


async def test_talk_and_after_work_are_told_apart(desk: Desk, held: str, clock: HandClock) -> None:
    clock.advance(seconds=100)
    conversation = await desk.conversation(held)
    await desk.assist.begin_wrap_up(conversation, LIN)
    clock.advance(seconds=40)
    took = await desk.assist.handling(conversation, LIN)
    assert (took.talk, took.after, took.total) == (100, 40, 140)


async def test_the_customer_who_writes_again_takes_the_agent_back_from_the_form(
    desk: Desk, held: str, clock: HandClock
) -> None:
    await desk.assist.begin_wrap_up(await desk.conversation(held), LIN)
    clock.advance(seconds=30)
    await writes(desk, "等等，还有一个问题", "m7")
    clock.advance(seconds=30)
    conversation = await desk.conversation(held)
    assert (await desk.assist.handling(conversation, LIN)).talk == 60
    await desk.assist.begin_wrap_up(conversation, LIN)
    clock.advance(seconds=5)
    took = await desk.assist.handling(conversation, LIN)
    assert (took.talk, took.after) == (60, 5)


async def test_after_closing_the_form_may_still_be_done_by_whoever_had_the_customer(
    desk: Desk, held: str, clock: HandClock
) -> None:
    clock.advance(seconds=50)
    conversation = await desk.conversation(held)
    await desk.close(held, LIN, conversation.epoch)
    clock.advance(seconds=20)
    closed = await desk.conversation(held)
    with pytest.raises(ConversationMovedOn):
        await desk.assist.wrap_up(closed, QIAN, closed.epoch, wrap(), close=False)
    await desk.assist.wrap_up(closed, LIN, closed.epoch, wrap(), close=False)
    took = await desk.assist.handling(closed, LIN)
    assert (took.talk, took.after) == (50, 20)
    with pytest.raises(WrappedUpAlready):
        await desk.assist.wrap_up(closed, LIN, closed.epoch, wrap(), close=False)


async def test_a_form_left_over_night_was_not_worked_on_all_night(desk: Desk, held: str, clock: HandClock) -> None:
    conversation = await desk.conversation(held)
    await desk.close(held, LIN, conversation.epoch)
    clock.advance(hours=14)
    assert (await desk.assist.handling(await desk.conversation(held), LIN)).after == 15 * 60


async def test_earlier_contacts_come_with_what_became_of_them(desk: Desk, held: str, clock: HandClock) -> None:
    conversation = await desk.conversation(held)
    await desk.assist.wrap_up(conversation, LIN, conversation.epoch, wrap(), close=True)
    clock.advance(days=2)
    receipt = await writes(desk, "又来了", "m9")
    now = await desk.conversation(receipt.conversation)
    (former,) = await desk.assist.earlier(now)
    assert (former.conversation.id, former.disposition, former.agent) == (held, "refund.progress", LIN)
    closed_at = former.conversation.changed_at
    assert await desk.assist.came_back(MEI, closed_at, closed_at + timedelta(hours=72))
    assert not await desk.assist.came_back(MEI, closed_at, closed_at + timedelta(hours=24))


async def test_what_is_to_be_learned_is_given_to_one_process(desk: Desk, held: str, clock: HandClock) -> None:
    await desk.assist.learn_later(held, timedelta(hours=72))
    assert await desk.assist.claim_to_learn() == []
    clock.advance(hours=73)
    given = await asyncio.gather(*(desk.assist.claim_to_learn() for _ in range(5)))
    assert [one for some in given for one in some] == [held]
    clock.advance(minutes=6)  # whoever had it has died
    assert await desk.assist.claim_to_learn() == [held]
    await desk.assist.learned(held)
    clock.advance(minutes=6)
    assert await desk.assist.claim_to_learn() == []
