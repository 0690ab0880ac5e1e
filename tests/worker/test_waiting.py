"""A customer who waits for a person hears where they stand, and is never left waiting without a word."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from desk import Conversation, Event
from gateway.worker.callbacks import Callbacks
from gateway.worker.timers import Timers
from gateway.worker.words import Words
from tests.worker.scripted_rasa import says
from tests.worker.shop import OPEN, Shop


async def test_who_waits_is_told_the_place_at_most_once_a_minute(shop: Shop) -> None:
    await shop.desk.set_presence("lin", True, ttl_seconds=3600)
    async with shop.worker():
        await wait_for_person(shop, "wang")
        shop.clock.pass_(seconds=1)
        waiting = await wait_for_person(shop, "li")
        [at_once] = await shop.until(waiting.id, lambda events: [e for e in events if e.body.get("notice")])
        await shop.say("还要多久")
        await shop.idle()
        shop.clock.pass_(seconds=61)
        [place] = await shop.ask("还要多久啊")
        await shop.say("？")
        await shop.idle()
        [next_] = await shop.ask("hello?? anyone there please", user="wang")
    assert at_once.text == place.text == "正在为您接通人工客服，您前面还有 1 位，请稍候。"
    assert place.body["notice"] is True
    assert next_.text == "We are connecting you to a colleague. You are next."
    notices = [event for event in await log(shop) if event.body.get("notice")]
    assert len(notices) == 2
    assert "还要多久" not in shop.rasa.texts


@pytest.mark.parametrize(
    ("language", "text", "waited", "expected"),
    [
        ("zh-Hans", "转人工", 40, "正在为您接通人工客服，下一位就是您，请稍候。预计一分钟左右就能接通。"),
        ("zh-Hant", "轉人工", 130, "正在為您接通人工客服，下一位就是您，請稍候。預計還需等待 3 分鐘左右。"),
        (
            "en",
            "a person please",
            130,
            "We are connecting you to a colleague. You are next. It should take about 3 minutes.",
        ),
    ],
    ids=lambda value: value if value in ("zh-Hans", "zh-Hant", "en") else "",
)
async def test_who_joins_the_queue_is_told_about_how_long_it_takes_once_that_is_known(
    shop: Shop, language: str, text: str, waited: int, expected: str
) -> None:
    lin = await shop.desk.agents.sign_up("lin", "correct horse", capacity=9)
    await shop.desk.set_presence("lin", True, ttl_seconds=36000)
    async with shop.worker():
        for number in range(5):
            waiting = await wait_for_person(shop, f"user-{number}")
            assert not [event for event in await shop.desk.events(waiting.id) if event.body.get("notice")]
            shop.clock.pass_(seconds=waited)
            assert await shop.desk.routing.next(lin)
        waiting = await wait_for_person(shop, "li", text, language=language)
        [told] = await shop.until(waiting.id, lambda events: [e for e in events if e.body.get("notice")])
    assert told.text == expected


async def test_who_waits_may_leave_the_queue_by_button_or_in_words(shop: Shop) -> None:
    await shop.desk.set_presence("lin", True, ttl_seconds=3600)
    async with shop.worker():
        for user in ("li", "wang"):
            await wait_for_person(shop, user)
        shop.clock.pass_(seconds=61)
        [place] = await shop.ask("还要多久", user="li")
        [left] = await shop.ask("取消排队", user="li", payload=place.buttons[0]["payload"])
        [left_too] = await shop.ask("不等了。", user="wang")
        [bot] = await shop.ask("你好", user="li")
    assert left.text == left_too.text == "好的，已为您取消排队。还有什么可以帮您？"
    assert bot.text.startswith("heard")
    assert await shop.desk.waiting() == []


async def test_after_five_minutes_an_apology_a_callback_and_the_bot_again(shop: Shop) -> None:
    await shop.desk.set_presence("lin", True, ttl_seconds=3600)
    async with shop.worker():
        await shop.ask("我的电话13812345678，东西坏了")
        waiting = await wait_for_person(shop, "li")
        shop.clock.pass_(minutes=4, seconds=59)
        assert (await shop.conversation()).state == "waiting"
        shop.clock.pass_(seconds=2)
        await shop.until(waiting.id, reached("bot", times=2))
        [bot] = await shop.ask("好吧")
    [ticket] = await shop.desk.tickets()
    events = await log(shop)
    sorry = next(event for event in events if "久等" in event.text)
    assert ticket.fields["contact"] == "13812345678"
    assert ticket.id in sorry.text
    assert [e.body["reason"] for e in events if e.type == "state"] == ["opened", "asked", "waiting_limit"]
    assert bot.text.startswith("heard")


async def test_after_the_limit_one_without_a_contact_is_asked_for_it_and_it_is_taken(shop: Shop) -> None:
    await shop.desk.set_presence("lin", True, ttl_seconds=3600)
    async with shop.worker():
        waiting = await wait_for_person(shop, "li")
        shop.clock.pass_(minutes=6)
        await shop.until(waiting.id, reached("bot", times=2))
        [booked] = await shop.ask("13812345678")
    [ticket] = await shop.desk.tickets()
    assert booked.text == f"已为您登记回电，工单号 {ticket.id}，我们会尽快联系您。"


async def test_when_everybody_went_home_those_who_wait_go_back_to_the_bot(shop: Shop) -> None:
    await shop.desk.set_presence("lin", True, ttl_seconds=3600)
    async with shop.worker():
        await wait_for_person(shop, "li")
    words = Words.load(ZoneInfo("Asia/Shanghai"))
    timers = Timers(shop.desk, Callbacks(shop.desk, words), words, 60, shop.clock)
    lease = await shop.desk.lease((await shop.conversation()).partition, "keeper", ttl_ms=60_000)
    assert lease is not None
    await timers.send_back_unattended([lease])
    await shop.desk.set_presence("lin", False, ttl_seconds=0)
    for seconds in (1, 59):
        shop.clock.pass_(seconds=seconds)
        await timers.send_back_unattended([lease])
        assert (await shop.conversation()).state == "waiting"
    shop.clock.pass_(seconds=1)
    await timers.send_back_unattended([])
    assert (await shop.conversation()).state == "waiting"
    await timers.send_back_unattended([lease])
    assert (await shop.conversation()).state == "bot"
    events = await log(shop)
    assert events[-1].body["reason"] == "nobody_on_duty"
    assert "没有人工客服在岗" in events[-2].text


async def test_an_agent_who_vanishes_puts_the_customer_at_the_front(shop: Shop) -> None:
    await shop.desk.set_presence("lin", True, ttl_seconds=3600)
    async with shop.worker():
        waiting = await wait_for_person(shop, "li")
        await shop.desk.claim(waiting.id, "mei")
        await wait_for_person(shop, "wang")
        shop.clock.pass_(seconds=65)
        await shop.until(waiting.id, reached("waiting", times=2))
        queue = await shop.desk.waiting()
    assert queue[0].conversation == waiting.id
    assert "暂时离开" in next(e.text for e in reversed(await log(shop)) if e.type == "message")


async def test_silence_closes_after_half_an_hour_with_the_bot_and_a_day_with_a_person(shop: Shop) -> None:
    async with shop.worker():
        await shop.ask("你好", user="li")
        await shop.ask("你好", user="wang")
        quiet, held = await shop.conversation("li"), await shop.conversation("wang")
        await shop.desk.claim(held.id, "lin")
        await shop.desk.set_presence("lin", True, ttl_seconds=30 * 3600)
        shop.clock.pass_(minutes=31)
        await shop.until(quiet.id, reached("closed"))
        assert (await shop.desk.conversation(held.id)).state == "person"
        shop.clock.pass_(hours=24)
        await shop.until(held.id, reached("closed"))
        await shop.ask("又来了", user="li")
    assert (await shop.conversation("li")).id != quiet.id
    assert shop.clock.now > OPEN + timedelta(hours=24)


async def wait_for_person(shop: Shop, user: str, text: str = "转人工", **more: str) -> Conversation:
    answer = shop.rasa.answer
    shop.rasa.answer = lambda _: says("马上转接", {"command": "handoff.request", "reason": "asked"})
    await shop.ask(text, user=user, **more)
    shop.rasa.answer = answer
    return await shop.conversation(user)


async def log(shop: Shop, user: str = "li") -> list[Event]:
    return await shop.desk.events((await shop.conversation(user)).id)


def reached(state: str, times: int = 1):
    def seen(events: list[Event]) -> bool:
        return sum(event.type == "state" and event.body["to"] == state for event in events) >= times

    return seen
