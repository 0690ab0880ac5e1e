"""Several doors behind one address: who polls has to come back to its door, and finds another one when it is gone."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import socketio
from playwright.async_api import Page, async_playwright, expect

from desk import PARTITIONS, Desk
from tests.gateway.cast import Bot
from tests.gateway.sticky_proxy import StickyProxy, proxied
from tests.web.chromium import CHROMIUM, FLAGS

pytestmark = pytest.mark.slow

WEBCHAT = Path(__file__).parents[1] / "journeys" / "rasa_webchat" / "rasa-webchat-1.0.1.js"
SITE = """<!doctype html><meta charset="utf-8"><body><script src="/outside.js"></script><script>
WebChat.default({socketUrl: location.origin, socketPath: "/socket.io/", title: "Outside"}, null);
</script></body>"""


class Poller:
    """socket.io's own client for Python, without WebSocket; it keeps cookies as a browser does."""

    def __init__(self, http: aiohttp.ClientSession) -> None:
        self.client = socketio.AsyncClient(http_session=http, reconnection_delay=0.1, reconnection_delay_max=0.5)
        self.heard: list[str] = []
        self.session: str | None = None
        self.client.on("bot_uttered", lambda said: self.heard.append(said["text"]))
        self.client.on("session_confirm", self._keep)
        self.client.on("connect", self._ask)

    async def say(self, text: str) -> str:
        """The conversation."""
        receipt = await self.client.call("user_uttered", {"message": text, "session_id": self.session}, timeout=5)
        return str(receipt["conversation"])

    async def until_heard(self, *texts: str) -> None:
        async with asyncio.timeout(15):
            while self.heard != [*texts]:
                await asyncio.sleep(0.02)

    async def leave(self) -> None:
        """Without sitting out the last poll."""
        engine, self.client.reconnection = self.client.eio, False
        reading, writing = engine.read_loop_task, engine.write_loop_task
        await engine.disconnect(abort=True)
        for task in (writing, reading):
            if task is not None and not task.done():
                await asyncio.wait([task], timeout=1)
                task.cancel()
        await asyncio.gather(*filter(None, (reading, writing)), return_exceptions=True)
        await self.client.shutdown()

    async def _ask(self) -> None:
        await self.client.emit("session_request", {"session_id": self.session})

    def _keep(self, session: str) -> None:
        self.session = session


@contextlib.asynccontextmanager
async def poller(url: str) -> AsyncIterator[Poller]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
        one = Poller(http)
        try:
            await one.client.connect(url, transports=["polling"])
            yield one
        finally:
            await one.leave()


@pytest.fixture
async def proxy(start: Any) -> AsyncIterator[StickyProxy]:
    doors = await asyncio.gather(start(), start())
    async with proxied([door.url for door in doors]) as proxy:
        yield proxy


async def test_clients_that_poll_talk_at_both_doors(proxy: StickyProxy, bot: Bot) -> None:
    async with contextlib.AsyncExitStack() as stack:
        pages = [await stack.enter_async_context(poller(proxy.url)) for _ in range(4)]
        for number in range(3):
            for page in pages:
                await bot.answer(await page.say(f"问{number}"), f"答{number}")
        for page in pages:
            await page.until_heard("答0", "答1", "答2")
    assert all(door.polls > 10 for door in proxy.doors)
    assert proxy.failures == []


async def test_without_stickiness_they_could_not(start: Any) -> None:
    doors = await asyncio.gather(start(), start())
    async with proxied([door.url for door in doors], sticky=False) as proxy:
        with pytest.raises((socketio.exceptions.SocketIOError, AssertionError)):
            await talk_once(proxy.url)


async def talk_once(url: str) -> None:
    async with poller(url) as page:
        await page.say("在吗")
        assert page.client.connected


async def test_whose_door_closes_goes_on_at_the_other(start: Any, bot: Bot, desk: Desk) -> None:
    doors = await asyncio.gather(start(LEAVE_SECONDS="0.5"), start())
    async with proxied([door.url for door in doors]) as proxy:
        async with contextlib.AsyncExitStack() as stack:
            pages = [await stack.enter_async_context(poller(proxy.url)) for _ in range(2)]
            for page in pages:
                await bot.answer(await page.say("一"), "答一")
                await page.until_heard("答一")
            assert await doors[0].stop() < 6
            for page in pages:
                async with asyncio.timeout(10):
                    while (said := await again(page, "二")) is None:
                        await asyncio.sleep(0.05)
                await bot.answer(said, "答二")
                await page.until_heard("答一", "答二")
                assert (await desk.conversation(said)).seq == 5
        assert proxy.failed == []


async def again(page: Poller, text: str) -> str | None:
    """None while the client is looking for a door."""
    try:
        return await page.say(text) if page.client.connected else None
    except socketio.exceptions.SocketIOError:
        return None


@pytest.fixture
async def browser_page() -> AsyncIterator[Page]:
    """A browser behind a company's wall that lets no WebSocket through."""
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        page = await browser.new_page()
        await page.add_init_script("delete window.WebSocket")
        yield page
        await browser.close()


async def test_rasa_webchat_polls_through_two_doors(
    proxy: StickyProxy, browser_page: Page, bot: Bot, desk: Desk
) -> None:
    await browser_page.route("**/outside.js", lambda route: route.fulfill(path=WEBCHAT))
    await browser_page.route("**/outside", lambda route: route.fulfill(body=SITE, content_type="text/html"))
    await browser_page.goto(f"{proxy.url}/outside")
    await browser_page.locator(".rw-launcher").click()
    for number in range(3):
        await browser_page.locator(".rw-new-message").fill(f"问{number}")
        await browser_page.keyboard.press("Enter")
        await bot.answer(await conversation_with_news(desk), f"答{number}")
        await expect(browser_page.locator(".rw-response").last).to_contain_text(f"答{number}", timeout=10_000)
    assert sum(door.polls > 5 for door in proxy.doors) == 1
    assert [door.sockets for door in proxy.doors] == [0, 0]
    assert proxy.failures == []


async def conversation_with_news(desk: Desk) -> str:
    """The conversation of a message that waits for its answer, once there is one."""
    async with asyncio.timeout(10):
        while True:
            inboxes = [("XRANGE", desk.keys.partition(n).inbox, "-", "+") for n in range(PARTITIONS)]
            for found in await desk.store.ask_all(inboxes):
                for _id, fields in found:
                    return str(fields["conversation"])
            await asyncio.sleep(0.02)
