"""A message travels: understood once, answered by the bot, rendered, committed with its commands."""

import base64

import pytest

from desk import Address
from tests.worker.scripted_rasa import says
from tests.worker.shop import NIGHT, Shop, texts


async def test_the_bot_answers_and_the_dialogue_travels(shop: Shop) -> None:
    async with shop.worker():
        assert texts(await shop.ask("你好")) == ["heard 1: 你好"]
        assert texts(await shop.ask("在吗")) == ["heard 2: 在吗"]
    assert shop.rasa.bodies[1]["dialogue"] == {"turns": 1, "epoch": 1}


async def test_rasa_is_sent_what_the_contract_says(shop: Shop) -> None:
    shop.clock.now = NIGHT
    shop.knowledge.outcomes["怎么退款"] = ("answer", [("refund", 0.93)])
    async with shop.worker():
        receipt = await shop.say("怎么退款")
        await shop.answered(receipt)
    [body] = shop.rasa.bodies
    assert body | {"vector": None, "conversation": "c", "dialogue": "d"} == {
        "conversation": "c",
        "epoch": 1,
        "message_id": "m1",
        "text": "怎么退款",
        "language": "zh-Hans",
        "dialogue": "d",
        "knowledge": {
            "outcome": "answer",
            "base_version": "7",
            "articles": [{"id": "refund", "version": 3, "confidence": 0.93, "question": "怎么退款？", "flow": None}],
            "also": [],
        },
        "vector": None,
        "desk": {"open": False, "reachable": False, "opens_at": "2026-11-23T01:00:00.000Z", "tickets": []},
    }
    assert body["dialogue"] is None
    assert len(base64.b64decode(body["vector"]["values"])) == 4 * body["vector"]["encoder"]["dimension"]


async def test_the_parts_of_a_message_go_to_rasa_with_it(shop: Shop) -> None:
    shop.knowledge.parts["包裹到哪了\n/帮我开票"] = ["包裹到哪了", "/帮我开票"]
    async with shop.worker():
        await shop.ask("包裹到哪了\n/帮我开票")
    vector = shop.rasa.bodies[0]["vector"]
    assert vector["parts"] == [
        {"text": "包裹到哪了", "values": vector["values"]},
        {"text": "／帮我开票", "values": vector["values"]},
    ]


async def test_an_article_is_rendered_with_its_title_and_a_button_for_its_flow(shop: Shop) -> None:
    shop.rasa.answer = lambda _: {"replies": [{"article": {"id": "track", "version": 3}}], "dialogue": {}}
    async with shop.worker():
        [chinese] = await shop.ask("订单到哪了")
        [english] = await shop.ask("where is my order", user="ann")
        [traditional] = await shop.ask("我的訂單到哪了", user="chen")
    assert chinese.text == "把订单号发给我。"
    assert chinese.body["article"] == {"id": "track", "version": 3, "title": "怎么查询订单？", "category": "orders"}
    assert list(chinese.buttons) == [{"title": "查询订单", "payload": "/check_order"}]
    assert (english.text, english.buttons[0]["title"]) == ("Send me the order number.", "Check an order")
    assert (traditional.text, traditional.buttons[0]["title"]) == ("把訂單號發給我。", "查詢訂單")


async def test_everything_the_bot_says_is_in_traditional_for_those_who_write_it(shop: Shop) -> None:
    buttons = [{"title": "转人工", "payload": "/ask_person"}]
    shop.rasa.answer = lambda _: says("请发短信给我们的软件部门", buttons=buttons)
    async with shop.worker():
        [reply] = await shop.ask("請問怎麼退貨")
    assert reply.text == "請發簡訊給我們的軟體部門"
    assert list(reply.buttons) == [{"title": "轉人工", "payload": "/ask_person"}]


