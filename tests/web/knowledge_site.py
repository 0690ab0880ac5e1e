"""The real doors over the real knowledge server, on an address that a browser can open; for the editors' page."""

import asyncio
import secrets
import socket
import threading
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import Future
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import httpx2
import uvicorn
from playwright.sync_api import Page, expect

from desk import Desk, Settings
from gateway.doors.app import Application, create_app
from gateway.doors.settings import DoorSettings
from tests.gateway.conftest import doors_over

PASSWORD = "correct horse battery"
PEOPLE = {"chen": ("陈编辑", ("agent", "editor")), "wang": ("王主管", ("agent", "admin")), "lin": ("林晓", ("agent",))}


class KnowledgeSite:
    """Where the page is, and what a colleague does at the same time."""

    def __init__(self, url: str, knowledge_url: str) -> None:
        self.url, self._knowledge_url = url, knowledge_url

    @contextmanager
    def colleague(self, name: str = "wang") -> Iterator[httpx2.Client]:
        """Somebody else who is signed in, without a browser."""
        own = {"X-Requested-With": "zhiban"}
        with httpx2.Client(base_url=self.url, headers=own, trust_env=False, timeout=20) as client:
            client.post("/v1/desk/sign-in", json={"name": name, "password": PASSWORD}).raise_for_status()
            yield client

    def save(self, known: str, question: str, answer: str, *phrasings: str, name: str = "wang", **more: Any) -> int:
        """A colleague makes or changes an article; its version."""
        text = {"question": question, "phrasings": list(phrasings), "answer": answer}
        with self.colleague(name) as client:
            there = client.get(f"/v1/articles/{known}")
            version = there.json()["version"] if there.status_code == 200 else 0
            body = {"category": "tests", "texts": {"zh-Hans": text}, **more}
            saved = client.put(f"/v1/articles/{known}", json=body, headers={"If-Match": str(version)})
            assert saved.status_code == 200, saved.text
            return int(saved.json()["version"])

    def confirm(self, article: str, asked: str, **how: Any) -> None:
        """What the doors tell the knowledge server once a conversation has long been closed."""
        question = {"conversation": new_id(), "seq": 2, "asked": asked, "article": article, **how}
        told = httpx2.post(f"{self._knowledge_url}/v1/confirmed", json={"confirmed": [question]}, trust_env=False)
        assert told.status_code == 204, told.text

    def read(self, known: str) -> dict[str, Any]:
        with self.colleague() as client:
            article: dict[str, Any] = client.get(f"/v1/articles/{known}").json()
            return article

    def open(self, page: Page, known: str = "", name: str = "chen") -> None:
        """Sign in at the page, and open an article."""
        page.goto(f"{self.url}/knowledge{'#' + known if known else ''}")
        page.locator("#name").fill(name)
        page.locator("#password").fill(PASSWORD)
        page.keyboard.press("Enter")
        expect(page.locator(".workplace")).to_be_visible()


def new_id() -> str:
    return f"t-{secrets.token_hex(6)}"


@contextmanager
def knowledge_site(redis_url: str, knowledge_url: str) -> Iterator[KnowledgeSite]:
    """The doors in a thread with a loop of its own: the browser's driver holds the test's."""
    opened: Future[str] = Future()
    loop, end = asyncio.new_event_loop(), asyncio.Event()

    async def serve() -> None:
        namespace = f"t{secrets.token_hex(8)}"
        async with await Desk.connect(Settings(redis_url=redis_url, namespace=namespace)) as desk:
            for name, (display_name, roles) in PEOPLE.items():
                await desk.agents.sign_up(name, PASSWORD, display_name, roles)  # type: ignore[arg-type]
            settings = DoorSettings(namespace=namespace, knowledge_url=knowledge_url, rate_sign_in="1000 per minute")
            doors = doors_over(desk, redis_url, settings)
            async with _served(create_app(doors)) as url:
                opened.set_result(url)
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
    try:
        yield KnowledgeSite(opened.result(30), knowledge_url)
    finally:
        loop.call_soon_threadsafe(end.set)
        thread.join(20)


@asynccontextmanager
async def _served(app: Application) -> AsyncIterator[str]:
    """On a plain server: the doors' own listens to signals, which only a main thread hears."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", ws="websockets-sansio", timeout_graceful_shutdown=1))
    task = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        while not server.started and not task.done():
            await asyncio.sleep(0.01)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        await app.close()
        server.should_exit = True
        await task
        listener.close()
