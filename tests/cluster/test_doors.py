"""Doors over a cluster that loses a master: customers are told to come again, and never that something broke."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator

import httpx2
import pytest

from desk import Desk
from desk.store.slots import slot_of_key
from gateway.doors.app import Application, create_app
from gateway.doors.settings import DoorSettings
from tests.cluster.moving import moves_key_by_key
from tests.cluster.servers import Servers
from tests.gateway.conftest import doors_over, running, visitor

CUSTOMERS = 12
LONGEST_ANSWER = 8.0


@pytest.fixture
async def app(desk: Desk, cluster: Servers, namespace: str) -> AsyncIterator[Application]:
    doors = doors_over(desk, cluster.url, DoorSettings(namespace=namespace, rate_sessions="1000 per minute"))
    try:
        async with running(create_app(doors)) as app:
            yield app
    finally:
        await doors.rates.aclose()
        await cluster.heal()


class Visitor:
    """Sends a message after another, each until it is acknowledged, and notes every answer."""

    def __init__(self, client: httpx2.AsyncClient) -> None:
        self.client = client
        self.answers: Counter[int] = Counter()
        self.sent = 0
        self.slowest = 0.0
        self.without_hint = 0

    async def arrives(self) -> None:
        opened = await self.client.post("/v1/sessions", json={})
        self.client.headers["Authorization"] = f"Bearer {opened.json()['session']}"

    async def writes_until(self, enough: asyncio.Event) -> None:
        while not enough.is_set():
            began = time.monotonic()
            body = {"message_id": f"m{self.sent}", "text": f"m{self.sent}"}
            answer = await self.client.post("/v1/messages", json=body)
            self.slowest = max(self.slowest, time.monotonic() - began)
            self.answers[answer.status_code] += 1
            if answer.status_code == 202:
                self.conversation = answer.json()["conversation"]
                self.sent += 1
                await asyncio.sleep(0.6)  # the rate is 20 in 10 seconds
            else:
                self.without_hint += "Retry-After" not in answer.headers
                await asyncio.sleep(0.2)


@pytest.mark.parametrize("trouble", ["killed", "moved"])
async def test_customers_hear_503_or_202_and_what_was_accepted_is_there(
    app: Application, desk: Desk, cluster: Servers, trouble: str
) -> None:
    enough = asyncio.Event()
    async with visitor(app) as client:
        visitors = []
        for _ in range(CUSTOMERS):
            one = Visitor(httpx2.AsyncClient(transport=client._transport, base_url="http://zhiban.test", timeout=30))
            await one.arrives()
            visitors.append(one)
        writing = [asyncio.create_task(one.writes_until(enough)) for one in visitors]
        await asyncio.sleep(0.5)
        master, replica = cluster.master_of(0), cluster.replica_of(0)
        if trouble == "moved":
            there = next(node for node in cluster.masters() if node is not master)
            for slot in {slot_of_key(key) for key in master.client.scan_iter(count=1000)}:
                await moves_key_by_key(cluster, slot, there)
        else:
            master.kill()
            await cluster.until_promoted(replica)
            await cluster.heal()
        await asyncio.sleep(1)
        enough.set()
        await asyncio.gather(*writing)
    assert (trouble == "killed") == any(one.answers[503] for one in visitors)
    for one in visitors:
        assert one.answers.keys() <= {202, 503}
        assert not one.without_hint
        assert one.slowest < LONGEST_ANSWER
        log = [event.message_id for event in await desk.events(one.conversation) if event.type == "message"]
        assert log == [f"m{number}" for number in range(one.sent)]