async def test_buttons_of_a_choice_bear_the_question_in_the_customers_language(shop: Shop) -> None:
    payload = '/choose_article{"article_id":"refund","article_version":3}'
    shop.rasa.answer = lambda _: says("Which?", buttons=[{"title": "refund", "payload": payload}])
    async with shop.worker():
        [reply] = await shop.ask("I want my money back")
    assert list(reply.buttons) == [{"title": "How do I get a refund?", "payload": payload}]


async def test_a_conversation_with_a_choice_is_looked_at_once_it_is_closed(shop: Shop) -> None:
    payload = '/choose_article{"article_id":"refund","article_version":3}'
    shop.rasa.answer = lambda _: says("Which?", buttons=[{"title": "refund", "payload": payload}])
    async with shop.worker():
        await shop.ask("I want my money back")
        await shop.ask("hello", user="ann")
        shop.clock.pass_(hours=2)
        assert await shop.desk.assist.claim_to_learn() == []
        await shop.ask("How do I get a refund?", payload=payload)
    shop.clock.pass_(hours=2)
    assert await shop.desk.assist.claim_to_learn() == [(await shop.conversation()).id]


async def test_a_ticket_is_opened_with_the_sentence_that_names_it(shop: Shop) -> None:
    command = {"command": "ticket.open", "kind": "complaint", "fields": {"what": "破了"}, "due_hours": 24}
    shop.rasa.answer = lambda _: says("已登记，工单号 {ticket}。", command)
    async with shop.worker():
        [reply] = await shop.ask("我要投诉")
    [ticket] = await shop.desk.tickets()
    assert reply.text == f"已登记，工单号 {ticket.id}。"
    assert (ticket.kind, ticket.fields["what"]) == ("complaint", "破了")


async def test_a_handoff_and_its_sentence_appear_together(shop: Shop) -> None:
    await shop.desk.set_presence("lin", True)
    shop.rasa.answer = lambda _: says("马上转接", {"command": "handoff.request", "reason": "asked"})
    async with shop.worker():
        receipt = await shop.say("转人工")
        await shop.answered(receipt)
    events = await shop.desk.events(receipt.conversation)
    assert [event.type for event in events] == ["state", "message", "message", "state"]
    assert (await shop.conversation()).state == "waiting"


async def test_the_bot_is_silent_while_a_person_holds_the_conversation_and_begins_afresh_after(shop: Shop) -> None:
    async with shop.worker():
        await shop.ask("你好")
        claimed = await shop.desk.claim((await shop.conversation()).id, "lin")
        await shop.say("你是真人吗")
        await shop.idle()
        await shop.desk.release(claimed.id, "lin", claimed.epoch)
        await shop.ask("好的")
    assert shop.rasa.texts == ["你好", "好的"]
    assert shop.rasa.bodies[1]["dialogue"]["epoch"] != shop.rasa.bodies[1]["epoch"]


async def test_a_claim_during_the_turn_keeps_the_bot_silent(shop: Shop) -> None:
    async def claim(body: dict[str, str]) -> None:
        await shop.desk.claim(body["conversation"], "lin")

    shop.rasa.hold = claim
    async with shop.worker():
        receipt = await shop.say("你好")
        await shop.idle()
    assert [event.author.role for event in await shop.desk.events(receipt.conversation)][-1] == "agent"
    assert len(shop.rasa.bodies) == 1


async def test_a_turn_is_decided_again_when_the_conversation_moved_on(shop: Shop) -> None:
    async def claim_and_release(body: dict[str, str]) -> None:
        shop.rasa.hold = None
        claimed = await shop.desk.claim(body["conversation"], "lin")
        await shop.desk.release(claimed.id, "lin", claimed.epoch)

    shop.rasa.hold = claim_and_release
    async with shop.worker():
        assert texts(await shop.ask("你好")) == ["heard 1: 你好"]
    assert [body["epoch"] for body in shop.rasa.bodies] == [1, 3]
    assert len(shop.knowledge.asked) == 1


