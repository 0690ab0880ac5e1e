"""A company's backend, a process of its own, fails in every way and recovers: its customers get all, in order, once."""

import asyncio
import itertools
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest

from desk import Address, Desk, Event
from tests.gateway.cast import PASSWORD
from tests.gateway.workers import two_workers
from tests.product import free_ports
from tests.worker.webhook_app import ACCOUNT, WebhookApp
from tests.zhiban.command import Command, Said

pytestmark = pytest.mark.slow


@dataclass
class World:
    """A door, two workers, and the messaging app at the other end of the channel `webhook`."""

    door: str
    app: WebhookApp
    desk: Desk
    command: Command
    user: str = "mei"

    async def write(self, text: str) -> None:
        """The customer writes in the app; acknowledged by the door."""
        assert (await self.app.say(self.user, text)).status_code == 202

    async def log(self) -> list[Event]:
        conversation = await self.desk.open_conversation(Address("webhook", ACCOUNT, self.user))
        return await self.desk.events(conversation.id) if conversation else []

    async def said(self) -> list[Event]:
        """What the customer should see, from the log."""
        return [event for event in await self.log() if event.type == "message" and event.author.role != "customer"]

    async def shown(self) -> list[dict[str, Any]]:
        """What the customer does see."""
        return await self.app.shown(self.user)

    async def until_answered(self, count: int) -> None:
        """Return when so many of their messages have their answer in the log, delivered or not."""
        async with asyncio.timeout(20):
            while len({id_ for event in await self.said() for id_ in event.body.get("reply_to", ())}) < count:
                await asyncio.sleep(0.05)

    async def all_delivered(self) -> None:
        async with asyncio.timeout(60):
            while (await self.desk.outbox.depth()).waiting:
                await asyncio.sleep(0.05)

    async def zhiban(self, *arguments: str) -> Said:
        return await asyncio.to_thread(self.command, *arguments)


@pytest.fixture
async def world(start: Any, desk: Desk, redis_url: str, namespace: str, tmp_path: Path) -> AsyncIterator[World]:
    [port] = free_ports(1)
    app = WebhookApp(tmp_path, port=port)
    door = await start(WEBHOOKS=app.setting)
    app.door = f"{door.url}/v1/channels/webhook/{ACCOUNT}"
    product = {"REDIS_URL": redis_url, "NAMESPACE": namespace, "DATA_DIR": str(tmp_path)}
    await desk.agents.sign_up("boss", PASSWORD, "", ("supervisor",))
    try:
        await app.start()
        async with two_workers(tmp_path, REDIS_URL=redis_url, NAMESPACE=namespace, WEBHOOKS=app.setting):
            yield World(door.url, app, desk, Command(product))
    finally:
        await app.stop()
        await app.http.aclose()


async def test_what_could_not_be_delivered_arrives_later_in_order_and_once(world: World) -> None:
    app = world.app
    await app.trouble(kind="silence", times=1)  # it has the message, and the sender does not learn of it
    await world.write("怎么申请电子发票")
    await app.until_attempts(1)
    await app.trouble(kind="limit", seconds=3, times=1)
    await world.write("退款多久到账")
    await world.write("怎么修改收货地址")
    await world.until_answered(3)
    await app.until_attempts(2)
    asked_for_peace = time.monotonic()
    await app.trouble(kind="fail", times=1)
    await app.until_attempts(3)
    assert time.monotonic() - asked_for_peace > 2.8
    await world.all_delivered()
    shown = await world.shown()
    said = await world.said()
    assert [message["text"] for message in shown] == [event.text for event in said]
    assert [message["seq"] for message in shown] == [event.seq for event in said]
    attempts = await app.attempts()
    assert [id_ for id_, _ in itertools.groupby(attempts)] == [message["message_id"] for message in shown]
    assert len(attempts) == len(shown) + 3
    assert (await world.zhiban("outbox", "list")).lines == ["0 to be delivered, 0 given up"]


async def test_what_was_refused_is_seen_by_operators_and_agents_and_sent_again(world: World) -> None:
    app = world.app
    await world.write("怎么申请电子发票")
    await world.until_answered(1)
    await world.all_delivered()
    before = len(await world.shown())
    await app.trouble(kind="fail", status=410, times=1)
    await world.write("退款多久到账")
    await world.until_answered(2)
    await world.all_delivered()
    [summary, line] = (await world.zhiban("outbox", "list")).lines
    assert summary == "0 to be delivered, 1 given up"
    assert "refused 410, tried 1 times" in line
    letter = line.split()[0]
    assert "退款" not in line
    assert [event.body["status"] for event in await world.log() if event.type == "delivery"] == ["failed"]
    assert await dead_letters(world.door) == [letter]
    assert len(await world.shown()) == len(await world.said()) - 1 >= before
    assert (await world.zhiban("outbox", "resend", letter)).lines == [f"{letter}: in the outbox again"]
    await world.all_delivered()
    shown = [message["text"] for message in await world.shown()]
    assert sorted(shown) == sorted(event.text for event in await world.said())
    assert await dead_letters(world.door) == []
    assert (await world.zhiban("outbox", "resend", letter)).code == 1


async def dead_letters(door: str) -> list[str]:
    """As a supervisor sees them."""
    async with httpx2.AsyncClient(base_url=door, headers={"X-Requested-With": "zhiban"}) as client:
        name = {"name": "boss", "password": PASSWORD}
        assert (await client.post("/v1/desk/sign-in", json=name)).status_code == 204
        return [letter["id"] for letter in (await client.get("/v1/outbox")).json()["letters"]]
