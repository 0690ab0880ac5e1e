"""Carries inbox entries to their turns: conversations side by side, one conversation strictly in order."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from desk import InboxEntry, Lease
from gateway.logging import about
from gateway.worker.burst import burst, may_grow

# Takes entries of one conversation; how many of them, from the front, are done with.
Take = Callable[[Lease, Sequence[InboxEntry]], Awaitable[int]]

_LONGEST_WAIT = 3  # times as long as for one more message


@dataclass
class _Lane:
    """What waits in one conversation; the first `begun` are in a turn."""

    lease: Lease
    entries: deque[InboxEntry] = field(default_factory=deque)
    put_at: deque[float] = field(default_factory=deque)
    begun: int = 0
    grown: asyncio.Event = field(default_factory=asyncio.Event)

    def put(self, entry: InboxEntry, now: float) -> None:
        # The desk hands out again what is not finished: after a failed read, and when a server took over.
        if all(known.entry_id != entry.entry_id for known in self.entries):
            place = len(self.entries)
            while place > self.begun and self.entries[place - 1].seq > entry.seq:
                place -= 1
            self.entries.insert(place, entry)
            self.put_at.insert(place, now)
            self.grown.set()

    def done(self, count: int) -> None:
        for _ in range(count):
            self.entries.popleft()
            self.put_at.popleft()

    def forget_what_has_not_begun(self) -> None:
        while len(self.entries) > self.begun:
            self.entries.pop()
            self.put_at.pop()
        self.grown.set()


class Conveyor:
    """At most `at_once` turns run at a time. `take` handles its own failures: what it raises ends that lane.

    A turn takes what waits when it begins. With `burst_seconds` it begins only when nothing came for so long
    (at most three times that after the first message), unless what waits could not be joined anyway.
    """

    def __init__(self, take: Take, at_once: int, burst_seconds: float = 0.0) -> None:
        self._take = take
        self._slots = asyncio.Semaphore(at_once)
        self._burst_seconds = burst_seconds
        self._lanes: dict[tuple[Lease, str], _Lane] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def load(self) -> int:
        """Entries put on and not yet finished."""
        return sum(len(lane.entries) for lane in self._lanes.values())

    def is_idle(self, lease: Lease) -> bool:
        return all(busy != lease for busy, _ in self._lanes)

    def put(self, leases: Sequence[Lease], entries: Sequence[InboxEntry]) -> None:
        """Queue entries behind those of the same conversation."""
        by_partition = {lease.partition: lease for lease in leases}
        for entry in entries:
            lease = by_partition.get(_partition(entry))
            if lease is not None:
                self._queue(lease, entry)

    async def drain(self, seconds: float) -> None:
        """Let running turns end, cut off those that take longer; what has not begun stays in the inbox."""
        for lane in self._lanes.values():
            lane.forget_what_has_not_begun()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _queue(self, lease: Lease, entry: InboxEntry) -> None:
        key = (lease, entry.conversation)
        lane = self._lanes.get(key)
        if lane is None:
            lane = self._lanes[key] = _Lane(lease)
            task = asyncio.create_task(self._run(key, lane))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        lane.put(entry, asyncio.get_running_loop().time())

    async def _run(self, key: tuple[Lease, str], lane: _Lane) -> None:
        about(key[1])
        try:
            while lane.entries:
                await self._wait_for_more(lane)
                async with self._slots:
                    await self._turn(lane)
        finally:
            del self._lanes[key]

    async def _turn(self, lane: _Lane) -> None:
        if not lane.entries:  # told to stop meanwhile
            return
        taken = burst(list(lane.entries))
        lane.begun = len(taken)
        try:
            lane.done(await self._take(lane.lease, taken))
        finally:
            lane.begun = 0

    async def _wait_for_more(self, lane: _Lane) -> None:
        """Return when nothing came for a while, or when nothing that comes could join."""
        clock = asyncio.get_running_loop().time
        while self._burst_seconds and lane.entries and may_grow(list(lane.entries)):
            latest = lane.put_at[0] + _LONGEST_WAIT * self._burst_seconds
            left = min(lane.put_at[-1] + self._burst_seconds, latest) - clock()
            if left <= 0:
                return
            lane.grown.clear()
            try:
                async with asyncio.timeout(left):
                    await lane.grown.wait()
            except TimeoutError:
                return


def _partition(entry: InboxEntry) -> int:
    return int(entry.conversation[1 : entry.conversation.index("-")])
