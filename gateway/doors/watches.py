"""Waiting for what comes in a conversation: as somebody who is called, or as somebody who sits by a bell."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass


def _nothing(_role: str) -> None:
    pass


@dataclass(eq=False, slots=True)
class Watch:
    """Is rung when something was written after `reached`, which whoever waits keeps up to date."""

    ring: Callable[[], None]
    typing: Callable[[str], None] = _nothing
    reached: int = 0
    heard_at: float = 0.0  # when something was last written, by the loop's clock


class Bell:
    """Clear it, read the log, then wait: a nudge in between is not missed."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    def clear(self) -> None:
        self._rung.clear()

    def ring(self) -> None:
        self._rung.set()

    async def wait(self, seconds: float) -> None:
        """Return when rung, when `seconds` are over, or when the doors close."""
        try:
            async with asyncio.timeout(seconds):
                await self._rung.wait()
        except TimeoutError:
            pass
