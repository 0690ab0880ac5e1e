"""Who waits for a conversation is woken when something is written in it; what was written is read from the log."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import structlog

from desk import Desk, DeskError

# Nudges may be lost with a connection, so every follower looks again by itself after this long.
LOOK_AGAIN_SECONDS = 2.0
_RECONNECT_SECONDS = 0.5
# A conversation that has no more events than this has only just been opened.
_FIRST_EVENTS = 4

_log = structlog.get_logger()


def opened_in(partition: int | str) -> str:
    """What to watch for a new conversation of any customer in this partition."""
    return f"opened in {partition}"


class Watch:
    """One follower's bell. Clear it, read the log, then wait: a nudge in between is not missed."""

    def __init__(self, nudges: "Nudges") -> None:
        self._nudges = nudges
        self._rung = asyncio.Event()

    def clear(self) -> None:
        if not self._nudges.closing:
            self._rung.clear()

    def ring(self) -> None:
        self._rung.set()

    async def wait(self, seconds: float = LOOK_AGAIN_SECONDS) -> None:
        """Return when rung, when `seconds` are over, or when the doors close."""
        try:
            async with asyncio.timeout(seconds):
                await self._rung.wait()
        except TimeoutError:
            pass


class Nudges:
    """Hands the desk's nudges to the followers in this process."""

    def __init__(self) -> None:
        self._watches: dict[str, set[Watch]] = defaultdict(set)
        self.listeners: list[Callable[[str], None]] = []
        self.closing = False

    async def run(self, desk: Desk) -> None:
        """Follow the desk until cancelled; after each interruption everybody looks again."""
        while not self.closing:
            try:
                async for conversation, seq in desk.follow():
                    self.nudge(conversation, seq)
            except DeskError as error:
                _log.warning("follow_interrupted", code=error.code)
            await asyncio.sleep(_RECONNECT_SECONDS)

    @contextmanager
    def watch(self, conversation: str) -> Iterator[Watch]:
        """A bell for one conversation, or for `opened_in` a partition."""
        watch = Watch(self)
        self._watches[conversation].add(watch)
        if self.closing:
            watch.ring()
        try:
            yield watch
        finally:
            self._watches[conversation].discard(watch)
            if not self._watches[conversation]:
                del self._watches[conversation]

    def nudge(self, conversation: str, seq: int) -> None:
        """Something was written in `conversation`; "" when anything may have been written anywhere."""
        if not conversation:
            self._ring_all()
        if seq <= _FIRST_EVENTS:
            self._ring(opened_in(conversation.partition("-")[0].removeprefix("c")))
        self._ring(conversation)
        for listener in self.listeners:
            listener(conversation)

    def close(self) -> None:
        """Let every wait end now, and those to come at once."""
        self.closing = True
        self._ring_all()

    def _ring(self, key: str) -> None:
        for watch in self._watches.get(key, ()):
            watch.ring()

    def _ring_all(self) -> None:
        for watches in self._watches.values():
            for watch in watches:
                watch.ring()
