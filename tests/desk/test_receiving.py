"""A customer's message is numbered, kept and put in the inbox in one step."""

import asyncio
import json

import pytest

from desk import Address, AttachmentNotFound, ConversationNotFound, Incoming, Reply, TooLong, Turn
from tests.desk.cast import BO, LIN, MEI, MORNING, asks_for_a_person, writes
from tests.desk.warm import warm


async def test_first_message_opens_a_conversation_and_follows_its_opening(desk):
    receipt = await writes(desk, "我的快递三天没动了")
    opened, message = await desk.events(receipt.conversation)
    assert (opened.seq, opened.type, opened.body["to"], opened.body["reason"]) == (1, "state", "bot", "opened")
    assert (message.seq, message.text, message.author.role) == (2, "我的快递三天没动了", "customer")
    assert receipt.seq == 2
    assert not receipt.duplicate
    assert receipt.conversation.startswith(f"c{MEI.partition}-")


async def test_second_message_goes_to_the_same_conversation(desk):
    first = await writes(desk, "在吗")
    second = await writes(desk, "能退款吗", "m2")
    assert second.conversation == first.conversation
    assert second.seq == first.seq + 1


async def test_customers_do_not_share_a_conversation_nor_message_ids(desk):
    mei, bo = await writes(desk, "我是梅"), await writes(desk, "我是波", address=BO)
    assert mei.conversation != bo.conversation
    assert not bo.duplicate


async def test_same_message_id_from_two_customers_of_one_partition_is_two_messages(desk):
    twin = next(a for n in range(10_000) if (a := Address("widget", "shop", f"x{n}")).partition == MEI.partition)
    mei, other = await writes(desk, "我是梅"), await writes(desk, "我是另一位", address=twin)
    assert not other.duplicate
    assert mei.conversation != other.conversation


async def test_repeated_message_gets_the_first_receipt_again(desk):
    first = await writes(desk, "在吗")
    again = await writes(desk, "在吗")
    assert (again.conversation, again.seq, again.duplicate) == (first.conversation, first.seq, True)
    assert len(await desk.events(first.conversation)) == 2


async def test_message_repeated_twenty_times_at_once_is_one_event(desk):
    await warm(desk, 20)
    receipts = await asyncio.gather(*(writes(desk, "在吗") for _ in range(20)))
    assert len({(r.conversation, r.seq) for r in receipts}) == 1
    assert sum(not r.duplicate for r in receipts) == 1
    assert len(await desk.events(receipts[0].conversation)) == 2


async def test_messages_sent_at_once_share_one_conversation_and_leave_no_gap(desk):
    await warm(desk, 20)
    receipts = await asyncio.gather(*(writes(desk, f"第{n}句", f"m{n}") for n in range(20)))
    assert len({r.conversation for r in receipts}) == 1
    assert sorted(r.seq for r in receipts) == list(range(2, 22))
    events = await desk.events(receipts[0].conversation)
    assert [event.seq for event in events] == list(range(1, 22))


async def test_message_after_close_opens_a_new_conversation_numbered_from_one(desk):
    first = await writes(desk, "在吗")
    await desk.close(first.conversation, LIN, 1)
    second = await writes(desk, "又来了", "m2")
    assert second.conversation != first.conversation
    assert second.seq == 2
    assert (await desk.open_conversation(MEI)).id == second.conversation


async def test_closing_while_messages_arrive_loses_none(desk):
    first = await writes(desk, "在吗")
    _, *receipts = await asyncio.gather(
        desk.close(first.conversation, LIN, 1), *(writes(desk, f"第{n}句", f"n{n}") for n in range(10))
    )
    kept = [e.text for r in {r.conversation for r in receipts} for e in await desk.events(r) if e.type == "message"]
    assert {f"第{n}句" for n in range(10)} <= set(kept)


async def test_events_after_a_number_come_in_order_and_limited(desk):
    receipt = await writes(desk, "一")
    for number in range(5):
        await writes(desk, str(number), f"n{number}")
    assert [e.seq for e in await desk.events(receipt.conversation, after=3, limit=2)] == [4, 5]
    assert await desk.events(receipt.conversation, after=99) == []


async def test_unknown_conversation_is_not_found(desk):
    for id_ in ("c1-01M80HSJ6Y0YVNSP23EM641J6W", "c99-01M80HSJ6Y0YVNSP23EM641J6W", "", "c1", "x" * 500, "c1-*"):
        with pytest.raises(ConversationNotFound):
            await desk.conversation(id_)
        with pytest.raises(ConversationNotFound):
            await desk.events(id_)


async def bot_offers(desk, worker, buttons):
    receipt = await writes(desk, "我要退款", "m0")
    lease = await worker.takes(MEI.partition)
    entry = await worker.next_entry(lease)
    await desk.commit_turn(lease, entry, Turn(1, [Reply("您是想问?", buttons)]))
    return receipt.conversation, lease


async def last_event(desk, receipt):
    return (await desk.events(receipt.conversation, after=receipt.seq - 1))[0]


async def test_tapped_button_is_kept_as_its_title_with_its_payload(desk, worker):
    await bot_offers(desk, worker, [{"title": "查订单", "payload": "/check_order"}])
    event = await last_event(desk, await writes(desk, "查订单", "m1", payload="/check_order"))
    assert (event.text, event.payload) == ("查订单", "/check_order")


