"""The real doors over a real Redis, where a browser can open them; customers write, a scripted bot hands over."""

import asyncio
import secrets
import threading
from collections.abc import Coroutine, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Any, TypeVar

import httpx2
from playwright.sync_api import Page, expect

from desk import Desk, Settings
from gateway.doors.app import create_app
from gateway.doors.settings import DoorSettings
from tests.gateway.cast import PASSWORD, Bot, Shelf
from tests.gateway.conftest import doors_over
from tests.web.knowledge_site import _served

PEOPLE = {"lin": ("林晓", ("agent",)), "wang": ("王主管", ("agent", "supervisor"))}
T = TypeVar("T")


class RealDesk:
    """Where the page is, and what customers and the bot do meanwhile."""

    def __init__(self, url: str, desk: Desk, shelf: Shelf, loop: asyncio.AbstractEventLoop) -> None:
        self.url, self.desk, self.shelf = url, desk, shelf
        self._loop = loop
        self._bot = Bot(desk)
        self._clients: dict[str, httpx2.Client] = {}

    def run(self, what: Coroutine[Any, Any, T]) -> T:
        """Something of the desk, in the doors' loop."""
        return asyncio.run_coroutine_threadsafe(what, self._loop).result(10)

    def says(self, who: str, text: str) -> str:
        """A customer writes; the conversation."""
        if who not in self._clients:
            client = httpx2.Client(base_url=self.url, trust_env=False, timeout=10)
            session = client.post("/v1/sessions", json={"language": "zh-CN"}).json()["session"]
            client.headers["Authorization"] = f"Bearer {session}"
            self._clients[who] = client
        message = {"message_id": f"m-{secrets.token_hex(4)}", "text": text}
        answer = self._clients[who].post("/v1/messages", json=message)
        assert answer.status_code == 202, answer.text
        return str(answer.json()["conversation"])

    def waits(self, who: str, text: str) -> str:
        """A customer asks for a person; the conversation."""
        conversation = self.says(who, text)
        self.run(self._bot.call_a_person(conversation))
        return conversation

    def open(self, page: Page, name: str = "lin") -> None:
        page.goto(f"{self.url}/desk")
        page.locator("#name").fill(name)
        page.locator("#password").fill(PASSWORD)
        page.keyboard.press("Enter")
        expect(page.get_by_role("switch")).to_be_checked()

    def close(self) -> None:
        for client in self._clients.values():
            client.close()


@contextmanager
def real_desk(redis_url: str) -> Iterator[RealDesk]:
    """The doors in a thread with a loop of its own: the browser's driver holds the test's."""
    opened: Future[RealDesk] = Future()
    loop, end = asyncio.new_event_loop(), asyncio.Event()

    async def serve() -> None:
        namespace = f"t{secrets.token_hex(8)}"
        async with await Desk.connect(Settings(redis_url=redis_url, namespace=namespace)) as desk:
            for name, (display_name, roles) in PEOPLE.items():
                await desk.agents.sign_up(name, PASSWORD, display_name, roles)  # type: ignore[arg-type]
            settings = DoorSettings(namespace=namespace, rate_sign_in="1000 per minute")
            shelf = Shelf()
            doors = doors_over(desk, redis_url, settings, shelf)
            async with _served(create_app(doors)) as url:
                opened.set_result(RealDesk(url, desk, shelf, loop))
                await end.wait()
            await doors.rates.aclose()

    def run() -> None:
        try:
            loop.run_until_complete(serve())
        except BaseException as error:
            if not opened.done():
                opened.set_exception(error)
            raise
        finally:
            loop.close()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    running = opened.result(30)
    try:
        yield running
    finally:
        running.close()
        loop.call_soon_threadsafe(end.set)
        thread.join(20)
