"""One reading for many askers: fifty pages that ask at once make two readings, not fifty."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

_T = TypeVar("_T")


class SharedRead(Generic[_T]):
    """Everybody gets a reading that began after they asked, so nobody sees less than what they have done themselves.

    An asker who is cancelled leaves the reading to the others.
    """

    def __init__(self, read: Callable[[], Awaitable[_T]]) -> None:
        self._read = read
        self._running: asyncio.Task[_T] | None = None
        self._next: asyncio.Task[_T] | None = None

    async def __call__(self) -> _T:
        """What `read` returns or raises."""
        if self._next is None:
            self._next = asyncio.create_task(self._after(self._running), name="shared-read")
            self._next.add_done_callback(_looked_at)
        return await asyncio.shield(self._next)

    async def _after(self, former: asyncio.Task[_T] | None) -> _T:
        if former is not None:
            await asyncio.wait([former])
        self._running, self._next = self._next, None
        return await self._read()


def _looked_at(task: asyncio.Task[_T]) -> None:
    """What failed after all its askers had left is nobody's concern."""
    if not task.cancelled():
        task.exception()