@pytest.mark.parametrize(
    "text", ["/restart", "/session_start", "/affirm", '/x@1.0{"a":"b"}', " /restart", "\u200b/affirm", "／restart"]
)
async def test_a_slash_typed_by_a_customer_reaches_rasa_as_text(shop: Shop, text: str) -> None:
    async with shop.worker():
        receipt = await shop.say(text)
        await shop.answered(receipt)
    assert shop.rasa.texts[0].startswith("／")
    [event] = await shop.desk.events(receipt.conversation, receipt.seq - 1, 1)
    assert event.payload is None


async def test_a_tapped_button_reaches_rasa_as_its_payload(shop: Shop) -> None:
    shop.rasa.answer = lambda _: says("好吗？", buttons=[{"title": "好", "payload": "/affirm"}])
    async with shop.worker():
        await shop.ask("你好")
        await shop.ask("好", payload="/affirm")
        shop.rasa.answer = lambda _: says("嗯")
        await shop.ask("/affirm")
        await shop.ask("/affirm")
    assert shop.rasa.texts == ["你好", "/affirm", "/affirm", "／affirm"]
    assert shop.rasa.bodies[1]["knowledge"] is None


async def test_the_first_reply_of_a_widget_says_that_the_bot_is_a_bot(shop: Shop) -> None:
    async with shop.worker():
        first, second = await shop.ask("你好", channel="socketio")
        [later] = await shop.ask("在吗", channel="socketio")
        [rest] = await shop.ask("你好", user="wang", channel="rest")
    assert "智能客服" in first.text
    assert texts([second, later, rest]) == ["heard 1: 你好", "heard 2: 在吗", "heard 1: 你好"]


async def test_a_page_in_chinese_does_not_turn_an_english_customer_back(shop: Shop) -> None:
    async with shop.worker():
        await shop.ask("where is my order please", language="zh-Hans")
        await shop.ask("1234", language="zh-Hans")
        await shop.ask("还有一个问题", language="zh-Hans")
    assert [body["language"] for body in shop.rasa.bodies] == ["en", "en", "zh-Hans"]


async def test_a_picture_alone_is_not_sent_to_rasa(shop: Shop) -> None:
    picture = await shop.desk.save_attachment(Address("rest", "anonymous", "li"), "image/png", b"\x89PNG\r\n\x1a\n")
    async with shop.worker():
        [reply] = await shop.ask("", attachments=(picture.id,))
    assert "图片已收到" in reply.text
    assert list(reply.buttons) == [{"title": "转人工", "payload": "/ask_person"}]
    assert shop.rasa.bodies == []


async def test_a_short_question_after_an_article_is_understood_with_what_was_said_before(shop: Shop) -> None:
    shop.rasa.answer = lambda _: {"replies": [{"article": {"id": "refund", "version": 3}}], "dialogue": {}}
    async with shop.worker():
        await shop.ask("怎么退款")
        await shop.ask("那运费谁出?")
        shop.rasa.answer = lambda _: says("好的")
        await shop.ask("知道了")
        await shop.ask("那国外呢?")
    first, second, _, last = shop.knowledge.asked
    assert "context" not in first
    assert second["context"] == {"articles": ["refund"], "text": "怎么退款"}
    assert "context" not in last  # the bot's last word was no article


async def test_two_questions_have_two_answers_each_with_its_source(shop: Shop) -> None:
    asked = "怎么退款\n订单到哪了"
    shop.knowledge.outcomes[asked] = ("answer", [("refund", 0.93)])
    shop.knowledge.also[asked] = [("track", 0.9)]
    both = [{"article": {"id": name, "version": 3}} for name in ("refund", "track")]
    shop.rasa.answer = lambda _: {"replies": both, "dialogue": {}}
    async with shop.worker():
        refund, track = await shop.ask(asked)
    assert [one.body["article"]["id"] for one in (refund, track)] == ["refund", "track"]
    assert track.buttons[0]["title"] == "查询订单"
    told = shop.rasa.bodies[0]["knowledge"]["also"]
    assert [(one["id"], one["confidence"], one["flow"]) for one in told] == [("track", 0.9, "check_order")]
