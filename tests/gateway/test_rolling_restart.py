"""Doors and workers are exchanged one after the other while customers write: nobody notices more than a pause."""

import asyncio
import os
import secrets
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from desk import Desk, Event
from desk.check import differences
from tests.gateway.process import ROOT, Process
from tests.gateway.rolling import log_of, talking
from tests.gateway.sticky_proxy import StickyProxy, proxied
from tests.product import free_ports
from tests.worker.scripted_knowledge import ScriptedKnowledge
from tests.worker.scripted_rasa import SECRET, ScriptedRasa

LONGEST_SILENCE = 10.0
LEAVE_SECONDS = "1"


class Workers:
    """Two processes of `python -m gateway.worker`."""

    def __init__(self, environ: dict[str, str], folder: Path) -> None:
        self._environ = environ
        self._folder = folder
        self.processes: list[asyncio.subprocess.Process] = []

    async def start(self) -> asyncio.subprocess.Process:
        log = (self._folder / f"worker-{secrets.token_hex(4)}.log").open("wb")
        with log:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "gateway.worker", env=self._environ, cwd=ROOT, stdout=log, stderr=log
            )
        self.processes.append(process)
        return process

    async def stop(self, process: asyncio.subprocess.Process) -> None:
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), 15) == 0
        self.processes.remove(process)


@pytest.fixture
async def workers(redis_url: str, namespace: str, tmp_path: Path) -> AsyncIterator[Workers]:
    rasa, knowledge = ScriptedRasa(), ScriptedKnowledge()
    await rasa.start()
    await knowledge.start()
    urls = {"REDIS_URL": redis_url, "NAMESPACE": namespace, "RASA_URL": rasa.url, "KNOWLEDGE_URL": knowledge.url}
    own = {"BOT_SECRET": SECRET, "WORKER_PORT": "0", "WORKERS": "2", "LOG_FORMAT": "json", "WELCOME_CHANNELS": "none"}
    workers = Workers({**os.environ, **urls, **own}, tmp_path)
    try:
        await asyncio.gather(workers.start(), workers.start())
        yield workers
    finally:
        for process in [*workers.processes]:
            await workers.stop(process)
        await rasa.stop()
        await knowledge.stop()


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
