"""Messages that wait together are answered together: once, in order, and each of them."""

import asyncio
from typing import Any

import pytest

from desk import Address, Event, InboxEntry
from gateway.worker.burst import MOST_CHARACTERS, burst
from tests.worker.scripted_rasa import says
from tests.worker.shop import Shop, texts
from tests.worker.test_order import bots, count, until

WIDGET = {"channel": "widget"}


async def test_messages_that_wait_are_one_turn_that_answers_all_of_them(shop: Shop) -> None:
    receipts = [await shop.say(text, **WIDGET) for text in ("我的快递", "到哪了", "三天没动了")]
    async with shop.worker():
        answers = await shop.answered(receipts[-1])
        await shop.idle()
    assert texts(answers) == ["heard 1: 我的快递\n到哪了\n三天没动了"]
    assert answers[0].body["reply_to"] == ["m1", "m2", "m3"]
    assert [event.author.role for event in await log(shop)].count("bot") == 1
    assert shop.rasa.bodies[0]["message_id"] == "m1"
    assert [asked["text"] for asked in shop.knowledge.asked] == ["我的快递\n到哪了\n三天没动了"]


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        (["你好", "运费谁出"], "运费谁出"),
        (["您好！", "在嗎？", "我要退貨", "謝謝~"], "我要退貨"),
        (["hello", "Are you there?", "where is my order"], "where is my order"),
        (["好的", "谢谢"], "好的"),
        (["你好", "在吗"], "在吗"),
        (["谢谢", "再见"], "再见"),
        (["你好慢啊", "在吗"], "你好慢啊"),
    ],
)
async def test_a_greeting_does_not_blur_the_question_beside_it(shop: Shop, said: list[str], heard: str) -> None:
    for text in said:
        last = await shop.say(text, **WIDGET)
    async with shop.worker():
        [reply] = await shop.answered(last)
    assert (shop.rasa.texts, [asked["text"] for asked in shop.knowledge.asked]) == ([heard], [heard])
    assert len(reply.body["reply_to"]) == len(said)


async def test_what_is_written_during_a_turn_is_the_next_one(shop: Shop) -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def hold(_: Any) -> None:
        begun.set()
        await go_on.wait()

    shop.rasa.hold = hold
    async with shop.worker() as worker:
        await shop.say("一", **WIDGET)
        await begun.wait()
        for text in ("二", "三"):
            last = await shop.say(text, **WIDGET)
        await until(lambda: worker._conveyor.load, lambda load: load == 3)
        go_on.set()
        await shop.answered(last)
    assert texts(bots(await log(shop))) == ["heard 1: 一", "heard 2: 二\n三"]


async def test_requests_that_each_wait_for_an_answer_are_never_joined(shop: Shop) -> None:
    receipts = [await shop.say(text, channel="rest") for text in ("一", "二")]
    async with shop.worker():
        await shop.answered(receipts[-1])
    assert shop.rasa.texts == ["一", "二"]


async def test_a_tapped_button_and_a_picture_stay_alone(shop: Shop) -> None:
    shop.rasa.answer = lambda body: says(f"好：{body['text']}", buttons=[{"title": "是", "payload": "/affirm"}])
    async with shop.worker():
        await shop.answered(await shop.say("开始", **WIDGET))
    picture = await shop.desk.save_attachment(Address("widget", "anonymous", "li"), "image/png", b"\x89PNG\r\n\x1a\n")
    await shop.say("一", **WIDGET)
    await shop.say("二", **WIDGET)
    await shop.say("", payload="/affirm", **WIDGET)
    await shop.say("三", **WIDGET)
    await shop.say("看图", attachments=(picture.id,), **WIDGET)
    last = await shop.say("四", **WIDGET)
    async with shop.worker():
        await shop.answered(last)
    assert shop.rasa.texts == ["开始", "一\n二", "/affirm", "三", "看图", "四"]


async def test_a_long_burst_is_several_turns(shop: Shop) -> None:
    for number in range(10):
        last = await shop.say(str(number), **WIDGET)
    await shop.say("长" * 1500, user="wang", **WIDGET)
    long = await shop.say("长" * 600, user="wang", **WIDGET)
    async with shop.worker():
        await shop.answered(last)
        await shop.answered(long)
    assert [text.count("\n") + 1 for text in shop.rasa.texts if "长" not in text] == [8, 2]
    assert [len(text) for text in shop.rasa.texts if "长" in text] == [1500, 600]


@pytest.mark.parametrize(
    ("sizes", "together"),
    [
        ([None, 5], 1),
        ([5, None], 1),
        ([1] * 9, 8),
        ([MOST_CHARACTERS + 500, 1], 1),
        ([1000, 999], 2),
        ([1000, 1000], 1),
    ],
)
def test_how_many_are_taken_together(sizes: list[int | None], together: int) -> None:
    waiting = [InboxEntry(f"{number}-0", "c1-x", number, "m", size) for number, size in enumerate(sizes)]
    assert burst(waiting) == waiting[:together]


