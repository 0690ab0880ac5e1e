"""Doors and workers are exchanged one after the other while customers write: nobody notices more than a pause."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from desk import Desk, Event
from desk.check import differences
from tests.gateway.process import Process
from tests.gateway.rolling import log_of, talking
from tests.gateway.sticky_proxy import StickyProxy, proxied
from tests.gateway.workers import Workers, two_workers
from tests.product import free_ports

LONGEST_SILENCE = 10.0
LEAVE_SECONDS = "1"


@pytest.fixture
async def workers(redis_url: str, namespace: str, tmp_path: Path) -> AsyncIterator[Workers]:
    async with two_workers(tmp_path, REDIS_URL=redis_url, NAMESPACE=namespace) as workers:
        yield workers


async def exchanged(door: Process, start: Any, port: int) -> Process:
    """The door is told to stop, and another one opens in its place."""
    assert await door.stop() < 10
    opened: Process = await start(PORT=str(port), LEAVE_SECONDS=LEAVE_SECONDS)
    return opened


def silence(log: list[Event]) -> float:
    """The longest time between a message and its answer, by the events' own moments."""
    asked = {event.message_id: event.at for event in log if event.author.role == "customer"}
    answered = {id_: event.at for event in log for id_ in event.body.get("reply_to", ())}
    return max((answered[id_] - at).total_seconds() for id_, at in asked.items())


async def exchange_everything(start: Any, doors: list[Process], workers: Workers, proxy: StickyProxy) -> None:
    """One after the other; the next door when the proxy has seen that the one before is ready again."""
    for place, door in enumerate([*doors]):
        doors[place] = await exchanged(door, start, int(door.url.rsplit(":", 1)[1]))
        async with asyncio.timeout(5):
            while not proxy.doors[place].ready:
                await asyncio.sleep(0.05)
    for process in [*workers.processes]:
        await workers.stop(process)
        await workers.start()
        await asyncio.sleep(2)


async def test_an_exchange_of_everything_loses_nothing(start: Any, workers: Workers, desk: Desk) -> None:
    doors = [await start(PORT=str(port), LEAVE_SECONDS=LEAVE_SECONDS) for port in free_ports(2)]
    async with proxied([door.url for door in doors]) as proxy, talking(proxy.url, desk, of_each=3) as talks:
        await asyncio.sleep(1.5)
        await exchange_everything(start, doors, workers, proxy)
        await asyncio.sleep(1)
    assert proxy.failed == []
    assert await differences(desk) == []
    for talk in talks:
        log = await log_of(desk, talk)
        assert [event.message_id for event in log if event.author.role == "customer"] == talk.said
        assert [id_ for event in log for id_ in event.body.get("reply_to", ())] == talk.said
        assert silence(log) < LONGEST_SILENCE
        assert talk.slowest < LONGEST_SILENCE
        if talk.numbered:
            assert [event["seq"] for event in talk.heard] == [event.seq for event in log]
        else:  # the answer that came with each request belongs to it, and there is no other
            assert [len(replies) for replies in talk.heard] == [1] * len(talk.said)
            assert all(said in replies[0] for said, replies in zip(talk.said, talk.heard, strict=True))
