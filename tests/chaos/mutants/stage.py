"""A small product for aimed scenarios: two doors and two workers of some tree, real Redis, a stand-in for Rasa."""

import asyncio
import contextlib
import os
import random
import signal
import sys
import tempfile
import time
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from desk import Desk, Settings
from desk.conversation import partition_of_conversation
from tests.chaos.collecting import collect, until_nothing_is_left
from tests.chaos.entry import Entry, NotReached
from tests.chaos.mutants.servers import Servers, servers
from tests.chaos.record import Ack, Evidence, Sent
from tests.product import ROOT, free_ports
from zhiban import readiness
from zhiban.tether import tether

_SECRET = "aimed"
_READY_SECONDS = 30.0
_REST_SECONDS = 12.0
AGENT = "lin"


@dataclass
class Stage:
    """Everything a scenario may use; `evidence` grows while it plays."""

    desk: Desk
    entry: Entry
    rasa: str
    doors: Mapping[str, Process]
    workers: Mapping[int, Process]
    redis: Servers
    evidence: Evidence = field(default_factory=Evidence)
    guests: int = 0

    async def guest(self) -> "Guest":
        """A new customer."""
        self.guests += 1
        opened = await self.entry.insist("POST", "/v1/sessions", json={})
        return Guest(self, f"g{self.guests}", {"Authorization": f"Bearer {opened['session']}"})

    async def holder(self, conversation: str) -> Process:
        """The worker that has the lease of this conversation's partition."""
        key = self.desk.keys.partition(partition_of_conversation(conversation)).lease
        mark = await until(lambda: self.desk.store.ask("GET", key))
        return self.workers[int(str(mark).rpartition("-")[2])]

    async def held(self, count: int) -> list[int]:
        """The numbers of the requests that the stand-in holds, once there are so many."""

        async def enough() -> list[int] | None:
            async with self.entry.http.get(f"{self.rasa}/held") as answer:
                numbers = sorted(map(int, await answer.json()))
            return numbers if len(numbers) >= count else None

        return await until(enough)

    async def let_go(self, number: int) -> None:
        async with self.entry.http.post(f"{self.rasa}/let-go/{number}"):
            pass

    async def judged(self) -> Evidence:
        """The evidence, once all came to rest."""
        await until_nothing_is_left(self.desk, _REST_SECONDS)
        await collect(self.desk, self.evidence)
        return self.evidence


@dataclass
class Guest:
    """A customer who writes what the scenario says, to the doors that it says."""

    stage: Stage
    name: str
    headers: Mapping[str, str]
    said: int = 0

    async def say(self, text: str, *doors: str) -> Sent:
        """At all these doors at once; returns when the last of them has answered, in whatever way."""
        self.said += 1
        sent = Sent(f"{self.name}-{self.said}", "customer", self.name, time.time())
        self.stage.evidence.sent.append(sent)
        await asyncio.gather(*(self._deliver(sent, text, door) for door in doors))
        return sent

    async def is_answered(self, sent: Sent) -> None:
        """Return when the log has an answer."""
        conversation = sent.acks[0].conversation

        async def answered() -> bool:
            events = await self.stage.desk.events(conversation)
            return any(sent.message_id in event.body.get("reply_to", ()) for event in events)

        await until(answered)

    async def _deliver(self, sent: Sent, text: str, door: str) -> None:
        message = {"message_id": sent.message_id, "text": text}
        with contextlib.suppress(NotReached):
            answer = await self.stage.entry.ask(door, "POST", "/v1/messages", json=message, headers=self.headers)
            sent.acks.append(Ack(time.time(), door, answer["conversation"], answer["seq"], answer["duplicate"]))


@contextlib.asynccontextmanager
async def stage_of(tree: Path, *, replicated: bool = False) -> AsyncIterator[Stage]:
    """Doors and workers of `tree` on an empty Redis, ready; with a replica they wait for its word."""
    async with contextlib.AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="zb")))
        redis = stack.enter_context(servers(folder, replicated=replicated))
        rasa, *ports = (f"http://127.0.0.1:{port}" for port in free_ports(5))
        environ = {
            "REDIS_URL": redis.url,
            "REPLICA_ACKS": str(int(replicated)),
            "RASA_URL": rasa,
            "KNOWLEDGE_URL": "http://127.0.0.1:9",  # nobody: the worker goes on without
            "BOT_SECRET": _SECRET,
            "WORKERS": "2",
            "LOG_FORMAT": "json",
            "WEB_DIRECTORY": str(ROOT / "web"),
            **{f"RATE_{name}": "1000000 per 1 second" for name in ("MESSAGES", "SESSIONS", "POLLS")},
        }

        async def start(url: str, ready: str, folder: Path, *words: str, **own: str) -> Process:
            process = await _start(folder, words, {**os.environ, **environ, **own})
            stack.push_async_callback(_end, process)
            await asyncio.wait_for(readiness.until(readiness.http(url + ready)), _READY_SECONDS)
            return process

        stand_in = (__package__ + ".stand_in_rasa", _port(rasa), _SECRET)
        *_, first, second, third, fourth = await asyncio.gather(
            start(rasa, "/webhooks/gateway/", ROOT, *stand_in),
            *(start(url, "/readyz", tree, "gateway.worker", WORKER_PORT=_port(url)) for url in ports[:2]),
            *(start(url, "/readyz", tree, "gateway.doors", PORT=_port(url)) for url in ports[2:]),
        )
        desk = await stack.enter_async_context(await Desk.connect(Settings(redis_url=redis.url)))
        http = await stack.enter_async_context(aiohttp.ClientSession())
        entry = Entry(http, {"doors": ports[2], "doors2": ports[3]}, random.Random(1))
        workers = {first.pid: first, second.pid: second}
        yield Stage(desk, entry, rasa, {"doors": third, "doors2": fourth}, workers, redis)


def freeze(process: Process) -> None:
    process.send_signal(signal.SIGSTOP)


def go_on(process: Process) -> None:
    process.send_signal(signal.SIGCONT)


async def until(met: Callable[[], Awaitable[Any]], seconds: float = 15.0) -> Any:
    """What `met` gives once that is anything."""
    async with asyncio.timeout(seconds):
        while not (found := await met()):
            await asyncio.sleep(0.02)
        return found


async def _start(folder: Path, words: tuple[str, ...], environ: Mapping[str, str]) -> Process:
    log = (Path(environ["CHAOS_LOGS"]) / f"{words[0]}-{time.monotonic_ns()}.log").open("wb")
    with log:
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", *words), cwd=folder, env=environ, stdout=log, stderr=log, preexec_fn=tether()
        )


async def _end(process: Process) -> None:
    if process.returncode is None:
        process.kill()  # also when it is frozen
    await process.wait()


def _port(url: str) -> str:
    return url.rpartition(":")[2]
