"""What is said to a customer whose channel must be sent it waits in the outbox until it is delivered or given up."""

import asyncio
from datetime import timedelta

import pytest

from desk import Address, Desk, LeaseLost, LetterNotFound, Tries
from desk.check import differences
from tests.desk.cast import LIN, HandClock, Worker, writes

AN = Address("webhook", "shop", "an")


@pytest.fixture
async def said(desk: Desk, worker: Worker):
    """Three answers to An; the lease, and the entries as its sender reads them."""
    lease = await worker.takes(AN.partition)
    for number in range(3):
        await writes(desk, f"问{number}", f"m{number}", AN)
        await worker.answers(lease, await worker.next_entry(lease), f"答{number}")
    return lease, await desk.outbox.read([lease], 0)


async def test_entries_come_in_order_and_once_a_lease(desk, said):
    lease, entries = said
    assert [(entry.seq, entry.customer) for entry in entries] == [(3, AN.digest), (5, AN.digest), (7, AN.digest)]
    assert await desk.outbox.read([lease], 0) == []
    await desk.give_back(lease)
    again = await Worker(desk, "w2").takes(AN.partition)
    assert await desk.outbox.read([again], 0) == entries


async def test_reader_is_woken_by_the_next_message(desk, worker):
    lease = await worker.takes(AN.partition)
    reading = asyncio.create_task(desk.outbox.read([lease], 2000))
    await writes(desk, "在吗", address=AN)
    await worker.answers(lease, await worker.next_entry(lease), "在的")
    [entry] = await asyncio.wait_for(reading, 1.5)
    assert entry.seq == 3


async def test_delivered_message_leaves_the_outbox_and_its_number_in_the_conversation(desk, said):
    lease, entries = said
    await desk.outbox.sent(lease, entries[1])
    await desk.outbox.sent(lease, entries[0])
    assert (await desk.conversation(entries[0].conversation)).delivered == 5
    assert (await desk.outbox.depth()).waiting == 1


async def test_what_was_tried_in_vain_is_known_to_the_next_holder(desk, said, clock: HandClock):
    lease, entries = said
    tries = Tries(3, clock.now, clock.now + timedelta(seconds=40))
    await desk.outbox.later(lease, entries[0], tries)
    await desk.give_back(lease)
    again = await Worker(desk, "w2").takes(AN.partition)
    first, second, _ = await desk.outbox.read([again], 0)
    assert (first.tries, second.tries) == (tries, Tries())
    await desk.outbox.sent(again, first)
    assert await desk.store.ask("EXISTS", desk.keys.partition(AN.partition).outbox_tries) == 0


async def test_former_holder_of_the_lease_marks_nothing(desk, said):
    lease, entries = said
    await desk.give_back(lease)
    await Worker(desk, "w2").takes(AN.partition)
    for work in (
        desk.outbox.sent(lease, entries[0]),
        desk.outbox.later(lease, entries[0], Tries(1)),
        desk.outbox.give_up(lease, entries[0], AN, "b-1", "refused 404"),
    ):
        with pytest.raises(LeaseLost):
            await work
    assert await desk.outbox.depth() == await desk.outbox.depth([AN.partition])
    assert (await desk.outbox.depth()).waiting == 3


async def test_message_that_is_given_up_is_a_dead_letter_and_an_event(desk, said, clock: HandClock):
    lease, entries = said
    await desk.outbox.later(lease, entries[0], Tries(2, clock.now, clock.now))
    await desk.outbox.give_up(lease, entries[0], AN, "b-1", "refused 404")
    await desk.outbox.give_up(lease, entries[0], AN, "b-1", "refused 404")  # its answer was lost
    [letter] = await desk.outbox.dead()
    assert (letter.conversation, letter.seq, letter.message_id) == (entries[0].conversation, 3, "b-1")
    assert (letter.channel, letter.account, letter.reason, letter.at) == ("webhook", "shop", "refused 404", clock.now)
    [event] = await desk.events(letter.conversation, after=7)
    assert (event.type, event.body) == ("delivery", {"message_id": "b-1", "status": "failed"})
    depth = await desk.outbox.depth()
    assert (depth.waiting, depth.dead) == (2, 1)


async def test_closed_conversation_gets_no_further_event(desk, said):
    lease, entries = said
    conversation = await desk.claim(entries[0].conversation, LIN)
    closed = await desk.close(conversation.id, LIN, conversation.epoch)
    await desk.outbox.give_up(lease, entries[0], AN, "b-1", "slow")
    assert len(await desk.outbox.dead()) == 1
    assert await desk.events(closed.id, after=closed.seq) == []


async def test_dead_letter_is_sent_again_behind_what_waits(desk, said):
    lease, entries = said
    await desk.outbox.give_up(lease, entries[0], AN, "b-1", "slow")
    [letter] = await desk.outbox.dead()
    await desk.outbox.resend(letter.id)
    [again] = await desk.outbox.read([lease], 0)
    assert (again.conversation, again.seq, again.customer) == (letter.conversation, 3, AN.digest)
    assert again.entry_id > entries[-1].entry_id
    assert await desk.outbox.dead() == []
    with pytest.raises(LetterNotFound):
        await desk.outbox.resend(letter.id)


async def test_dead_letter_may_be_dropped(desk, said):
    lease, entries = said
    await desk.outbox.give_up(lease, entries[0], AN, "b-1", "slow")
    [letter] = await desk.outbox.dead()
    await desk.outbox.drop(letter.id)
    assert await desk.outbox.dead() == []
    assert (await desk.outbox.depth()).waiting == 2


@pytest.mark.parametrize("wrong", ["", "d99-1-0", "d1", "x17-1-0", "d17-1-0 ", "d17-*", "d١-1-0"])
async def test_what_is_no_letter_is_not_found(desk, wrong):
    with pytest.raises(LetterNotFound):
        await desk.outbox.drop(wrong)


async def test_dead_letters_are_bounded_and_kept_for_the_time_of_retention(desk, said, monkeypatch):
    monkeypatch.setattr("desk.store.outbox.MOST_DEAD", 0)
    lease, entries = said
    dead = desk.keys.partition(AN.partition).dead
    for number in range(300):  # the server cuts whole nodes of a stream, of 100 entries
        await desk.store.ask("XADD", dead, f"{number + 1}-0", "old", "letter")
    await desk.outbox.give_up(lease, entries[0], AN, "b-1", "slow")
    assert await desk.store.ask("XLEN", dead) <= 101
    assert 179 * 24 * 3600 < await desk.store.ask("TTL", dead) <= 180 * 24 * 3600
    await desk.store.ask("DEL", dead)


async def test_an_outbox_that_points_nowhere_is_found(desk, said):
    lease, _ = said
    outbox = desk.keys.partition(lease.partition).outbox
    nowhere = f"c{lease.partition}-01ARZ3NDEKTSV4RRFFQ69G5FAV"
    entry = await desk.store.ask("XADD", outbox, "*", "conversation", nowhere, "seq", 1, "customer", "x")
    assert await differences(desk) == [f"{nowhere}: waits in the outbox, but there is no such conversation"]
    await desk.store.ask("XDEL", outbox, entry)
