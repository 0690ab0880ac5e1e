"""Followers lose nothing when the word that something happened is lost, and cost nothing while nothing happens."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest

from desk import Address, Desk, Event, Incoming
from gateway.doors.follower import Follower
from gateway.doors.nudges import Nudges
from tests.gateway.cast import Bot

MEI = Address("widget", "shop", "mei")


class Page:
    """What a page was sent."""

    def __init__(self, desk: Desk, nudges: Nudges) -> None:
        self.heard: list[Event] = []
        self._more = asyncio.Event()
        self.follower = Follower(desk, nudges, MEI, self._take)

    async def _take(self, events: Sequence[Event]) -> None:
        self.heard += events
        self._more.set()

    async def until(self, count: int, seconds: float = 5) -> None:
        async with asyncio.timeout(seconds):
            while len(self.heard) < count:
                self._more.clear()
                await self._more.wait()

    @property
    def texts(self) -> list[str]:
        return [event.text for event in self.heard if event.type == "message"]


@pytest.fixture
async def nudges() -> Nudges:
    return Nudges()


@pytest.fixture
async def page(desk: Desk, nudges: Nudges) -> AsyncIterator[Page]:
    page = Page(desk, nudges)
    page.follower.start_at(None, 0, None)
    yield page
    page.follower.stop()


@asynccontextmanager
async def following(desk: Desk, nudges: Nudges) -> AsyncIterator[None]:
    running = asyncio.create_task(nudges.run(desk))
    try:
        yield
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def says(desk: Desk, text: str, number: int = 1) -> str:
    return (await desk.receive(Incoming(MEI, f"m{number}", text))).conversation


async def test_what_is_written_is_sent_at_once(desk: Desk, nudges: Nudges, page: Page, bot: Bot) -> None:
    async with following(desk, nudges):
        conversation = await says(desk, "在吗")
        await page.until(2, seconds=1.5)
        await bot.answer(conversation, "在的。")
        await page.until(3, seconds=1.5)
    assert page.texts == ["在吗", "在的。"]


async def test_a_new_conversation_and_an_answer_are_found_though_every_nudge_is_lost(
    desk: Desk, nudges: Nudges, page: Page, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nudges, "nudge", lambda *_: None)
    async with following(desk, nudges):
        conversation = await says(desk, "在吗")
        await page.until(2, seconds=15)  # whoever has no conversation is compared every ten seconds
        await bot.answer(conversation, "在的。")
        await page.until(3, seconds=4)
    assert page.texts == ["在吗", "在的。"]


async def test_after_an_interruption_everybody_is_compared_and_only_those_behind_read(
    desk: Desk, nudges: Nudges, page: Page, bot: Bot
) -> None:
    conversation = await says(desk, "在吗")
    page.follower.look_now()
    await page.until(2)
    await bot.answer(conversation, "在的。")
    up_to_date = Page(desk, nudges)
    up_to_date.follower.start_at(conversation, 3, None)
    while up_to_date.follower._task:
        await asyncio.sleep(0.01)
    rung: list[str] = []
    up_to_date.follower._watch.ring = lambda: rung.append("for nothing")
    await nudges.compare(desk)
    await page.until(3)
    assert rung == []
    up_to_date.follower.stop()


async def test_a_log_that_went_back_is_followed_from_where_it_is(
    desk: Desk, nudges: Nudges, page: Page, bot: Bot
) -> None:
    """As after a failover: the last event was not on the server that took over."""
    async with following(desk, nudges):
        conversation = await says(desk, "在吗")
        await page.until(2)
        await desk.receive(Incoming(MEI, "m2", "这句没到副本"))
        await page.until(3)
        keys = desk.keys.partition(MEI.partition)
        await desk.store.ask("XDEL", keys.log(conversation), "3-0")
        await desk.store.ask("DEL", keys.log(conversation))
        for number, event in enumerate(page.heard[:2], start=1):
            await desk.store.ask("XADD", keys.log(conversation), f"{number}-0", "event", _stored(event))
        await desk.store.ask("HSET", keys.conversation(conversation), "seq", 2)
        await nudges.compare(desk)
        while page.follower.after != 2:
            await asyncio.sleep(0.02)
        await desk.receive(Incoming(MEI, "m3", "换一句"))
        await page.until(4)
    assert [event.seq for event in page.heard] == [1, 2, 3, 3]
    assert page.texts[-1] == "换一句"


def _stored(event: Event) -> str:
    import json

    return json.dumps({key: value for key, value in event.as_dict().items() if key not in ("seq", "conversation")})


async def test_silent_followers_have_no_task_and_leave_nothing_behind(desk: Desk, nudges: Nudges) -> None:
    conversation = await says(desk, "在吗")
    many = [Page(desk, nudges) for _ in range(50)]
    for page in many:
        page.follower.start_at(conversation, 0, None)
    for page in many:
        await page.until(2)
    while any(page.follower._task for page in many):
        await asyncio.sleep(0.01)
    assert [task for task in asyncio.all_tasks() if task.get_name() == "follower"] == []
    for page in many:
        page.follower.stop()
    assert not nudges._watches
    assert not nudges._expected
