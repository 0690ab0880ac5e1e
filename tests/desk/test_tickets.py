"""Tickets: opened by a turn, worked on by agents, found by their customers."""

import asyncio
from datetime import timedelta

import pytest

from desk import DeskError, TicketChanged, TicketNotFound, TooLong
from desk.store import turns
from tests.desk.cast import BO, LIN, MEI, QIAN, writes
from tests.desk.warm import warm


@pytest.fixture
def opens(desk, worker):
    """Opens a ticket for a customer, due after some hours."""

    async def open_one(address=MEI, hours=24, message_id="m1", kind="complaint"):
        await writes(desk, "我要投诉", message_id, address)
        lease = await worker.takes(address.partition)
        ticket = await desk.reserve_ticket(address.partition)
        fields = {"what": "破损", "contact": {"phone": "138****0000"}}
        command = {"command": "ticket.open", "ticket": ticket, "kind": kind, "fields": fields, "due_hours": hours}
        await worker.answers(lease, await worker.next_entry(lease), "已登记", commands=[command])
        await desk.give_back(lease)
        return ticket

    return open_one


async def test_ticket_tells_what_it_is_about(desk, opens, clock):
    id_ = await opens(hours=8)
    ticket = await desk.ticket(id_)
    assert id_ == f"T{MEI.partition}-1"
    assert (ticket.version, ticket.state, ticket.kind) == (1, "open", "complaint")
    assert ticket.fields == {"what": "破损", "contact": {"phone": "138****0000"}}
    assert ticket.address == MEI
    assert ticket.due_at == clock.now + timedelta(hours=8)
    assert ticket.as_dict()["opened_at"] == "2026-11-22T02:00:00.000Z"


async def test_unknown_ticket_is_not_found(desk):
    for id_ in ("T1-1", "T64-1", "T1-0", "t1-1", "", "T1-1x", "T" + "9" * 400):
        with pytest.raises(TicketNotFound):
            await desk.ticket(id_)
        with pytest.raises(TicketNotFound):
            await desk.update_ticket(id_, LIN, 1, state="done")


async def test_ticket_ids_are_never_given_twice(desk):
    ids = await asyncio.gather(*(desk.reserve_ticket(5) for _ in range(20)))
    assert len(set(ids)) == 20


async def test_change_raises_the_version_and_remembers_who_did_what(desk, opens, clock):
    id_ = await opens()
    clock.advance(minutes=5)
    await desk.update_ticket(id_, LIN, 1, state="in_progress", note="已联系仓库")
    after = await desk.update_ticket(id_, QIAN, 2, note="已补发")
    assert (after.version, after.state, after.updated_at) == (3, "in_progress", clock.now)
    assert [(n.agent, n.state, n.text) for n in after.history] == [
        (LIN, "in_progress", "已联系仓库"),
        (QIAN, "in_progress", "已补发"),
    ]


async def test_change_of_a_stale_version_is_refused(desk, opens):
    id_ = await opens()
    await desk.update_ticket(id_, LIN, 1, state="in_progress")
    before = await desk.ticket(id_)
    for stale in (0, 1, 3):
        with pytest.raises(TicketChanged):
            await desk.update_ticket(id_, QIAN, stale, state="done")
    assert await desk.ticket(id_) == before


async def test_of_ten_changes_at_once_one_is_made(desk, opens):
    id_ = await opens()
    await warm(desk, 10)
    changes = [desk.update_ticket(id_, f"a{n}", 1, note=str(n)) for n in range(10)]
    results = await asyncio.gather(*changes, return_exceptions=True)
    assert sum(isinstance(r, TicketChanged) for r in results) == 9
    assert len((await desk.ticket(id_)).history) == 1


async def test_change_of_state_is_told_in_the_conversation_unless_it_is_closed(desk, opens):
    id_ = await opens()
    conversation = (await desk.ticket(id_)).conversation
    await desk.update_ticket(id_, LIN, 1, note="只是备注")
    await desk.update_ticket(id_, LIN, 2, state="done")
    told = [e.body["state"] for e in await desk.events(conversation) if e.type == "ticket"]
    assert told == ["open", "done"]
    await desk.close(conversation, LIN, 1)
    length = len(await desk.events(conversation))
    await desk.update_ticket(id_, LIN, 3, state="open")
    assert len(await desk.events(conversation)) == length


async def test_lists_are_by_due_time_and_show_what_is_late(desk, opens, clock):
    late, soon, later = (
        await opens(hours=1),
        await opens(BO, hours=2, message_id="m2"),
        await opens(hours=30, message_id="m3"),
    )
    clock.advance(minutes=90)
    assert [t.id for t in await desk.tickets()] == [late, soon, later]
    assert [t.id for t in await desk.tickets("due")] == [late]
    assert [t.id for t in await desk.tickets(due_before=clock.now + timedelta(hours=1))] == [late, soon]
    assert [t.id for t in await desk.tickets(limit=2)] == [late, soon]
    await desk.update_ticket(soon, LIN, 1, state="in_progress")
    assert [t.id for t in await desk.tickets("in_progress")] == [soon]
    assert [t.id for t in await desk.tickets("open")] == [late, later]


