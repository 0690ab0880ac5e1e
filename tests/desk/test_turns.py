"""A turn is committed once, under lease and epoch, or leaves no trace."""

import asyncio

import pytest

from desk import ConversationMovedOn, DeskError, LeaseLost, Reply, TicketChanged, TicketNotFound, Turn
from tests.desk.cast import BO, LIN, MEI, Worker, asks_for_a_person, writes
from tests.desk.warm import warm


@pytest.fixture
async def asked(desk, worker):
    """Mei asked something; the worker has it in hand."""
    receipt = await writes(desk, "能退款吗")
    lease = await worker.takes(MEI.partition)
    return receipt.conversation, lease, await worker.next_entry(lease)


async def everything(desk, conversation):
    """All that a refused turn could have changed."""
    keys = desk.keys.partition(MEI.partition)
    return [
        await desk.events(conversation),
        await desk.conversation(conversation),
        await desk.waiting(),
        await desk.tickets(),
        await desk.store.ask("XRANGE", keys.inbox, "-", "+"),
        await desk.store.ask("ZRANGE", keys.timers, 0, -1, "WITHSCORES"),
    ]


async def full_turn(desk, epoch=1):
    ticket = await desk.reserve_ticket(MEI.partition)
    return Turn(
        epoch,
        [Reply("已为您登记"), Reply("还有什么可以帮您?", [{"title": "没有了", "payload": "/deny"}])],
        [
            {"command": "handoff.request", "reason": "complaint"},
            {
                "command": "ticket.open",
                "ticket": ticket,
                "kind": "complaint",
                "fields": {"what": "破损"},
                "due_hours": 8,
            },
        ],
        {"slots": {"order": "A1"}, "loop": None},
        language="zh-Hans",
    )


async def test_turn_appears_as_a_whole(desk, asked):
    conversation, lease, entry = asked
    turn = await full_turn(desk)
    events = await desk.commit_turn(lease, entry, turn)
    assert [(e.seq, e.type) for e in events] == [(3, "message"), (4, "message"), (5, "ticket"), (6, "state")]
    assert events == await desk.events(conversation, after=2)
    assert all(e.body["reply_to"] == ["m1"] for e in events[:2])
    assert events[2].body["ticket"] == turn.commands[1]["ticket"]
    assert events[3].body["from"] == "bot"
    assert events[3].body["reason"] == "complaint"
    after = await desk.conversation(conversation)
    assert (after.state, after.epoch, after.seq, after.language) == ("waiting", 2, 6, "zh-Hans")
    assert after.dialogue == {"slots": {"order": "A1"}, "loop": None}
    assert after.buttons == [{"title": "没有了", "payload": "/deny"}]
    assert [w.conversation for w in await desk.waiting()] == [conversation]
    assert await desk.inbox([lease], 0) == []


async def test_repeated_turn_says_nothing_twice(desk, asked):
    conversation, lease, entry = asked
    await desk.commit_turn(lease, entry, Turn(1, [Reply("可以")]))
    before = await everything(desk, conversation)
    assert await desk.commit_turn(lease, entry, Turn(1, [Reply("可以")])) == []
    assert await everything(desk, conversation) == before


async def test_turn_committed_by_ten_at_once_is_said_once(desk, asked):
    conversation, lease, entry = asked
    await warm(desk, 10)
    made = await asyncio.gather(*(desk.commit_turn(lease, entry, Turn(1, [Reply("可以")])) for _ in range(10)))
    assert sorted(len(events) for events in made) == [0] * 9 + [1]
    assert len(await desk.events(conversation)) == 3


async def test_turn_after_the_lease_changed_hands_leaves_no_trace(desk, asked, redis):
    conversation, lease, entry = asked
    await redis.delete(desk.keys.partition(MEI.partition).lease)  # as if it had run out
    turn, before = await full_turn(desk), await everything(desk, conversation)
    with pytest.raises(LeaseLost):
        await desk.commit_turn(lease, entry, turn)
    newer = await Worker(desk, "w1").takes(MEI.partition)
    assert newer.token > lease.token
    with pytest.raises(LeaseLost):
        await desk.commit_turn(lease, entry, turn)
    with pytest.raises(LeaseLost):
        await desk.finish(lease, entry)
    before_timers, after_timers = before.pop(), (await everything(desk, conversation)).pop()
    assert before_timers == after_timers
    assert (await everything(desk, conversation))[:-1] == before


async def test_turn_under_an_old_epoch_leaves_no_trace(desk, asked):
    conversation, lease, entry = asked
    turn = await full_turn(desk)
    await desk.claim(conversation, LIN)
    before = await everything(desk, conversation)
    with pytest.raises(ConversationMovedOn):
        await desk.commit_turn(lease, entry, turn)
    assert await everything(desk, conversation) == before
    await desk.finish(lease, entry)
    assert await desk.inbox([lease], 0) == []


async def test_turn_from_before_a_person_came_and_went_is_refused(desk, asked):
    conversation, lease, entry = asked
    held = await desk.claim(conversation, LIN)
    await desk.release(conversation, LIN, held.epoch)
    with pytest.raises(ConversationMovedOn):
        await desk.commit_turn(lease, entry, Turn(1, [Reply("旧的回答")]))
    (event,) = await desk.commit_turn(lease, entry, Turn(3, [Reply("新的回答")]))
    assert event.text == "新的回答"


async def test_bot_says_nothing_while_a_person_holds_it_even_in_the_right_epoch(desk, asked):
    conversation, lease, entry = asked
    held = await desk.claim(conversation, LIN)
    before = await everything(desk, conversation)
    with pytest.raises(ConversationMovedOn):
        await desk.commit_turn(lease, entry, Turn(held.epoch, [Reply("我也在")]))
    assert await everything(desk, conversation) == before
    await desk.finish(lease, entry)


