"""A real Chromium and, for each test, a scripted server of its own."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.web.scripted_doors import ScriptedDoors
from tests.web.scripted_world import World

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class Site:
    """The scripted server while it runs."""

    def __init__(self, doors: ScriptedDoors, port: int) -> None:
        self.doors = doors
        self.world = doors.world
        self.port = port
        self.url = f"http://127.0.0.1:{port}"


# A module at a time: the synchronous driver holds the thread's event loop, which asynchronous tests elsewhere need.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    expect.set_options(timeout=10_000)
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@contextmanager
def serving(doors: ScriptedDoors) -> Iterator[Site]:
    """The doors on a free port of this machine."""
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        doors.app, log_level="error", ws="websockets-sansio", lifespan="off", timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    started = threading.Event()
    startup = server.startup

    async def announced(sockets: list[socket.socket] | None = None) -> None:
        await startup(sockets)
        started.set()

    server.startup = announced  # type: ignore[method-assign]
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    assert started.wait(10)
    yield Site(doors, listener.getsockname()[1])
    server.should_exit = True
    thread.join(10)
    listener.close()


@pytest.fixture
def site() -> Iterator[Site]:
    with serving(ScriptedDoors(World())) as running:
        yield running


@pytest.fixture
def new_context(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Makes browser contexts: one for each person at a browser."""
    contexts: list[BrowserContext] = []

    def make(**options: object) -> BrowserContext:
        settings = {
            "locale": "zh-CN",
            "viewport": {"width": 1280, "height": 800},
            "timezone_id": "Asia/Shanghai",
        } | options
        context = browser.new_context(**settings)  # type: ignore[arg-type]
        context.set_default_timeout(10_000)
        contexts.append(context)
        return context

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def page(new_context: Callable[..., BrowserContext]) -> Page:
    return new_context().new_page()
