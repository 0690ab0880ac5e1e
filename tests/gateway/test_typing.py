"""Who is writing is seen at once on the other side, whichever doors process each of them is connected to."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import httpx2
import pytest

from desk import Desk, Settings
from gateway.doors.app import create_app
from gateway.doors.settings import DoorSettings
from gateway.doors.typists import Typists
from tests.gateway.cast import PASSWORD, Bot
from tests.gateway.conftest import doors_over, served
from tests.gateway.ear import Ear, ear
from tests.gateway.test_agent_streams import Page


@pytest.fixture
async def two_doors(redis_url: str, namespace: str) -> AsyncIterator[tuple[str, str]]:
    """Two doors that share nothing but Redis: their addresses."""
    async with AsyncExitStack() as stack:
        urls = []
        for _ in range(2):
            desk = await stack.enter_async_context(
                await Desk.connect(Settings(redis_url=redis_url, namespace=namespace))
            )
            doors = doors_over(desk, redis_url, DoorSettings(namespace=namespace))
            stack.push_async_callback(doors.rates.aclose)
            urls.append(await stack.enter_async_context(served(create_app(doors))))
        yield urls[0], urls[1]


@pytest.fixture
async def customer(two_doors: tuple[str, str]) -> AsyncIterator[Ear]:
    """At the first door, in a conversation."""
    async with httpx2.AsyncClient(base_url=two_doors[0]) as client:
        token = (await client.post("/v1/sessions", json={})).json()["session"]
    async with ear(two_doors[0], token) as page:
        await page.call("resume", {})
        await page.call("message", {"message_id": "m1", "text": "转人工"})
        yield page


@pytest.fixture
async def agent(two_doors: tuple[str, str], desk: Desk, bot: Bot, customer: Ear) -> AsyncIterator[Page]:
    """Lin, at the second door, who has the customer."""
    await customer.until(lambda heard: len(heard.all("event")) >= 2)
    conversation = customer.all("event")[0]["conversation"]
    await bot.call_a_person(conversation)
    await desk.agents.sign_up("lin", PASSWORD)
    async with httpx2.AsyncClient(base_url=two_doors[1], headers={"X-Requested-With": "zhiban"}) as client:
        await client.post("/v1/desk/sign-in", json={"name": "lin", "password": PASSWORD})
        page = Page(client)
        listening = asyncio.create_task(page.listen())
        await page.until(lambda page: page.counts[-1:] == [1])
        await client.post(f"/v1/conversations/{conversation}/claim")
        await page.until(lambda page: page.states[-1:] == ["person"])
        yield page
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)


async def test_the_agent_sees_the_customer_type_at_another_door(agent: Page, customer: Ear) -> None:
    for _ in range(20):
        await customer.emit("typing", {})
    await agent.until(lambda page: page.all("typing"))
    await customer.call("message", {"message_id": "m2", "text": "在吗"})
    await agent.until(lambda page: "在吗" in page.texts)
    conversation = customer.all("event")[0]["conversation"]
    assert agent.all("typing") == [{"conversation": conversation, "role": "customer"}]  # of twenty in a moment, one
    assert [heard for heard in customer.all("typing") if heard["role"] != "bot"] == []


async def test_the_customer_sees_the_agent_type_at_another_door(agent: Page, customer: Ear) -> None:
    conversation = customer.all("event")[0]["conversation"]
    for _ in range(5):
        answer = await agent.client.post(f"/v1/conversations/{conversation}/typing")
        assert answer.status_code == 204
    await customer.until(lambda heard: {"conversation": conversation, "role": "agent"} in heard.all("typing"))
    assert [heard["role"] for heard in customer.all("typing")].count("agent") == 1
    assert agent.all("typing") == []


async def test_only_who_has_the_customer_may_be_seen_typing(agent: Page, customer: Ear, desk: Desk) -> None:
    conversation = customer.all("event")[0]["conversation"]
    await desk.agents.sign_up("wang", PASSWORD)
    async with httpx2.AsyncClient(base_url=agent.client.base_url, headers={"X-Requested-With": "zhiban"}) as wang:
        await wang.post("/v1/desk/sign-in", json={"name": "wang", "password": PASSWORD})
        assert (await wang.post(f"/v1/conversations/{conversation}/typing")).status_code == 404
        assert (await wang.post("/v1/conversations/c1-nobody/typing")).status_code == 404


async def test_typists_are_forgotten_after_a_moment() -> None:
    typists = Typists(pause=0.05)
    assert [typists.may_type("lin"), typists.may_type("lin"), typists.may_type("wang")] == [True, False, True]
    await asyncio.sleep(0.06)
    assert typists.may_type("lin")
    assert typists._told.keys() == {"lin"}
