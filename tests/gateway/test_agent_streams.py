"""The agents' event stream: what waits, what one holds, and nothing else."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import httpx2
import pytest

from desk import Desk, Reply, Settings, Skills
from gateway.doors.app import Application, create_app
from gateway.doors.context import Doors
from tests.gateway.cast import PASSWORD, Bot
from tests.gateway.conftest import doors_over, send, served
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

    def all(self, kind: str) -> list[Any]:
        return [data for heard, data in self.heard if heard == kind]

    async def until(self, met: Any) -> None:
        async with asyncio.timeout(10):
            while not met(self):
                self._more.clear()
                await self._more.wait()


@pytest.fixture
async def pages(url: str, desk: Desk) -> AsyncIterator[dict[str, Page]]:
    """Lin's and Wang's pages, both listening."""
    async with AsyncExitStack() as stack:
        yield {name: await stack.enter_async_context(open_page(url, desk, name)) for name in ("lin", "wang")}


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


async def test_the_page_is_told_who_is_on_duty_at_once_and_when_it_changes(pages: dict[str, Page]) -> None:
    """The first agent's page, too: it opened before anybody was there."""
    lin, wang = pages["lin"], pages["wang"]
    assert lin.all("duty")[0]["agents"] == []
    for page, expected in ((lin, ["lin"]), (wang, ["lin", "wang"])):
        await page.client.post("/v1/desk/presence", json={"available": True})
        for other in (lin, wang):
            await other.until(lambda page, agents=expected: page.all("duty")[-1]["agents"] == agents)
    await lin.client.post("/v1/desk/presence", json={"available": False})
    await wang.until(lambda page: page.all("duty")[-1]["agents"] == ["wang"])


async def test_a_page_hears_of_nobody_outside_its_agents_skills(
    pages: dict[str, Page], customer: httpx2.AsyncClient, bot: Bot, desk: Desk
) -> None:
    lin, wang = pages["lin"], pages["wang"]
    await desk.agents.change("wang", skills=Skills(languages=("zh",)))
    await desk.agents.change("lin", skills=Skills(categories=("card",)))
    for page in (lin, wang):
        await page.client.post("/v1/desk/presence", json={"available": True})
    conversation = await send(customer, "转人工")
    await bot.answer(conversation, Reply("……", article={"id": "a", "version": 1, "category": "refunds"}))
    await send(customer, "还是转人工", "m2")
    await bot.call_a_person(conversation)
    await wang.until(lambda page: page.counts[-1] == 1)
    await send(customer, "退款的事", "m3")
    await wang.until(lambda page: "退款的事" in page.texts)
    assert lin.counts[-1] == 0
    assert lin.texts == []
    await desk.agents.change("lin", skills=Skills())  # counts in the open page
    await lin.until(lambda page: page.counts[-1] == 1)
    await send(customer, "还在吗", "m4")
    await lin.until(lambda page: "还在吗" in page.texts)


async def test_the_former_agent_is_told_of_a_take_over_and_hears_no_more(
    pages: dict[str, Page], url: str, customer: httpx2.AsyncClient, bot: Bot, desk: Desk
) -> None:
    lin, wang = pages["lin"], pages["wang"]
    await desk.agents.change("wang", roles=("supervisor",))
    conversation = await send(customer, "转人工")
    await bot.call_a_person(conversation)
    epoch = (await lin.client.post(f"/v1/conversations/{conversation}/claim")).json()["epoch"]
    await lin.until(lambda page: page.states[-1:] == ["person"])
    body = {"epoch": epoch, "note": "我来处理"}
    await wang.client.post(f"/v1/conversations/{conversation}/take-over", json=body)
    for page in (lin, wang):
        await page.until(lambda page: page.all("conversation")[-1].get("reason") == "taken_over")
    told = lin.all("conversation")[-1]
    assert (told["former"], told["holder"], told["note"]) == ("lin", "wang", "我来处理")
    await send(customer, "只给主管看", "m2")
    await wang.until(lambda page: "只给主管看" in page.texts)
    assert "只给主管看" not in lin.texts


async def test_what_is_handed_to_an_agent_is_offered_on_their_page_alone(
    pages: dict[str, Page], customer: httpx2.AsyncClient, bot: Bot
) -> None:
    lin, wang = pages["lin"], pages["wang"]
    for page in (lin, wang):
        await page.client.post("/v1/desk/presence", json={"available": True})
    conversation = await send(customer, "转人工")
    await bot.call_a_person(conversation)
    epoch = (await lin.client.post(f"/v1/conversations/{conversation}/claim")).json()["epoch"]
    body = {"epoch": epoch, "to": {"agent": "wang"}}
    await lin.client.post(f"/v1/conversations/{conversation}/transfer", json=body)
    await wang.until(lambda page: page.all("offer"))
    (offer,) = wang.all("offer")
    assert (offer["conversation"], offer["reason"]) == (conversation, "transferred")
    assert lin.all("offer") == []


async def test_a_waiting_customer_is_offered_to_one_page_when_the_shop_wants_it_so(
    redis_url: str, namespace: str, make_doors: Any
) -> None:
    settings = Settings(redis_url=redis_url, namespace=namespace, assignment="offer")
    async with await Desk.connect(settings) as desk:
        doors = doors_over(desk, redis_url, make_doors().settings)
        async with served(create_app(doors)) as url, AsyncExitStack() as stack:
            pages = [await stack.enter_async_context(open_page(url, desk, name)) for name in ("lin", "wang")]
            for page in pages:
                await page.client.post("/v1/desk/presence", json={"available": True})
                await page.until(lambda page: page.all("duty")[-1]["agents"])
            await send_as_somebody_else(url, Bot(desk))
            told = [asyncio.create_task(page.until(lambda page: page.all("offer"))) for page in pages]
            await asyncio.wait(told, return_when=asyncio.FIRST_COMPLETED)
            for task in told:
                task.cancel()
            assert sum(len(page.all("offer")) for page in pages) == 1
        await doors.rates.aclose()


@asynccontextmanager
async def open_page(url: str, desk: Desk, name: str) -> AsyncIterator[Page]:
    await desk.agents.sign_up(name, PASSWORD, name)
    async with httpx2.AsyncClient(base_url=url, headers={"X-Requested-With": "zhiban"}) as client:
        await client.post("/v1/desk/sign-in", json={"name": name, "password": PASSWORD})
        page = Page(client)
        task = asyncio.create_task(page.listen())
        await page.until(lambda page: page.counts)
        yield page
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
