"""The agents' event stream: what waits, what one holds, and nothing else."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest

from desk import Desk
from gateway.doors.app import Application, create_app
from gateway.doors.context import Doors
from tests.gateway.cast import PASSWORD, Bot
from tests.gateway.conftest import send, served
from tests.gateway.ear import ear


@pytest.fixture
async def served_app(doors: Doors) -> AsyncIterator[tuple[Application, str]]:
    app = create_app(doors)
    async with served(app) as url:
        yield app, url


@pytest.fixture
def url(served_app: tuple[Application, str]) -> str:
    return served_app[1]


class Page:
    """An agent's page: calls, and an open stream that is remembered."""

    def __init__(self, client: httpx2.AsyncClient) -> None:
        self.client = client
        self.heard: list[tuple[str, Any]] = []
        self.ended = False
        self._more = asyncio.Event()

    async def listen(self) -> None:
        kind = ""
        async with self.client.stream("GET", "/v1/desk/events", timeout=30) as answer:
            assert answer.headers["content-type"].startswith("text/event-stream")
            async for line in answer.aiter_lines():
                if line.startswith("event: "):
                    kind = line.removeprefix("event: ")
                if line.startswith("data: "):
                    self.heard.append((kind, json.loads(line.removeprefix("data: "))))
                    self._more.set()
        self.ended = True

    @property
    def texts(self) -> list[str]:
        return [data["text"] for kind, data in self.heard if kind == "conversation" and data["type"] == "message"]

    @property
    def states(self) -> list[str]:
        return [data["to"] for kind, data in self.heard if kind == "conversation" and data["type"] == "state"]

    @property
    def counts(self) -> list[int]:
        return [data["count"] for kind, data in self.heard if kind == "waiting"]

    async def until(self, met: Any) -> None:
        async with asyncio.timeout(10):
            while not met(self):
                self._more.clear()
                await self._more.wait()


@pytest.fixture
async def pages(url: str, desk: Desk) -> AsyncIterator[dict[str, Page]]:
    """Lin's and Wang's pages, both listening."""
    found: dict[str, Page] = {}
    tasks = []
    for name in ("lin", "wang"):
        await desk.agents.sign_up(name, PASSWORD, name)
        client = httpx2.AsyncClient(base_url=url, headers={"X-Requested-With": "zhiban"})
        await client.post("/v1/desk/sign-in", json={"name": name, "password": PASSWORD})
        found[name] = Page(client)
        tasks.append(asyncio.create_task(found[name].listen()))
        await found[name].until(lambda page: page.counts)
    yield found
    for task, page in zip(tasks, found.values(), strict=True):
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await page.client.aclose()


@pytest.fixture
async def customer(url: str) -> AsyncIterator[httpx2.AsyncClient]:
    async with httpx2.AsyncClient(base_url=url) as client:
        session = (await client.post("/v1/sessions", json={})).json()["session"]
        client.headers["Authorization"] = f"Bearer {session}"
        yield client


async def test_everybody_sees_who_waits_and_only_the_holder_hears_the_rest(
    pages: dict[str, Page], customer: httpx2.AsyncClient, bot: Bot
) -> None:
    lin, wang = pages["lin"], pages["wang"]
    conversation = await send(customer, "转人工")
    await bot.call_a_person(conversation)
    for page in (lin, wang):
        await page.until(lambda page: page.counts[-1] == 1)
    await send(customer, "有人吗", "m2")
    for page in (lin, wang):
        await page.until(lambda page: "有人吗" in page.texts)
    epoch = (await lin.client.post(f"/v1/conversations/{conversation}/claim")).json()["epoch"]
    for page in (lin, wang):
        await page.until(lambda page: page.states[-1:] == ["person"] and page.counts[-1] == 0)
    await send(customer, "我的手机号是……", "m3")
    await lin.until(lambda page: "我的手机号是……" in page.texts)
    await lin.client.post(f"/v1/conversations/{conversation}/release", json={"epoch": epoch})
    await lin.until(lambda page: page.states[-1] == "bot")
    await send(customer, "只给机器人看", "m4")
    other = await send_as_somebody_else(lin.client.base_url, bot)
    for page in (lin, wang):
        await page.until(lambda page: page.counts[-1] == 1)
    assert "我的手机号是……" not in wang.texts
    assert "只给机器人看" not in lin.texts + wang.texts
    assert other != conversation


async def send_as_somebody_else(url: Any, bot: Bot) -> str:
    async with httpx2.AsyncClient(base_url=url) as client:
        session = (await client.post("/v1/sessions", json={})).json()["session"]
        client.headers["Authorization"] = f"Bearer {session}"
        conversation = await send(client, "我也要人工")
        await bot.call_a_person(conversation)
        return conversation


async def test_events_of_a_held_conversation_come_once_and_in_order(
    pages: dict[str, Page], customer: httpx2.AsyncClient, bot: Bot
) -> None:
    lin = pages["lin"]
    conversation = await send(customer, "转人工")
    await bot.call_a_person(conversation)
    await lin.client.post(f"/v1/conversations/{conversation}/claim")
    await lin.until(lambda page: page.states[-1:] == ["person"])
    for number in range(10):
        await send(customer, f"第 {number} 句", f"n{number}")
    await lin.until(lambda page: "第 9 句" in page.texts)
    seqs = [data["seq"] for kind, data in lin.heard if kind == "conversation"]
    assert seqs == list(range(seqs[0], seqs[0] + len(seqs)))


async def test_the_agent_sees_that_the_customer_writes(
    pages: dict[str, Page], url: str, customer: httpx2.AsyncClient, bot: Bot
) -> None:
    lin = pages["lin"]
    conversation = await send(customer, "转人工")
    await bot.call_a_person(conversation)
    await lin.until(lambda page: page.counts[-1] == 1)
    token = customer.headers["Authorization"].removeprefix("Bearer ")
    async with ear(url, token) as page:
        await page.call("resume", {"conversation": conversation, "after": 0})
        await page.until(lambda heard: heard.all("event"))
        await page.emit("typing", {})
        await lin.until(lambda page: "typing" in [kind for kind, _ in page.heard])
    assert ("typing", {"conversation": conversation, "role": "customer"}) in lin.heard
