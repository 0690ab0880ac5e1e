"""Redis Cluster: each command goes to the server that has its slot, again when the slot moved or its server is gone.

Plain clients, one a server, and the slots as the servers tell them. Why not the cluster client of redis-py:
docs/decisions/0010-our-own-way-through-a-cluster.md.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from redis.asyncio import ConnectionPool, Redis
from redis.asyncio.connection import parse_url
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import (
    AskError,
    AuthenticationError,
    ConnectionError,  # noqa: A004 - Redis' own, not the built-in
    MovedError,
    RedisError,
    ResponseError,
    TimeoutError,  # noqa: A004 - as above
    TryAgainError,
)

from desk.store.link import CONNECT_SECONDS, MAX_CONNECTIONS, OUT_OF_REACH, Command, answers
from desk.store.slots import Address, SlotMap, read_slots, slot_of, slot_of_key

READ_SECONDS = 3.0
# Nothing is begun again later than this after it was first tried.
TRY_SECONDS = 2.0
_PAUSE_SECONDS = 0.1
_ASK_SECONDS = 1.5  # for the slots, everybody
_HEAD_START_SECONDS = 0.2
_FRESH_SECONDS = 0.1  # slots that were just learned need not be asked for again
_TIMEOUTS = (TimeoutError, asyncio.TimeoutError)


@dataclass
class _Errand:
    """What goes down one connection together, and what came back."""

    commands: Sequence[Command]
    slot: int
    answers: list[Any] = field(default_factory=list)
    asked: Address | None = None
    asking: Address | None = None  # the server that takes over a slot which is on its way
    tries: int = 0

    @property
    def trouble(self) -> Exception | None:
        """Why it has to be tried again, if it has to."""
        first = self.answers[0]
        if isinstance(first, _TIMEOUTS) or not isinstance(first, Exception):
            return None
        again = isinstance(first, OUT_OF_REACH) or str(first).startswith(("MASTERDOWN", "LOADING"))
        return first if again else None


class Cluster:
    """Knows the slots, and one client for each server."""

    clustered = True

    def __init__(self, url: str) -> None:
        """`url`: redis+cluster://[user:password@]host:port[,host:port ...], or rediss+cluster://.

        `options` are those of each connection. Raises ValueError.
        """
        self.options, self._doors = _read_url(url)
        self._clients: dict[Address, Redis] = {}
        self._slots = SlotMap()
        self._moved: dict[int, Address] = {}
        self._learning = asyncio.Lock()
        self._learned_at = 0.0
        self._stale = True

    async def together(self, commands: Sequence[Command], *, raw: bool = False) -> list[Any]:
        errand = _Errand(commands, slot_of(commands[0]))
        await self._run([errand], TRY_SECONDS, None, raw)
        return errand.answers

    async def each(self, commands: Sequence[Command], seconds: float | None = None) -> list[Any]:
        errands = [_Errand([command], slot_of(command)) for command in commands]
        await self._run(errands, TRY_SECONDS if seconds is None else 0.0, seconds)
        return [errand.answers[0] for errand in errands]

    async def ping(self) -> None:
        """By asking for the slots: any server will do."""
        self._stale = True
        await self._learn()

    async def scan(self, pattern: str, count: int) -> AsyncIterator[str]:
        await self._learn()
        for master in dict.fromkeys(owner for _, _, owner in self._slots.ranges):
            async for key in self._client(master).scan_iter(match=pattern, count=count):
                yield key

    async def infos(self) -> list[dict[str, Any]]:
        await self._learn()
        asked = await asyncio.gather(*(self._client(at).info() for at in self._slots.servers), return_exceptions=True)
        found = [answer for answer in asked if isinstance(answer, dict)]
        if not found:
            raise ConnectionError("no server of the cluster answers")
        return found

    async def homes(self, channels: Sequence[str], afresh: bool = False) -> Mapping[Redis, frozenset[str]]:
        if afresh or self._stale:
            await self._learn()
        found: dict[Redis, set[str]] = {}
        for channel in channels:
            owner = self._owner(slot_of_key(channel))
            if owner is not None:
                found.setdefault(self._client(owner), set()).add(channel)
        return {client: frozenset(names) for client, names in found.items()}

    async def address_of(self, key: str) -> Address:
        """Host and port of the server that has the key now."""
        self._stale = True
        await self._learn()
        owner = self._owner(slot_of_key(key))
        if owner is None:
            raise ConnectionError("nobody serves this slot")
        return owner

    async def aclose(self) -> None:
        clients, self._clients = list(self._clients.values()), {}
        await asyncio.gather(*(client.aclose() for client in clients), return_exceptions=True)

    # errands

    async def _run(self, errands: list[_Errand], again: float, seconds: float | None, raw: bool = False) -> None:
        """Until each has an answer; those in trouble are begun again for `again` seconds."""
        loop = asyncio.get_running_loop()
        until = loop.time() + again
        left = errands
        while True:
            if self._stale:
                await self._learn()
            await asyncio.gather(*(self._send(at, some, seconds, raw) for at, some in self._by_server(left).items()))
            if any(isinstance(errand.answers[0], _TIMEOUTS) for errand in left):
                self._stale = True
            left = [errand for errand in left if errand.trouble]
            if not left:
                return
            pause = self._learn_from(left)
            if pause and loop.time() + pause > until:
                return
            await asyncio.sleep(pause)

    def _by_server(self, errands: Iterable[_Errand]) -> dict[Address | None, list[_Errand]]:
        found: dict[Address | None, list[_Errand]] = {}
        for errand in errands:
            errand.asked = errand.asking or self._owner(errand.slot)
            errand.tries += 1
            found.setdefault(errand.asked, []).append(errand)
        return found

    async def _send(self, at: Address | None, errands: list[_Errand], seconds: float | None, raw: bool) -> None:
        commands = [command for errand in errands for command in _with_asking(errand)]
        try:
            if at is None:
                raise ConnectionError("nobody serves this slot")
            async with asyncio.timeout(seconds):
                came = await answers(self._client(at), commands, raw=raw)
        except (RedisError, OSError) as error:
            came = [error] * len(commands)
        for errand in errands:
            came = came[1:] if errand.asking else came
            errand.answers, came = came[: len(errand.commands)], came[len(errand.commands) :]

    def _learn_from(self, errands: Iterable[_Errand]) -> float:
        """Where to go next; the seconds to wait before."""
        pause = 0.0
        for errand in errands:
            error, asked = errand.trouble, errand.asked
            errand.asking = None
            if isinstance(error, AskError) and asked is not None:  # a MovedError is one too
                there = (error.host or asked[0], error.port)
                if isinstance(error, MovedError):
                    self._moved[errand.slot] = there
                else:
                    errand.asking = there
            elif not isinstance(error, TryAgainError):
                self._stale = True
            if errand.tries > 2 or not isinstance(error, AskError):  # two servers may point at each other for a while
                pause = _PAUSE_SECONDS
        return pause

    # slots

    def _owner(self, slot: int) -> Address | None:
        return self._moved.get(slot) or self._slots.owner(slot)

    def _client(self, at: Address) -> Redis:
        client = self._clients.get(at)
        if client is None:
            pool = ConnectionPool(**self.options, host=at[0], port=at[1])
            client = self._clients[at] = Redis.from_pool(pool)
        return client

    async def _learn(self) -> None:
        """Ask who has which slot. Keeps what was known when nobody answers; raises when nothing is known."""
        loop = asyncio.get_running_loop()
        async with self._learning:
            if not self._stale and loop.time() - self._learned_at < _FRESH_SECONDS:
                return
            known = random.sample(self._slots.servers, len(self._slots.servers))  # next time, ask another one first
            learned = await first_answer([self._ask(at) for at in dict.fromkeys([*known, *self._doors])], _ASK_SECONDS)
            if learned is not None:
                self._slots, self._moved = learned, {}
                self._learned_at, self._stale = loop.time(), False
                await self._forget_others()
            elif not self._slots.ranges:
                raise ConnectionError("no server of the cluster answers")

    async def _ask(self, at: Address) -> SlotMap:
        (answer,) = await answers(self._client(at), [("CLUSTER SLOTS",)])
        if isinstance(answer, Exception):
            raise answer
        slots = read_slots(answer, at)
        if not slots.ranges:
            raise ConnectionError("this server knows no slots yet")
        return slots

    async def _forget_others(self) -> None:
        """What still waits for a server that is gone ends now, and is tried where its slot is."""
        gone = self._clients.keys() - {*self._slots.servers, *self._doors}
        await asyncio.gather(*(self._clients.pop(at).aclose() for at in gone), return_exceptions=True)


def _with_asking(errand: _Errand) -> list[Command]:
    return [("ASKING",), *errand.commands] if errand.asking else list(errand.commands)


async def first_answer(questions: Sequence[Coroutine[Any, Any, SlotMap]], seconds: float) -> SlotMap | None:
    """Asked one after the other, the next one when the last was slow; None when nobody answers in time.

    Raises what a server says that knows no cluster, or does not let us in.
    """
    asked: set[asyncio.Task[SlotMap]] = set()
    loop = asyncio.get_running_loop()
    until = loop.time() + seconds
    left = list(questions)
    try:
        while (left or asked) and loop.time() < until:
            if left:
                asked.add(asyncio.create_task(left.pop(0)))
            pause = min(_HEAD_START_SECONDS, until - loop.time()) if left else until - loop.time()
            done, asked = await asyncio.wait(asked, timeout=pause, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                error = task.exception()
                if error is None:
                    return task.result()
                if isinstance(error, (ResponseError, AuthenticationError)) and not isinstance(error, OUT_OF_REACH):
                    raise error
        return None
    finally:
        for question in left:
            question.close()
        for task in asked:
            task.cancel()
        await asyncio.gather(*asked, return_exceptions=True)


def _read_url(url: str) -> tuple[dict[str, Any], list[Address]]:
    """Options of every connection, and the servers to ask first. Raises ValueError."""
    parts = urlsplit(url.replace("+cluster", "", 1).replace("valkey", "redis", 1))
    who, at, hosts = parts.netloc.rpartition("@")
    doors = []
    for host in hosts.split(","):
        one = parse_url(urlunsplit((parts.scheme, f"{who}{at}{host}", "", parts.query, "")))
        doors.append((one.pop("host", "127.0.0.1"), one.pop("port", 6379)))
    limits = {
        "retry": Retry(NoBackoff(), 0),
        "socket_connect_timeout": CONNECT_SECONDS,
        "socket_timeout": READ_SECONDS,
        "decode_responses": True,
        "max_connections": MAX_CONNECTIONS,
    }
    return {**one, **limits}, doors
