"""Whatever is down, the customer gets an answer, or an honest word and a way to a person."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import pytest
from prometheus_client import generate_latest

from tests.worker.scripted_rasa import says
from tests.worker.shop import NIGHT, Shop, texts
from tests.worker.small_server import SmallServer

REFUND = ("answer", [("refund", 0.93)])


@pytest.mark.parametrize(
    "trouble", ["dead", "500", "no_model", "action_failed", "empty", "unreadable", "wrong_secret", "slow"]
)
async def test_the_knowledge_base_answers_alone_when_rasa_cannot(shop: Shop, trouble: str) -> None:
    shop.knowledge.outcomes["怎么退款"] = REFUND
    await break_rasa(shop, trouble)
    async with shop.worker(rasa_seconds=0.3):
        [reply] = await shop.ask("怎么退款")
    assert reply.text.startswith("在**我的订单**")
    assert reply.body["article"]["id"] == "refund"
    assert (await shop.conversation()).state == "bot"


async def test_two_questions_are_both_answered_without_rasa(shop: Shop) -> None:
    asked = "怎么退款\n订单到哪了"
    shop.knowledge.outcomes[asked] = ("answer", [("refund", 0.93)])
    shop.knowledge.also[asked] = [("track", 0.9)]
    shop.rasa.status = 500
    async with shop.worker():
        assert [reply.body["article"]["id"] for reply in await shop.ask(asked)] == ["refund", "track"]


@pytest.mark.parametrize("trouble", ["dead", "action_failed", "empty", "slow"])
async def test_a_question_without_an_answer_goes_to_a_person_when_one_is_there(shop: Shop, trouble: str) -> None:
    await shop.desk.set_presence("lin", True)
    await break_rasa(shop, trouble)
    async with shop.worker(rasa_seconds=0.3):
        [reply] = await shop.ask("我的猫不喜欢")
    assert "暂时处理不了" in reply.text
    assert "转接人工" in reply.text
    [waiting] = await shop.desk.waiting()
    assert waiting.reason == "fallback"


async def test_at_night_the_customer_hears_when_people_are_back_and_leaves_a_number(shop: Shop) -> None:
    shop.clock.now = NIGHT
    await shop.rasa.stop()
    async with shop.worker():
        [reply] = await shop.ask("订单有问题，帮帮我")
        assert "11月23日（周一）09:00" in reply.text
        assert "手机号或邮箱" in reply.text
        [booked] = await shop.ask("１３８ １２３４ ５６７８")
        [again] = await shop.ask("还是有问题")
    [ticket] = await shop.desk.tickets()
    assert ticket.fields == {"contact": "138 1234 5678", "summary": "订单有问题，帮帮我"}
    assert ticket.kind == "callback"
    assert ticket.id in booked.text
    assert f"（工单号 {ticket.id}）" in again.text


async def test_a_contact_that_was_asked_for_is_understood_when_rasa_is_back(shop: Shop) -> None:
    shop.clock.now = NIGHT
    await shop.rasa.stop()
    async with shop.worker():
        await shop.ask("help me please with this")
        await shop.rasa.start()
        [booked] = await shop.ask("li.ming@example.com")
        [bot] = await shop.ask("li.ming@example.com")
    assert "call-back" in booked.text
    assert bot.text.startswith("heard")


async def test_whoever_asks_for_a_person_gets_one_without_rasa(shop: Shop) -> None:
    await shop.desk.set_presence("lin", True)
    shop.knowledge.outcomes["我要转人工"] = REFUND
    await shop.rasa.stop()
    async with shop.worker():
        [reply] = await shop.ask("我要转人工")
    assert reply.text == "正在为您转接人工客服，请稍候，您不用重复描述问题。"
    assert (await shop.desk.waiting())[0].reason == "asked"


async def test_a_choice_is_offered_and_taken_without_rasa(shop: Shop) -> None:
    shop.knowledge.outcomes["退订"] = ("choice", [("refund", 0.4), ("track", 0.3)])
    await shop.rasa.stop()
    async with shop.worker():
        [choice] = await shop.ask("退订")
        [reply] = await shop.ask("怎么退款？", payload=choice.buttons[0]["payload"])
    assert [button["title"] for button in choice.buttons] == ["怎么退款？", "怎么查询订单？", "转人工"]
    assert reply.body["article"]["id"] == "refund"


async def test_without_the_knowledge_base_rasa_goes_on_alone(shop: Shop) -> None:
    await shop.knowledge.stop()
    async with shop.worker():
        assert texts(await shop.ask("怎么退款")) == ["heard 1: 怎么退款"]
    assert shop.rasa.bodies[0]["knowledge"] is None
    assert shop.rasa.bodies[0]["vector"] is None


async def test_an_article_that_cannot_be_had_is_admitted(shop: Shop) -> None:
    await shop.knowledge.stop()
    shop.rasa.answer = lambda _: {"replies": [{"article": {"id": "refund", "version": 3}}]}
    async with shop.worker():
        [reply] = await shop.ask("怎么退款")
    assert "暂时打不开" in reply.text
    assert list(reply.buttons) == [{"title": "转人工", "payload": "/ask_person"}]


async def test_with_everything_down_the_customer_still_hears_of_it(shop: Shop) -> None:
    await shop.rasa.stop()
    await shop.knowledge.stop()
    async with shop.worker():
        [reply] = await shop.ask("怎么退款")
    assert "您的消息我们已经收到" in reply.text
    assert "留下您的手机号" in reply.text


@pytest.mark.parametrize("hanging", [["rasa"], ["knowledge"], ["rasa", "knowledge"]])
async def test_a_server_that_accepts_and_never_answers_costs_seconds_at_most(shop: Shop, hanging: list[str]) -> None:
    """With the times of the product, the message after the first one included."""
    await shop.desk.set_presence("lin", True)
    clock = asyncio.get_running_loop().time
    async with AsyncExitStack() as stack:
        for name in hanging:
            await stack.enter_async_context(in_place_of(getattr(shop, name)))
        async with shop.worker():
            started = clock()
            receipts = [await shop.say("怎么退款", user) for user in ("mei", "bo", "an", "li")]
            replies = [(await shop.answered(receipt))[0].text for receipt in receipts]
            took = clock() - started
            await shop.ask("在吗", "wang")  # by now nothing hopeless is waited for
            again = clock() - started - took
    assert took < 6
    assert again < 2 if hanging == ["knowledge"] else again < 4
    for reply in replies:
        assert ("heard" if hanging == ["knowledge"] else "转接人工") in reply


async def test_how_the_neighbours_are_is_shown(shop: Shop) -> None:
    async with shop.worker() as worker:
        await shop.ask("一")
        assert worker.neighbours.states() == {"rasa": "ok", "knowledge": "ok", "actions": "ok"}
        shop.rasa.status, shop.rasa.error = 503, "action_failed"
        await shop.ask("二")
        assert worker.neighbours.states() == {"rasa": "ok", "knowledge": "ok", "actions": "failing"}
        await shop.rasa.stop()
        await shop.knowledge.stop()
        for number in range(3):
            await shop.ask(f"三{number}", user=f"u{number}")
        assert worker.neighbours.states() == {"rasa": "left_alone", "knowledge": "left_alone", "actions": "failing"}
        shown = generate_latest(shop.metrics.registry).decode()
    for line in ('breaker_open{target="rasa"} 1.0', 'breaker_open{target="knowledge"} 1.0', "actions_failing 1.0"):
        assert f"zhiban_worker_{line}" in shown


async def test_the_dialogue_goes_on_where_it_was_once_rasa_is_back(shop: Shop) -> None:
    async with shop.worker():
        await shop.ask("你好")
        shop.rasa.status = 503
        await shop.ask("听得见吗")
        shop.rasa.status = 200
        assert texts(await shop.ask("在吗")) == ["heard 2: 在吗"]


async def test_a_dead_rasa_is_not_waited_for_by_every_message(shop: Shop) -> None:
    await break_rasa(shop, "slow")
    async with shop.worker(rasa_seconds=0.2):
        for number in range(6):
            await shop.ask(f"问题{number}")
    assert len(shop.rasa.bodies) == 3


async def test_a_handoff_without_a_sentence_gets_one(shop: Shop) -> None:
    shop.rasa.answer = lambda _: {"replies": [], "commands": [{"command": "handoff.request", "reason": "asked"}]}
    async with shop.worker():
        [reply] = await shop.ask("转人工")
    assert "转接人工" in reply.text


async def test_a_poisoned_message_is_apologised_for_and_the_next_one_answered(shop: Shop) -> None:
    def poison(body: dict[str, str]) -> object:
        return says("?", {"command": "unheard.of"}) if body["text"] == "毒" else says("好")

    shop.rasa.answer = poison
    async with shop.worker():
        poisoned, healthy = await shop.say("毒"), await shop.say("你好")
        [sorry] = await shop.answered(poisoned)
        [answer] = await shop.answered(healthy)
        await shop.idle()
    assert "没能处理成功" in sorry.text
    assert answer.text == "好"
    assert shop.rasa.texts == ["毒", "毒", "毒", "你好"]


async def test_tickets_are_told_only_to_their_customer_or_with_the_right_contact(shop: Shop) -> None:
    fields = {"contact": "138 1234 5678"}
    shop.rasa.answer = lambda _: says(
        "{ticket}", {"command": "ticket.open", "kind": "complaint", "fields": fields, "due_hours": 24}
    )

    async def ask_status(user: str, number: str, tail: str | None) -> str:
        status = {"ticket": number, **({"contact_tail": tail} if tail else {})}
        shop.rasa.answer = lambda _: {"replies": [{"ticket_status": status}]}
        return (await shop.ask("查工单", user=user))[0].text

    async with shop.worker():
        ticket = (await shop.ask("投诉"))[0].text
        own = await ask_status("li", ticket.lower(), None)
        right_tail = await ask_status("other", ticket, "5678")
        wrong = [await ask_status("other", ticket, tail) for tail in ("1234", None, "678", "")]
        missing = await ask_status("third", "T99-1", "5678")
        too_many = await ask_status("other", ticket, "5678")
        still_own = await ask_status("li", ticket, None)
    assert own.startswith(f"工单 {ticket}（投诉）：已受理")
    assert own == right_tail == still_own
    assert {*wrong} == {missing}
    assert "没有查到" in missing
    assert "次数过多" in too_many


async def break_rasa(shop: Shop, trouble: str) -> None:
    never = asyncio.Event()
    match trouble:
        case "dead":
            await shop.rasa.stop()
        case "slow":
            shop.rasa.hold = lambda _: forever(never)
        case "empty":
            shop.rasa.answer = lambda _: {"replies": [], "commands": [], "dialogue": {"turns": 9}}
        case "unreadable":
            shop.rasa.answer = lambda _: {"replies": [{"article": "refund"}]}
        case "wrong_secret":
            shop.rasa.secret = "another"
        case "500":
            shop.rasa.status = 500
        case code:
            shop.rasa.status, shop.rasa.error = 503, code


@asynccontextmanager
async def in_place_of(server: SmallServer) -> AsyncIterator[None]:
    """A server that accepts connections and reads, and never answers."""
    await server.stop()
    kept: list[asyncio.StreamWriter] = []

    async def never(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        kept.append(writer)
        while await reader.read(1000):
            pass

    hanging = await asyncio.start_server(never, "127.0.0.1", server.port)
    try:
        yield
    finally:
        for writer in kept:
            writer.close()
        hanging.close()
        await hanging.wait_closed()


async def forever(never: asyncio.Event) -> None:
    await never.wait()
