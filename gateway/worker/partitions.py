"""Which partitions this worker holds: taken when free, renewed twice a second, shared with the other workers."""

import zlib
from collections.abc import Callable

import structlog

from desk import PARTITIONS, Desk, DeskError, Lease

TTL_MS = 2000
_SWEEP_SECONDS = 3.0  # others below their share look every half second, so what is free this long is nobody's
_OFFER_SECONDS = 1.0
_OFFER_LONGEST = 30.0
_OFFERED_AT_ONCE = 4
_log = structlog.get_logger(__name__)

Seconds = Callable[[], float]


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
        # Kept as they are: those whose server does not answer. The desk has the last word.
        for lease, renewed in (await self._desk.renew_all(self.leases, TTL_MS)).items():
            if not renewed:
                self.lose(lease)
        if taking:
            await self._take()

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
            await self._desk.renew_all(leases, 0)
        except DeskError:
            _log.warning("leases_left_to_run_out", count=len(leases))

    async def _take(self) -> None:
        """The free ones: up to the own share, or all of them when nobody else seems to be there."""
        sweeping = self._clock() >= self._sweep_at
        if sweeping:
            self._sweep_at = self._clock() + _SWEEP_SECONDS
        missing = [partition for partition in self._order if partition not in self._held]
        most = PARTITIONS if sweeping else self._share
        while missing and len(self._held) < most:
            asked, missing = missing[: most - len(self._held)], missing[most - len(self._held) :]
            taken = {lease.partition: lease for lease in await self._desk.lease_all(asked, self._worker, TTL_MS)}
            self._held |= taken
            if self._offered.intersection(asked) - taken.keys():
                self._offer_pause = _OFFER_SECONDS  # somebody is there: go on sharing
            self._offered.difference_update(asked)
