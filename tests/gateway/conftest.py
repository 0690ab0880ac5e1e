"""A real desk on a real server, the doors over it, and clients of every kind."""

import asyncio
import contextlib
import os
import secrets
import sys
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from argon2 import PasswordHasher

from desk import Desk, Role, Settings
from desk.passwords import Passwords
from gateway.doors.app import Application, create_app
from gateway.doors.board import Board
from gateway.doors.context import Doors
from gateway.doors.nudges import Nudges
from gateway.doors.phrases import read_phrases
from gateway.doors.rates import connect_rates
from gateway.doors.server import DoorServer, listen
from gateway.doors.sessions import Sessions
from gateway.doors.settings import DoorSettings
from tests.gateway.cast import PASSWORD, Bot, Shelf
from tests.gateway.process import ROOT, Process

SITE_SECRET = "between the site and us"

MakeDoors = Callable[..., Doors]


@pytest.fixture
async def desk(redis_url: str, namespace: str) -> AsyncIterator[Desk]:
    async with await Desk.connect(Settings(redis_url=redis_url, namespace=namespace)) as desk:
        # Passwords cost next to nothing here.
        desk.agents._passwords = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        yield desk


@pytest.fixture
def bot(desk: Desk) -> Bot:
    return Bot(desk)


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
async def make_doors(desk: Desk, shelf: Shelf, redis_url: str, namespace: str) -> AsyncIterator[MakeDoors]:
    async with contextlib.AsyncExitStack() as stack:

        def make(**settings: object) -> Doors:
            made = DoorSettings(**{"namespace": namespace, "rest_wait_seconds": 5.0, **settings})  # type: ignore[arg-type]
            doors = doors_over(desk, redis_url, made, shelf)
            stack.push_async_callback(doors.rates.aclose)
            return doors

        yield make


def doors_over(desk: Desk, redis_url: str, settings: DoorSettings, shelf: Shelf | None = None) -> Doors:
    """Doors over a desk, with a secret and a knowledge base of the tests' own."""
    nudges = Nudges()
    return Doors(
        desk=desk,
        settings=settings,
        sessions=Sessions(b"secret of this test", SITE_SECRET, timedelta(days=30)),
        rates=connect_rates(redis_url, settings),
        knowledge=shelf or Shelf(),
        phrases=read_phrases(),
        nudges=nudges,
        board=Board(desk, nudges),
    )


@pytest.fixture
def doors(make_doors: MakeDoors) -> Doors:
    return make_doors()


@pytest.fixture
async def app(doors: Doors) -> AsyncIterator[Application]:
    async with running(create_app(doors)) as app:
        yield app


@contextlib.asynccontextmanager
async def running(app: Application) -> AsyncIterator[Application]:
    """The application with its background tasks, without a server."""
    async with app.api.router.lifespan_context(app.api):
        yield app


@contextlib.asynccontextmanager
async def visitor(app: Application, ip: str = "203.0.113.7") -> AsyncIterator[httpx2.AsyncClient]:
    """An HTTP client; what goes wrong inside comes out as an answer, as it would over the network."""
    transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False, client=(ip, 4711))
    async with httpx2.AsyncClient(transport=transport, base_url="http://zhiban.test", timeout=30) as client:
        yield client


@pytest.fixture
async def client(app: Application) -> AsyncIterator[httpx2.AsyncClient]:
    async with visitor(app) as client:
        yield client


@pytest.fixture
async def customer(app: Application) -> AsyncIterator[httpx2.AsyncClient]:
    """A customer with a session."""
    async with visitor(app) as client:
        opened = await client.post("/v1/sessions", json={"language": "zh-CN"})
        client.headers["Authorization"] = f"Bearer {opened.json()['session']}"
        yield client


@pytest.fixture
async def lin(app: Application, desk: Desk) -> AsyncIterator[httpx2.AsyncClient]:
    """The agent Lin, signed in."""
    async with signed_in(app, desk, "lin", "林小姐") as client:
        yield client


@pytest.fixture
async def wang(app: Application, desk: Desk) -> AsyncIterator[httpx2.AsyncClient]:
    """The agent Wang, signed in."""
    async with signed_in(app, desk, "wang", "王先生") as client:
        yield client


@contextlib.asynccontextmanager
async def signed_in(
    app: Application, desk: Desk, name: str, display_name: str = "", *roles: Role
) -> AsyncIterator[httpx2.AsyncClient]:
    await desk.agents.sign_up(name, PASSWORD, display_name, roles or ("agent",))
    async with visitor(app) as client:
        client.headers["X-Requested-With"] = "zhiban"
        answer = await client.post("/v1/desk/sign-in", json={"name": name, "password": PASSWORD})
        assert answer.status_code == 204, answer.text
        yield client


async def send(client: httpx2.AsyncClient, text: str, message_id: str = "m1", **more: object) -> str:
    """Send a message; the conversation that it is in."""
    answer = await client.post("/v1/messages", json={"message_id": message_id, "text": text, **more})
    assert answer.status_code == 202, answer.text
    return str(answer.json()["conversation"])


@contextlib.asynccontextmanager
async def served(app: Application) -> AsyncIterator[str]:
    """The application on a real server of its own; the address."""
    server = DoorServer(app)
    with listen(app.doors.settings.model_copy(update={"port": 0})) as listening:
        task = asyncio.create_task(server.serve(sockets=[listening]))
        while not server.started:
            await asyncio.sleep(0.01)
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            await task


@pytest.fixture
async def start(redis_url: str, namespace: str, tmp_path: Path) -> AsyncIterator[Any]:
    started: list[Process] = []

    async def start_one(**more: str) -> Process:
        log = tmp_path / f"{secrets.token_hex(4)}.log"
        settings = {"REDIS_URL": redis_url, "NAMESPACE": namespace, "PORT": "0", "LOG_FORMAT": "json", **more}
        with log.open("wb") as out:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "gateway.doors", env={**os.environ, **settings}, cwd=ROOT, stdout=out, stderr=out
            )
        one = Process(process, log)
        started.append(one)
        await one.until_open()
        return one

    yield start_one
    for process in started:
        await process.stop()
