"""Listening to sharded channels: on one server, or where each of them is in a cluster."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from desk.errors import StoreUnavailable
from desk.store.connection import Store

RECONNECTED = ""
_POLL_SECONDS = 1.0
_AGAIN_SECONDS = 0.5
_SETTLE_SECONDS = 1.0
_CANCEL_SECONDS = 0.1
# In a cluster a channel moves with its slot, and not every move is told to those who listen.
_HOMES_SECONDS = 2.0
_LONGEST_QUEUE = 10_000

Message = tuple[str, str]
Home = tuple[Redis, frozenset[str]]

_log = structlog.get_logger(__name__)


async def heard(store: Store, channels: Sequence[str]) -> AsyncGenerator[Message, None]:
    """(channel, text) of every message; (RECONNECTED, "") first, and whenever some may have been missed. Never ends."""
    ears = _Ears(store, channels)
    keeping = asyncio.create_task(ears.keep(), name="ears")
    try:
        while True:
            yield await ears.next()
    finally:
        ears.closing = True
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)


class _Ears:
    """One ear for each server that has channels of ours."""

    def __init__(self, store: Store, channels: Sequence[str]) -> None:
        self._store = store
        self._channels = channels
        self._queue: asyncio.Queue[Message] = asyncio.Queue(_LONGEST_QUEUE)
        self._ears: dict[Home, _Ear] = {}
        self.closing = False

    async def next(self) -> Message:
        return await self._queue.get()

    async def keep(self) -> None:
        """See that every channel is listened to where it is, until cancelled."""
        pause = _HOMES_SECONDS if self._store.clustered else None
        try:
            while not self.closing:
                with contextlib.suppress(StoreUnavailable):
                    await self._settle(await self._store.homes(self._channels, afresh=True))
                tasks = [ear.task for ear in self._ears.values()]
                if tasks:
                    await asyncio.wait(tasks, timeout=pause, return_when=asyncio.FIRST_COMPLETED)
                if not tasks or any(task.done() for task in tasks):
                    await asyncio.sleep(_AGAIN_SECONDS)
        finally:
            await _end([ear.task for ear in self._ears.values()])

    async def _settle(self, homes: Mapping[Redis, frozenset[str]]) -> None:
        wanted = set(homes.items())
        unwanted = [home for home, ear in self._ears.items() if home not in wanted or ear.is_done]
        await _end([self._ears.pop(home).task for home in unwanted])
        fresh = {home: _Ear(*home, self._hear) for home in wanted - self._ears.keys()}
        self._ears |= fresh
        if fresh:
            await asyncio.wait([ear.opened for ear in fresh.values()], timeout=_SETTLE_SECONDS)
            if any(ear.announces() for ear in fresh.values()):
                self._hear(RECONNECTED, "")

    def _hear(self, channel: str, text: str) -> None:
        if self._queue.full():  # whoever does not keep up reads the logs instead
            while not self._queue.empty():
                self._queue.get_nowait()
            channel, text = RECONNECTED, ""
        self._queue.put_nowait((channel, text))


class _Ear:
    """Listens at one server until the connection is lost, or a channel moves away."""

    def __init__(self, redis: Redis, channels: frozenset[str], hear: Callable[[str, str], None]) -> None:
        self._redis = redis
        self._channels = channels
        self._hear = hear
        self._announces = False
        self.opened: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self.task = asyncio.create_task(self._run(), name="ear")

    @property
    def is_done(self) -> bool:
        return self.task.done()

    def announces(self) -> bool:
        """From now on it says by itself when it is open (again); True when it is."""
        self._announces = True
        return self.opened.done() and self.opened.result()

    async def _run(self) -> None:
        pubsub = self._redis.pubsub()
        try:
            for channel in sorted(self._channels):  # in a cluster, one command names the channels of one slot only
                await pubsub.ssubscribe(channel)
            closed = set(self._channels)
            while True:
                message = await pubsub.get_message(timeout=_POLL_SECONDS)
                if not message:
                    continue
                if message["type"] == "smessage":
                    self._hear(message["channel"], message["data"])
                elif message["type"] == "ssubscribe":
                    closed = self._confirmed(message["channel"], closed)
                elif message["type"] == "sunsubscribe":
                    return
        except (RedisError, OSError) as error:
            _log.info("ear_lost", cause=type(error).__name__)
        finally:
            if not self.opened.done():
                self.opened.set_result(False)
            await pubsub.aclose()  # type: ignore[no-untyped-call]

    def _confirmed(self, channel: str, closed: set[str]) -> set[str]:
        """The client may have reconnected by itself: then the server confirms all channels again."""
        closed = closed - {channel} if channel in closed else {*self._channels} - {channel}
        if not closed:
            if not self.opened.done():
                self.opened.set_result(True)
            if self._announces:
                self._hear(RECONNECTED, "")
        return closed


async def _end(tasks: Sequence[asyncio.Task[None]]) -> None:
    """Cancel them until they are done: redis-py swallows a cancellation that comes while it connects or subscribes."""
    pending = set(tasks)
    while pending:
        for task in pending:
            task.cancel()
        _, pending = await asyncio.wait(pending, timeout=_CANCEL_SECONDS)
    await asyncio.gather(*tasks, return_exceptions=True)
