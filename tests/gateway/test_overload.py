"""Too many at a time: customers are asked to come again in a few seconds, at every door; agents work on."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import replace

import httpx2
import pytest
import socketio

from desk import Address, Busy, Desk, Incoming, Settings
from gateway.doors.app import Application, create_app
from gateway.doors.context import Doors
from gateway.doors.turnstiles import Turnstile
from gateway.problems import DoorError
from tests.gateway.conftest import MakeDoors, doors_over, running, served, signed_in, visitor


@pytest.fixture
async def desk(redis_url: str, namespace: str) -> AsyncIterator[Desk]:
    """Full with one message in a partition; there is no worker."""
    full = Settings(redis_url=redis_url, namespace=namespace, busy_messages=1, busy_seconds=0)
    async with await Desk.connect(full) as desk:
        yield desk


async def fill(desk: Desk) -> None:
    """Two messages in every partition."""
    partitions = set(range(64))
    for number in range(10_000):
        address = Address("widget", "", f"u{number}")
        if address.partition in partitions:
            partitions.discard(address.partition)
            for message_id in ("m1", "m2"):
                with contextlib.suppress(Busy):  # somebody wrote there before
                    await desk.receive(Incoming(address, message_id, "在吗"))
    assert not partitions


def asks_for_patience(answer: httpx2.Response) -> bool:
    return (
        answer.status_code == 503 and answer.json()["code"] == "busy" and 3 <= int(answer.headers["Retry-After"]) <= 8
    )


async def test_every_door_of_customers_asks_for_patience(
    desk: Desk, doors: Doors, customer: httpx2.AsyncClient, client: httpx2.AsyncClient
) -> None:
    await fill(desk)
    assert asks_for_patience(await customer.post("/v1/messages", json={"message_id": "m1", "text": "在吗"}))
    assert asks_for_patience(await client.post("/webhooks/rest/webhook", json={"sender": "a", "message": "在吗"}))
    assert doors.metrics.busy._value.get() == 2


async def test_sockets_are_told_when_to_come_again(desk: Desk, app: Application) -> None:
    async with served(app) as url:
        socket = socketio.AsyncSimpleClient()
        async with visitor(app) as client:
            token = (await client.post("/v1/sessions", json={})).json()["session"]
        await fill(desk)
        await socket.connect(url, auth={"token": token}, transports=["websocket"])
        answer = await socket.call("message", {"message_id": "m1", "text": "在吗"})
        await socket.disconnect()
    assert answer["error"]["code"] == "busy"
    assert 3 <= answer["error"]["retry_after"] <= 8


async def test_agents_work_on(desk: Desk, app: Application, customer: httpx2.AsyncClient) -> None:
    sent = await customer.post("/v1/messages", json={"message_id": "m1", "text": "转人工"})
    await desk.claim(sent.json()["conversation"], "lin")
    held = await desk.conversation(sent.json()["conversation"])
    await fill(desk)
    async with signed_in(app, desk, "lin", "林小姐") as lin:
        said = await lin.post(
            f"/v1/conversations/{held.id}/messages",
            json={"epoch": held.epoch, "message_id": "a1", "text": "您好"},
        )
        assert said.status_code == 202
        assert (await lin.get("/v1/desk/waiting")).status_code == 200
    again = await customer.post("/v1/messages", json={"message_id": "m2", "text": "太好了"})
    assert again.status_code == 202  # a person has them: no bot is waited for


async def test_a_flood_of_customers_leaves_connections_to_the_agents(
    make_doors: MakeDoors, redis_url: str, namespace: str
) -> None:
    """A store that stands still holds every customer's request; an agent's still gets through to it."""
    async with await Desk.connect(Settings(redis_url=redis_url, namespace=namespace)) as desk:
        doors = doors_over(desk, redis_url, make_doors(rate_messages="1000 per second").settings)
        stuck = asyncio.Event()

        class Slow:
            """The same desk; taking in takes as long as the test says."""

            def __getattr__(self, name: str) -> object:
                return getattr(desk, name)

            async def receive(self, incoming: Incoming) -> object:
                await stuck.wait()
                return await desk.receive(incoming)

        slow = replace(doors, desk=Slow())  # type: ignore[arg-type]
        async with running(create_app(slow)) as app, visitor(app) as client:
            opened = await client.post("/v1/sessions", json={})
            client.headers["Authorization"] = f"Bearer {opened.json()['session']}"
            sending = [
                asyncio.create_task(client.post("/v1/messages", json={"message_id": f"m{n}", "text": "在吗"}))
                for n in range(130)
            ]
            done, waiting = await asyncio.wait(sending, timeout=5, return_when=asyncio.FIRST_EXCEPTION)
            async with signed_in(app, desk, "lin", "林小姐") as lin:
                assert (await lin.get("/v1/desk/waiting")).status_code == 200
            stuck.set()
            answers = [await task for task in waiting]
        await doors.rates.aclose()
    assert len(waiting) == 100
    assert all(asks_for_patience(task.result()) for task in done)
    assert {answer.status_code for answer in answers} == {202}


async def test_only_so_many_requests_wait_at_a_time(make_doors: MakeDoors) -> None:
    async with running(create_app(make_doors(request_limit=1, rest_wait_seconds=1.0))) as app, visitor(app) as client:
        answers = await asyncio.gather(
            *(client.post("/webhooks/rest/webhook", json={"sender": f"a{n}", "message": "在吗"}) for n in range(3))
        )
        assert sorted(answer.status_code for answer in answers) == [200, 503, 503]
        later = await client.post("/webhooks/rest/webhook", json={"sender": "b", "message": "在吗"})
    assert later.status_code == 200


def test_a_turnstile_counts_those_who_leave_by_an_error() -> None:
    sent_away: list[None] = []
    turnstile = Turnstile(1, lambda: sent_away.append(None))
    with pytest.raises(ZeroDivisionError), turnstile():
        _ = 1 / 0
    with turnstile(), pytest.raises(DoorError), turnstile():
        pass
    assert len(sent_away) == 1
