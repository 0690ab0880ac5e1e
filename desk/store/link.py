"""A link is the way to Redis: one server, or a cluster in which each slot has its own."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from typing import Any, Protocol

from redis.asyncio import Redis
from redis.exceptions import (
    AskError,
    BusyLoadingError,
    ClusterError,
    ConnectionError,  # noqa: A004 - Redis' own, not the built-in
    ReadOnlyError,
    RedisError,
    TimeoutError,  # noqa: A004 - as above
    TryAgainError,
)

CONNECT_SECONDS = 1.0
MAX_CONNECTIONS = 200

OUT_OF_REACH = (
    ConnectionError,
    TimeoutError,
    ClusterError,
    BusyLoadingError,
    ReadOnlyError,
    TryAgainError,
    AskError,
    OSError,  # with the built-in TimeoutError
)
# What a server says that has no memory, disk or replicas left, or does not know us.
REFUSES_WORK = ("OOM", "MISCONF", "NOREPLICAS", "MASTERDOWN", "LOADING", "NOAUTH", "NOPERM", "WRONGPASS", "UNKILLABLE")

Command = Sequence[str | int | float | bytes]


class Link(Protocol):
    """Sends commands. Errors of Redis come out as they are; `desk.store.connection` says what they mean."""

    clustered: bool

    async def together(self, commands: Sequence[Command], *, raw: bool = False) -> list[Any]:
        """Commands on one slot, one after another down one connection; each answer, or the error in its place.

        `raw` leaves bytes as they are.
        """
        ...

    async def each(self, commands: Sequence[Command], seconds: float | None = None) -> list[Any]:
        """Commands on any slots, in any order; each answer, or the error in its place.

        With `seconds`, nothing is tried twice, and a server that does not answer in time costs its own answers only.
        """
        ...

    async def ping(self) -> None:
        """Return when a server answers."""
        ...

    def scan(self, pattern: str, count: int) -> AsyncIterator[str]:
        """Every key that matches."""
        ...

    async def infos(self) -> list[dict[str, Any]]:
        """INFO of every server that answers, replicas too; raises when none does."""
        ...

    async def homes(self, channels: Sequence[str], afresh: bool = False) -> Mapping[Redis, frozenset[str]]:
        """The server on which to subscribe to each sharded channel; `afresh`: ask, do not remember."""
        ...

    async def aclose(self) -> None: ...


async def answers(client: Redis, commands: Sequence[Command], *, raw: bool = False) -> list[Any]:
    """Of one server, over one connection: each answer, or the error in its place. Raises when it is out of reach."""
    from redis.client import NEVER_DECODE

    options = {NEVER_DECODE: True} if raw else {}
    with cancellation_honoured():
        if len(commands) == 1:  # a pipeline of one costs more
            try:
                return [await client.execute_command(*commands[0], **options)]  # type: ignore[no-untyped-call]
            except RedisError as error:
                return [error]
        async with client.pipeline(transaction=False) as pipeline:
            for command in commands:
                pipeline.execute_command(*command, **options)
            return list(await pipeline.execute(raise_on_error=False))


@contextlib.contextmanager
def cancellation_honoured() -> Iterator[None]:
    """Raise the CancelledError that redis-py lost: it sends under `asyncio.wait_for`, which before Python 3.12 forgets
    a cancellation that comes as it finishes; the task would go on for ever."""
    task = asyncio.current_task()
    before = task.cancelling() if task else 0
    yield
    if task and task.cancelling() > before:
        raise asyncio.CancelledError