async def test_a_burst_that_was_begun_twice_is_answered_once(shop: Shop) -> None:
    """The worker loses its lease in the middle; another message comes; the next holder answers all three."""

    async def lose_lease(body: dict[str, Any]) -> None:
        shop.rasa.hold = None
        partition = int(body["conversation"][1:].partition("-")[0])
        await shop.desk.store.ask("DEL", shop.desk.keys.partition(partition).lease)
        await shop.desk.lease(partition, "thief", ttl_ms=700)
        await shop.say("三", **WIDGET)

    await shop.say("一", **WIDGET)
    first = await shop.say("二", **WIDGET)
    shop.rasa.hold = lose_lease
    async with shop.worker():
        await shop.answered(first)
        await shop.idle()
    assert shop.rasa.texts == ["一\n二", "一\n二\n三"]
    assert {body["message_id"] for body in shop.rasa.bodies} == {"m1"}
    assert [event.body["reply_to"] for event in bots(await log(shop))] == [["m1", "m2", "m3"]]


async def test_a_part_that_was_answered_before_is_not_answered_again(shop: Shop) -> None:
    """However it came about, the rest is answered alone."""
    finished: list[str] = []

    async def finish_first(body: dict[str, Any]) -> None:
        shop.rasa.hold = None
        partition = int(body["conversation"][1:].partition("-")[0])
        inbox = shop.desk.keys.partition(partition).inbox
        [[entry, _], *_] = await shop.desk.store.ask("XRANGE", inbox, "-", "+")
        await shop.desk.store.ask("XDEL", inbox, entry)
        finished.append(entry)

    shop.rasa.hold = finish_first
    await shop.say("一", **WIDGET)
    second = await shop.say("二", **WIDGET)
    async with shop.worker():
        await shop.answered(second)
    assert finished
    assert [event.body["reply_to"] for event in bots(await log(shop))] == [["m2"]]


async def test_a_poisoned_message_does_not_take_its_neighbours_with_it(shop: Shop) -> None:
    shop.rasa.answer = lambda body: says("?", {"command": "unheard.of"}) if "毒" in body["text"] else says("好")
    await shop.say("毒", **WIDGET)
    healthy = await shop.say("退货", **WIDGET)
    async with shop.worker():
        await shop.answered(healthy)
    sorry, answer = bots(await log(shop))
    assert "没能处理成功" in sorry.text
    assert (answer.text, answer.body["reply_to"]) == ("好", ["m2"])
    assert shop.rasa.texts == ["毒\n退货", "毒", "毒", "退货"]


async def test_a_burst_to_a_person_is_left_to_the_person(shop: Shop) -> None:
    async def claim(body: dict[str, Any]) -> None:
        await shop.desk.claim(body["conversation"], "lin")

    shop.rasa.hold = claim
    await shop.say("一", **WIDGET)
    await shop.say("二", **WIDGET)
    async with shop.worker():
        await shop.idle()
    assert bots(await log(shop)) == []


async def test_who_waits_and_changes_their_mind_is_heard_in_order(shop: Shop) -> None:
    await shop.desk.set_presence("lin", True)
    shop.rasa.answer = lambda _: says("马上转接", {"command": "handoff.request", "reason": "asked"})
    async with shop.worker():
        await shop.answered(await shop.say("转人工", **WIDGET))
    shop.rasa.answer = lambda body: says(f"好：{body['text']}")
    await shop.say("不用人工了", **WIDGET)
    last = await shop.say("查下快递", **WIDGET)
    async with shop.worker():
        await shop.answered(last)
    assert texts(bots(await log(shop)))[-1] == "好：查下快递"
    assert (await shop.conversation(channel="widget")).state == "bot"


async def test_a_turn_may_wait_for_the_rest_of_a_burst(shop: Shop) -> None:
    async with shop.worker(burst_seconds=0.5) as worker:
        await until(lambda: count(worker), lambda held: held == 64)
        await shop.say("一", **WIDGET)
        await until(lambda: worker._conveyor.load, lambda load: load == 1)
        await shop.answered(await shop.say("二", **WIDGET))
    assert shop.rasa.texts == ["一\n二"]


async def test_who_never_stops_writing_is_answered_all_the_same(shop: Shop) -> None:
    async def keep_talking() -> None:
        while True:
            await asyncio.sleep(0.4)
            await shop.say("嗯", **WIDGET)

    async with shop.worker(burst_seconds=0.6):
        first = await shop.say("啊", **WIDGET)
        talking = asyncio.create_task(keep_talking())
        await shop.answered(first)
        talking.cancel()
    assert len(shop.rasa.texts[0].splitlines()) <= 6  # a turn that waited for silence would take eight


async def test_nobody_waits_for_more_at_rest_or_after_a_tap(shop: Shop) -> None:
    shop.rasa.answer = lambda _: says("好", buttons=[{"title": "是", "payload": "/affirm"}])
    async with shop.worker(burst_seconds=2.0):
        started = asyncio.get_running_loop().time()
        await shop.ask("你好")
        await shop.ask("", payload="/affirm", channel="rest")
        took = asyncio.get_running_loop().time() - started
    assert took < 1.5


async def log(shop: Shop) -> list[Event]:
    return await shop.desk.events((await shop.conversation(channel="widget")).id)