async def test_turn_for_a_closed_conversation_is_refused(desk, asked):
    conversation, lease, entry = asked
    closed = await desk.close(conversation, LIN, 1)
    with pytest.raises(ConversationMovedOn):
        await desk.commit_turn(lease, entry, Turn(closed.epoch, [Reply("在")]))
    await desk.finish(lease, entry)


async def test_ticket_id_that_is_taken_refuses_the_whole_turn(desk, asked):
    conversation, lease, entry = asked
    turn = await full_turn(desk)
    await desk.commit_turn(lease, entry, turn)
    await writes(desk, "还有", "m2")
    second = (await desk.inbox([lease], 0))[0]
    before = await everything(desk, conversation)
    with pytest.raises(TicketChanged):
        await desk.commit_turn(lease, second, Turn(2, [Reply("好")], turn.commands))
    assert await everything(desk, conversation) == before


async def test_commands_that_make_no_sense_refuse_the_whole_turn(desk, asked):
    conversation, lease, entry = asked
    before = await everything(desk, conversation)
    elsewhere = f"T{(MEI.partition + 1) % 64}-1"
    for command, error in (
        ({"command": "delete.everything"}, DeskError),
        ({"command": "ticket.open", "ticket": elsewhere, "kind": "complaint"}, DeskError),
        ({"command": "ticket.open", "kind": "complaint"}, TicketNotFound),
    ):
        with pytest.raises(error):
            await desk.commit_turn(lease, entry, Turn(1, [Reply("好")], [command]))
    assert await everything(desk, conversation) == before


async def test_second_request_for_a_person_changes_nothing_but_says_its_sentence(desk, worker):
    conversation, lease = await asks_for_a_person(desk, worker)
    await writes(desk, "人呢", "m2")
    entry = await worker.next_entry(lease)
    events = await worker.answers(lease, entry, "还在排队", commands=[{"command": "handoff.request"}])
    assert [e.type for e in events] == ["message"]
    assert (await desk.conversation(conversation)).epoch == 2


async def test_cancelled_handoff_goes_back_to_the_bot_with_a_fresh_dialogue(desk, worker):
    conversation, lease = await asks_for_a_person(desk, worker)
    await desk.store.ask("HSET", desk.keys.partition(MEI.partition).conversation(conversation), "dialogue", '{"a":1}')
    await writes(desk, "算了", "m2")
    entry = await worker.next_entry(lease)
    await worker.answers(lease, entry, "好的", commands=[{"command": "handoff.cancel", "reason": "cancelled"}])
    after = await desk.conversation(conversation)
    assert (after.state, after.dialogue, after.former_dialogue, after.requested_at) == ("bot", None, {"a": 1}, None)
    assert await desk.waiting() == []


async def test_bot_may_close_with_a_last_sentence(desk, asked):
    conversation, lease, entry = asked
    events = await desk.commit_turn(lease, entry, Turn(1, [Reply("再见")], [{"command": "conversation.close"}]))
    assert [e.type for e in events] == ["message", "state"]
    assert (await desk.conversation(conversation)).state == "closed"
    assert await desk.open_conversation(MEI) is None


async def test_closed_conversation_and_its_log_are_kept_for_the_time_of_retention(desk, asked, redis):
    conversation, lease, entry = asked
    keys = desk.keys.partition(MEI.partition)
    assert await redis.ttl(keys.log(conversation)) == -1
    await desk.commit_turn(lease, entry, Turn(1, [], [{"command": "conversation.close"}]))
    for key in (keys.conversation(conversation), keys.log(conversation)):
        assert 179 * 24 * 3600 < await redis.ttl(key) <= 180 * 24 * 3600


async def test_entry_finished_without_a_word_does_not_come_back(desk, asked, redis):
    _, lease, entry = asked
    await desk.finish(lease, entry)
    await redis.delete(desk.keys.partition(MEI.partition).lease)
    again = await Worker(desk, "w2").takes(MEI.partition)
    assert await desk.inbox([again], 0) == []


async def test_notice_is_marked_and_spoken_by_the_system(desk, asked):
    _, lease, entry = asked
    (event,) = await desk.commit_turn(lease, entry, Turn(1, [Reply("您前面还有 2 位", notice=True)]))
    assert (event.author.role, event.body["notice"]) == ("system", True)


async def test_nothing_is_pushed_unless_the_channel_says_so(desk, asked, redis):
    _, lease, entry = asked
    await desk.commit_turn(lease, entry, Turn(1, [Reply("可以")]))
    assert await redis.exists(desk.keys.partition(MEI.partition).outbox) == 0


async def test_pushed_channel_gets_each_of_our_messages_in_the_outbox(settings, clock, redis):
    from dataclasses import replace

    from desk import Desk

    pushed = replace(settings, pushed_channels=frozenset({"widget"}))
    async with await Desk.connect(pushed, clock) as desk:
        receipt = await writes(desk, "在吗", address=BO)
        worker = Worker(desk)
        lease = await worker.takes(BO.partition)
        await worker.answers(lease, await worker.next_entry(lease), "在的")
        await desk.claim(receipt.conversation, LIN)
        await desk.say(receipt.conversation, LIN, 2, "a1", "您好")
        outbox = await redis.xrange(desk.keys.partition(BO.partition).outbox)
    assert [fields for _, fields in outbox] == [
        {"conversation": receipt.conversation, "seq": "3", "customer": BO.digest},
        {"conversation": receipt.conversation, "seq": "5", "customer": BO.digest},
    ]
