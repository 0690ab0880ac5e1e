"""Carries inbox entries to their turns: conversations side by side, one conversation strictly in order."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence

from desk import InboxEntry, Lease

Take = Callable[[Lease, InboxEntry], Awaitable[None]]


class Conveyor:
    """At most `at_once` turns run at a time. `take` handles its own failures: what it raises ends that entry only."""

    def __init__(self, take: Take, at_once: int) -> None:
        self._take = take
        self._slots = asyncio.Semaphore(at_once)
        self._waiting: dict[tuple[Lease, str], deque[InboxEntry]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def load(self) -> int:
        """Entries put on and not yet finished."""
        return sum(map(len, self._waiting.values()))

    def is_idle(self, lease: Lease) -> bool:
        return all(busy != lease for busy, _ in self._waiting)

    def put(self, leases: Sequence[Lease], entries: Sequence[InboxEntry]) -> None:
        """Queue entries behind those of the same conversation."""
        by_partition = {lease.partition: lease for lease in leases}
        for entry in entries:
            lease = by_partition.get(_partition(entry))
            if lease is not None:
                self._queue(lease, entry)

    async def drain(self, seconds: float) -> None:
        """Let running turns end, cut off those that take longer; what has not begun stays in the inbox."""
        for entries in self._waiting.values():
            while len(entries) > 1:
                entries.pop()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _queue(self, lease: Lease, entry: InboxEntry) -> None:
        lane = (lease, entry.conversation)
        if lane in self._waiting:
            # After a failed read the desk hands out again what is not finished.
            if all(known.entry_id != entry.entry_id for known in self._waiting[lane]):
                self._waiting[lane].append(entry)
            return
        self._waiting[lane] = deque([entry])
        task = asyncio.create_task(self._run(lane))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _run(self, lane: tuple[Lease, str]) -> None:
        entries = self._waiting[lane]
        try:
            while entries:
                async with self._slots:
                    await self._take(lane[0], entries[0])
                entries.popleft()
        finally:
            del self._waiting[lane]


def _partition(entry: InboxEntry) -> int:
    return int(entry.conversation[1 : entry.conversation.index("-")])