async def test_payload_sent_as_text_by_a_plain_client_counts_as_the_button(desk, worker):
    await bot_offers(desk, worker, [{"title": "查订单", "payload": '/check_order{"a":"1/2"}'}])
    event = await last_event(desk, await writes(desk, '/check_order{"a":"1/2"}'))
    assert (event.text, event.payload) == ("查订单", '/check_order{"a":"1/2"}')


@pytest.mark.parametrize("typed", ["/restart", "/session_start", "/affirm", '/x@1.0{"order":"A99999999"}'])
async def test_commands_that_no_button_offered_stay_text(desk, worker, typed):
    await bot_offers(desk, worker, [{"title": "查订单", "payload": "/check_order"}])
    as_text = await last_event(desk, await writes(desk, typed, "m1"))
    as_payload = await last_event(desk, await writes(desk, "好", "m2", payload=typed))
    alone = await last_event(desk, await writes(desk, "", "m3", payload=typed))
    assert (as_text.text, as_text.payload) == (typed, None)
    assert (as_payload.text, as_payload.payload) == ("好", None)
    assert (alone.text, alone.payload) == (typed, None)


async def test_button_of_an_earlier_bot_message_no_longer_counts(desk, worker):
    conversation, lease = await bot_offers(desk, worker, [{"title": "查订单", "payload": "/check_order"}])
    await writes(desk, "别的", "m1")
    assert (await desk.conversation(conversation)).buttons  # nobody answered yet
    await worker.answers(lease, await worker.next_entry(lease), "没有按钮")
    event = await last_event(desk, await writes(desk, "查订单", "m2", payload="/check_order"))
    assert event.payload is None


async def test_person_who_holds_it_gets_the_message_and_the_inbox_does_not(desk, worker):
    conversation, lease = await asks_for_a_person(desk, worker)
    await desk.claim(conversation, LIN)
    await writes(desk, "你好", "m2")
    assert await desk.inbox([lease], 0) == []


async def test_language_and_vouched_name_stay_with_the_customer(desk):
    first = await writes(desk, "hello", language="en", vouched_as="member-7")
    await desk.close(first.conversation, LIN, 1)
    second = await writes(desk, "again", "m2")
    conversation = await desk.conversation(second.conversation)
    assert (conversation.language, conversation.vouched_as) == ("en", "member-7")


async def test_too_long_is_refused_and_nothing_is_kept(desk):
    for incoming in (
        Incoming(MEI, "m1", "长" * 4001),
        Incoming(MEI, "m" * 201, "hi"),
        Incoming(MEI, "m1", "hi", attachments=["a"] * 5),
        Incoming(Address("widget", "shop", "u" * 201), "m1", "hi"),
    ):
        with pytest.raises(TooLong):
            await desk.receive(incoming)
    assert await desk.open_conversation(MEI) is None


async def test_broken_characters_and_control_characters_are_survived(desk, worker):
    await bot_offers(desk, worker, [{"title": "是", "payload": "/affirm"}])
    receipt = await writes(desk, 'a\ud800b\x00\x1f\u2028"\\ {"x": [[[]]]} 😀', "id\udfff")
    event = await last_event(desk, receipt)
    assert event.text == 'a\ufffdb\x00\x1f\u2028"\\ {"x": [[[]]]} 😀'
    json.dumps(event.as_dict()).encode()
    again = await last_event(desk, await writes(desk, "\x00\ud800", "m9"))
    assert again.text == "\x00\ufffd"


async def test_picture_goes_along_with_its_type(desk):
    picture = await desk.save_attachment(MEI, "image/png", b"\x89PNG\x00\xff")
    event = await last_event(desk, await writes(desk, "", attachments=[picture.id]))
    assert event.attachments == ({"id": picture.id, "type": "image/png"},)
    assert (await desk.attachment(picture.id)).data == b"\x89PNG\x00\xff"


async def test_another_customers_picture_cannot_be_sent(desk):
    picture = await desk.save_attachment(BO, "image/png", b"x")
    for id_ in (picture.id, "a1-01M80HSJ7VGXSMXQ92QC5TB42C", "a99-x", "nonsense"):
        with pytest.raises(AttachmentNotFound):
            await writes(desk, "看", attachments=[id_])
    assert await desk.open_conversation(MEI) is None


async def test_picture_above_two_mebibytes_is_refused_and_others_last_thirty_days(desk, redis):
    with pytest.raises(TooLong):
        await desk.save_attachment(MEI, "image/png", b"x" * (2 * 1024 * 1024 + 1))
    picture = await desk.save_attachment(MEI, "image/png", b"x")
    seconds = await redis.ttl(desk.keys.partition(MEI.partition).attachment(picture.id))
    assert 29 * 24 * 3600 < seconds <= 30 * 24 * 3600
    with pytest.raises(AttachmentNotFound):
        await desk.attachment(f"a{MEI.partition}-01M80HSJ7VGXSMXQ92QC5TB42C")


async def test_moments_are_those_of_the_clock_in_utc_milliseconds(desk, clock):
    clock.advance(milliseconds=123)
    event = await last_event(desk, await writes(desk, "在吗"))
    assert event.as_dict()["at"] == "2026-11-22T02:00:00.123Z"
    assert (await desk.conversation(event.conversation)).opened_at == clock.now > MORNING