async def test_done_tickets_leave_the_queue_and_are_listed_latest_first(desk, opens, clock, redis):
    first, second = await opens(), await opens(BO, message_id="m2")
    await desk.update_ticket(first, LIN, 1, state="done")
    clock.advance(seconds=1)
    await desk.update_ticket(second, LIN, 1, state="done")
    assert await desk.tickets() == []
    assert [t.id for t in await desk.tickets("done")] == [second, first]
    key = desk.keys.partition(MEI.partition).ticket(first)
    assert await redis.ttl(key) > 0
    await desk.update_ticket(first, LIN, 2, state="open", note="客户又来了")
    assert await redis.ttl(key) == -1
    assert [t.id for t in await desk.tickets()] == [first]


async def test_customers_find_their_own_tickets_latest_first(desk, opens, clock):
    ids = []
    for number in range(4):
        ids.append(await opens(message_id=f"m{number}"))
        clock.advance(seconds=1)
    await opens(BO, message_id="m9")
    assert [t.id for t in await desk.tickets_of(MEI)] == ids[:0:-1]


async def test_note_may_not_be_longer_than_a_message(desk, opens):
    id_ = await opens()
    with pytest.raises(TooLong):
        await desk.update_ticket(id_, LIN, 1, note="长" * 4001)


@pytest.fixture
def changes(desk, worker):
    """The bot changes a ticket in a turn of a customer's."""

    async def change(ticket, address=MEI, message_id="m50", **fields):
        await writes(desk, "换个号码", message_id, address)
        lease = await worker.takes(address.partition)
        entry = await worker.next_entry(lease)
        command = {"command": "ticket.update", "ticket": ticket, "fields": fields}
        try:
            return await worker.answers(lease, entry, "改好了", commands=[command])
        except DeskError:
            await desk.finish(lease, entry)
            raise
        finally:
            await desk.give_back(lease)

    return change


async def test_customer_may_leave_another_number_with_the_same_ticket(desk, opens, changes, clock):
    id_ = await opens(kind="callback")
    clock.advance(minutes=1)
    events = await changes(id_, contact="13912345678")
    ticket = await desk.ticket(id_)
    assert ticket.fields == {"what": "破损", "contact": "13912345678"}
    assert (ticket.version, ticket.state, ticket.updated_at) == (2, "open", clock.now)
    assert "→ 13912345678" in ticket.history[-1].text
    assert (events[-1].type, events[-1].body["ticket"], events[-1].body["changed"]) == ("ticket", id_, ["contact"])
    assert [t.id for t in await desk.tickets()] == [id_]
    with pytest.raises(TicketChanged):
        await desk.update_ticket(id_, LIN, 1, note="打不通")


async def test_ticket_that_is_done_is_not_changed_by_the_bot(desk, opens, changes):
    id_ = await opens(kind="callback")
    await desk.update_ticket(id_, LIN, 1, state="done")
    before = await desk.ticket(id_)
    with pytest.raises(TicketChanged):
        await changes(id_, contact="13912345678")
    assert await desk.ticket(id_) == before


async def test_ticket_of_another_customer_is_not_changed(desk, opens, changes):
    id_ = await opens(BO)
    for number, ticket in enumerate((id_, f"T{MEI.partition}-99", f"T{BO.partition}-99")):
        with pytest.raises(DeskError):
            await changes(ticket, message_id=f"m6{number}", contact="13912345678")
    assert (await desk.ticket(id_)).version == 1


async def test_of_two_changes_read_at_the_same_version_one_is_made(desk, opens, worker, monkeypatch):
    """An agent's change comes between the moment the bot reads the ticket and the moment it writes."""
    id_ = await opens(kind="callback")
    await writes(desk, "换个号码", "m51")
    lease = await worker.takes(MEI.partition)
    entry = await worker.next_entry(lease)
    read = turns.read_tickets

    async def read_and_wait(*given):
        found = await read(*given)
        if found:
            await desk.update_ticket(id_, LIN, 1, state="in_progress")
        return found

    monkeypatch.setattr(turns, "read_tickets", read_and_wait)
    command = {"command": "ticket.update", "ticket": id_, "fields": {"contact": "13912345678"}}
    with pytest.raises(TicketChanged):
        await worker.answers(lease, entry, "改好了", commands=[command])
    ticket = await desk.ticket(id_)
    assert (ticket.version, ticket.fields["contact"]) == (2, {"phone": "138****0000"})
    await desk.finish(lease, entry)
