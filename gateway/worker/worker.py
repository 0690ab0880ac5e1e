"""The running worker: leases, reading, timers, and an orderly end."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

import structlog

from desk import Desk, DeskError, Lease, LeaseLost
from gateway.worker.conveyor import Conveyor
from gateway.worker.metrics import Metrics
from gateway.worker.neighbours import Neighbours
from gateway.worker.partitions import Partitions
from gateway.worker.sender import Sender
from gateway.worker.timers import Timers

_LEASE_SECONDS = 0.5
_TIMER_SECONDS = 1.0
_UNATTENDED_SECONDS = 5.0
_BLOCK_MS = 500
_BACK_PRESSURE_SECONDS = 0.05
_READY_SECONDS = 5.0
_MEASURE_SECONDS = 5.0
_MOST_TO_SEND = 20_000
_log = structlog.get_logger(__name__)


class Worker:
    """Runs until told to stop; no failure of the store or of a turn ends it."""

    def __init__(
        self,
        desk: Desk,
        partitions: Partitions,
        conveyor: Conveyor,
        timers: Timers,
        metrics: Metrics,
        most_entries: int,
        drain_seconds: float,
        neighbours: Neighbours,
        sender: Sender | None = None,
    ) -> None:
        """Without a `sender` nobody empties the outbox."""
        self._desk = desk
        self._partitions = partitions
        self._conveyor = conveyor
        self._timers = timers
        self._metrics = metrics
        self._most_entries = most_entries
        self._drain_seconds = drain_seconds
        self._sender = sender
        self.neighbours = neighbours
        self._kept_at: float | None = None
        self._stopping = asyncio.Event()

    @property
    def is_ready(self) -> bool:
        """Whether the leases were seen to lately."""
        if self._stopping.is_set():
            return False
        return self._kept_at is not None and asyncio.get_running_loop().time() - self._kept_at < _READY_SECONDS

    def stop(self) -> None:
        self._stopping.set()

    async def run(self) -> None:
        """Work until `stop`; then finish running turns and give every lease back."""
        never = asyncio.Event()
        keeping = asyncio.create_task(self._every(_LEASE_SECONDS, self._keep, never))
        loops = [
            asyncio.create_task(self._every(0.0, self._read, self._stopping)),
            asyncio.create_task(self._every(_TIMER_SECONDS, self._end_due, self._stopping)),
            asyncio.create_task(self._every(_UNATTENDED_SECONDS, self._send_back_unattended, self._stopping)),
            *self._sending(),
        ]
        try:
            await self._stopping.wait()
        finally:
            # The leases are kept until the last turn is committed.
            await _end(*loops)
            await self._conveyor.drain(self._drain_seconds)
            if self._sender is not None:
                await self._sender.drain(self._drain_seconds)
            await _end(keeping)
            await self._partitions.give_back()

    async def _keep(self) -> None:
        await self._partitions.keep(taking=not self._stopping.is_set())
        await self._partitions.offer(self._is_idle)
        self._kept_at = asyncio.get_running_loop().time()
        self._metrics.leases.set(len(self._partitions.leases))
        self._metrics.entries.set(self._conveyor.load)

    async def _read(self) -> None:
        leases = self._partitions.leases
        if not leases or self._conveyor.load >= self._most_entries:
            await asyncio.sleep(_BACK_PRESSURE_SECONDS)
            return
        self._conveyor.put(leases, await self._desk.inbox(leases, _BLOCK_MS))

    def _is_idle(self, lease: Lease) -> bool:
        return self._conveyor.is_idle(lease) and (self._sender is None or self._sender.is_idle(lease))

    def _sending(self) -> list[asyncio.Task[None]]:
        if self._sender is None:
            return []
        sender = self._sender

        async def send() -> None:
            leases = self._partitions.leases
            if not leases or sender.load >= _MOST_TO_SEND:
                await asyncio.sleep(_BACK_PRESSURE_SECONDS)
            else:
                await sender.read(leases, _BLOCK_MS)

        async def measure() -> None:
            await sender.measure(self._partitions.leases)

        return [
            asyncio.create_task(self._every(0.0, send, self._stopping)),
            asyncio.create_task(self._every(_MEASURE_SECONDS, measure, self._stopping)),
        ]

    async def _end_due(self) -> None:
        for lease in self._partitions.leases:
            with contextlib.suppress(LeaseLost):
                await self._timers.end_due(lease)

    async def _send_back_unattended(self) -> None:
        await self._timers.send_back_unattended(self._partitions.leases)

    async def _every(self, seconds: float, work: Callable[[], Awaitable[None]], ending: asyncio.Event) -> None:
        while not ending.is_set():
            pause = seconds
            try:
                await work()
            except Exception as error:  # noqa: BLE001 - a loop that ends would leave customers in silence
                pause = max(seconds, _LEASE_SECONDS)
                self._metrics.errors.labels(type(error).__name__).inc()
                _log.warning("loop_failed", error=type(error).__name__, exc_info=not isinstance(error, DeskError))
            if pause:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(ending.wait(), pause)


async def _end(*tasks: asyncio.Task[None]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
