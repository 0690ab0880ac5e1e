"""Which partitions this worker holds: taken when free, renewed twice a second, shared with the other workers."""

import asyncio
import zlib
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import TypeVar

import structlog

from desk import PARTITIONS, Desk, DeskError, Lease

TTL_MS = 2000
_AT_ONCE = 8
_SWEEP_SECONDS = 3.0  # others below their share look every half second, so what is free this long is nobody's
_OFFER_SECONDS = 1.0
_OFFER_LONGEST = 30.0
_OFFERED_AT_ONCE = 4
_log = structlog.get_logger(__name__)

Seconds = Callable[[], float]
_Item = TypeVar("_Item")


class Partitions:
    """Holds about 64 divided by `workers`, more when nobody else takes them, and offers these to who comes later.

    A lease that is gone never comes back: the same partition returns under a new token.
    """

    def __init__(self, desk: Desk, worker: str, workers: int, clock: Seconds) -> None:
        self._desk = desk
        self._worker = worker
        self._share = -(-PARTITIONS // workers)
        self._clock = clock
        self._held: dict[int, Lease] = {}
        self._offered: set[int] = set()
        self._sweep_at = clock() + (_SWEEP_SECONDS if workers > 1 else 0.0)
        self._offer_at = 0.0
        self._offer_pause = _OFFER_SECONDS
        first = zlib.crc32(worker.encode()) % PARTITIONS
        self._order = [(first + step) % PARTITIONS for step in range(PARTITIONS)]

    @property
    def leases(self) -> list[Lease]:
        return list(self._held.values())

    def holds(self, lease: Lease) -> bool:
        """False once the lease is known to be lost; the desk has the last word."""
        return self._held.get(lease.partition) == lease

    def lose(self, lease: Lease) -> None:
        """The desk said that it is lost: begin nothing more under it."""
        if self.holds(lease):
            _log.warning("lease_lost", partition=lease.partition)
            del self._held[lease.partition]

    async def keep(self, taking: bool = True) -> None:
        """Renew what is held, then take what is free. Called twice a second; raises StoreUnavailable."""
        await _each(self.leases, self._renew)
        if not taking:
            return
        missing = [partition for partition in self._order if partition not in self._held]
        sweeping = self._clock() >= self._sweep_at
        if sweeping:
            self._sweep_at = self._clock() + _SWEEP_SECONDS
        await _each(missing, lambda partition: self._take(partition, sweeping))

    async def offer(self, is_idle: Callable[[Lease], bool]) -> None:
        """Give back a few idle partitions beyond the own share; rarer and rarer while nobody takes them."""
        surplus = len(self._held) - self._share
        if surplus <= 0 or self._clock() < self._offer_at:
            return
        self._offer_at = self._clock() + self._offer_pause
        self._offer_pause = min(2 * self._offer_pause, _OFFER_LONGEST)
        self._sweep_at = self._clock() + 2 * _OFFER_SECONDS
        idle = [lease for lease in self.leases if is_idle(lease)]
        for lease in idle[: min(surplus, _OFFERED_AT_ONCE)]:
            del self._held[lease.partition]
            self._offered.add(lease.partition)
            await self._desk.give_back(lease)

    async def give_back(self) -> None:
        """End every lease, for a worker that stops."""
        leases = self.leases
        self._held.clear()
        try:
            await _each(leases, self._desk.give_back)
        except DeskError:
            _log.warning("leases_left_to_run_out", count=len(leases))

    async def _renew(self, lease: Lease) -> None:
        if not await self._desk.renew(lease, TTL_MS):
            self.lose(lease)

    async def _take(self, partition: int, sweeping: bool) -> None:
        if not sweeping and len(self._held) >= self._share:
            return
        lease = await self._desk.lease(partition, self._worker, TTL_MS)
        if lease is not None:
            self._held[partition] = lease
        elif partition in self._offered:
            self._offer_pause = _OFFER_SECONDS  # somebody is there: go on sharing
        self._offered.discard(partition)


async def _each(items: Sequence[_Item], do: Callable[[_Item], Awaitable[None]]) -> None:
    """`do` for every item, a few at once, so that one slow answer does not hold up all renewals."""
    for start in range(0, len(items), _AT_ONCE):
        await _all(do(item) for item in items[start : start + _AT_ONCE])


async def _all(work: Iterable[Awaitable[None]]) -> None:
    results = await asyncio.gather(*work, return_exceptions=True)
    for result in results:
        if isinstance(result, BaseException):
            raise result
