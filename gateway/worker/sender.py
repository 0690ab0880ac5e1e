"""Brings what is in the outbox to the customers, in order for each; who cannot be reached holds up nobody else."""

import asyncio
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

import structlog

from channels import Channel, NotSent, Refused
from desk import Desk, DeskError, Lease, LeaseLost, OutboxEntry
from desk.times import Clock
from gateway.logging import about
from gateway.worker.metrics import Metrics
from gateway.worker.parcels import Parcel, parcel_of
from gateway.worker.retries import Retries

_AT_ONCE = 32  # of one account: a receiver that hangs does not use up everybody's connections
_PAUSE = 1.0
_Result = TypeVar("_Result")
_log = structlog.get_logger(__name__)


@dataclass
class _Lane:
    """What waits for one customer. `busy`: a message is on its way."""

    entries: deque[OutboxEntry] = field(default_factory=deque)
    busy: bool = False


class Sender:
    """`channels` by name. After a crash between sending and marking a message arrives twice, under the same id."""

    def __init__(
        self,
        desk: Desk,
        channels: Mapping[str, Channel],
        holds: Callable[[Lease], bool],
        metrics: Metrics,
        clock: Clock,
        retries: Retries,
    ) -> None:
        self._desk = desk
        self._channels = channels
        self._holds = holds
        self._metrics = metrics
        self._clock = clock
        self._retries = retries
        self._lanes: dict[tuple[Lease, str], _Lane] = {}
        self._tasks: dict[tuple[Lease, str], asyncio.Task[None]] = {}
        self._slots: dict[tuple[str, str], asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(_AT_ONCE))
        self._stopping = False

    @property
    def load(self) -> int:
        """Messages that were read and are neither delivered nor given up."""
        return sum(len(lane.entries) for lane in self._lanes.values())

    def is_idle(self, lease: Lease) -> bool:
        """Whether nothing is on its way; what only waits for its next try may as well wait with another worker."""
        return not any(lane.busy for (held, _), lane in self._lanes.items() if held == lease)

    async def read(self, leases: Sequence[Lease], block_ms: int) -> None:
        """Take what is new in the outboxes of `leases`, let go of what was others' meanwhile."""
        for lane, task in self._tasks.items():
            if not self._holds(lane[0]):
                task.cancel()
        by_partition = {lease.partition: lease for lease in leases}
        for entry in await self._desk.outbox.read(leases, block_ms):
            self._queue(by_partition[_partition(entry)], entry)

    async def measure(self, leases: Sequence[Lease]) -> None:
        """Show how much waits in the outboxes of `leases`, and how much was given up."""
        depth = await self._desk.outbox.depth([lease.partition for lease in leases])
        self._metrics.outbox.set(depth.waiting)
        self._metrics.dead_letters.set(depth.dead)

    async def drain(self, seconds: float) -> None:
        """Let what is on its way arrive, cut off what takes longer; the rest stays in the outbox."""
        self._stopping = True
        for lane, task in self._tasks.items():
            if not self._lanes[lane].busy:
                task.cancel()
        tasks = list(self._tasks.values())
        if tasks:
            await asyncio.wait(tasks, timeout=seconds)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _queue(self, lease: Lease, entry: OutboxEntry) -> None:
        key = (lease, entry.customer)
        if key not in self._lanes:
            self._lanes[key] = _Lane()
            self._tasks[key] = asyncio.create_task(self._run(key))
        self._lanes[key].entries.append(entry)

    async def _run(self, key: tuple[Lease, str]) -> None:
        lane = self._lanes[key]
        try:
            while lane.entries and not self._stopping:
                await self._deliver(lane, key[0], lane.entries[0])
                lane.entries.popleft()
        except LeaseLost:
            pass  # whoever has it now, or next, goes on
        finally:
            del self._lanes[key], self._tasks[key]

    async def _deliver(self, lane: _Lane, lease: Lease, entry: OutboxEntry) -> None:
        """Return when the message was delivered or given up. Raises LeaseLost."""
        while True:
            if entry.tries.next_at is not None:
                await asyncio.sleep((entry.tries.next_at - self._clock()).total_seconds())
            lane.busy = True
            try:
                left = await self._try(lease, entry)
            finally:
                lane.busy = False
            if left is None:
                return
            entry = left

    async def _try(self, lease: Lease, entry: OutboxEntry) -> OutboxEntry | None:
        """The entry to try again, or None when it is done with."""
        about(entry.conversation)
        parcel = await self._insist(lease, lambda: parcel_of(self._desk, entry))
        if parcel is None:
            _log.error("entry_without_message", conversation=entry.conversation, seq=entry.seq)
            await self._insist(lease, lambda: self._desk.outbox.sent(lease, entry))
            return None
        try:
            await self._hand_over(lease, parcel)
        except (NotSent, Refused) as error:
            retry_after = error.retry_after if isinstance(error, NotSent) else None
            tries = self._retries.after(entry.tries, self._clock(), retry_after)
            failed = replace(entry, tries=tries)
            if isinstance(error, Refused) or tries.next_at is None:
                await self._give_up(lease, failed, parcel, str(error))
                return None
            return await self._again(lease, failed, parcel, str(error))
        await self._insist(lease, lambda: self._desk.outbox.sent(lease, entry))
        self._metrics.outbox_sent.labels(parcel.to.channel).inc()
        return None

    async def _again(self, lease: Lease, entry: OutboxEntry, parcel: Parcel, reason: str) -> OutboxEntry:
        await self._insist(lease, lambda: self._desk.outbox.later(lease, entry, entry.tries))
        self._metrics.outbox_retried.labels(parcel.to.channel).inc()
        _log.info("not_sent", conversation=entry.conversation, seq=entry.seq, reason=reason, tries=entry.tries.count)
        return entry

    async def _give_up(self, lease: Lease, entry: OutboxEntry, parcel: Parcel, reason: str) -> None:
        await self._insist(lease, lambda: self._desk.outbox.give_up(lease, entry, parcel.to, parcel.message_id, reason))
        self._metrics.outbox_dead.labels(parcel.to.channel).inc()
        _log.warning("given_up", conversation=entry.conversation, seq=entry.seq, reason=reason)

    async def _hand_over(self, lease: Lease, parcel: Parcel) -> None:
        """Raises NotSent, Refused, LeaseLost."""
        channel = self._channels.get(parcel.to.channel)
        if channel is None:
            raise Refused("no channel")
        async with self._slots[(parcel.to.channel, parcel.to.account)]:
            self._must_hold(lease)
            if self._stopping:
                raise LeaseLost("about to be given back")
            try:
                await channel.send(parcel.outgoing)
            except (NotSent, Refused):
                raise
            except Exception as error:
                _log.exception("channel_failed", channel=parcel.to.channel)
                raise NotSent(f"error {type(error).__name__}") from error

    async def _insist(self, lease: Lease, work: Callable[[], Awaitable[_Result]]) -> _Result:
        """Through every outage of the store, as long as the partition is ours. Raises LeaseLost."""
        while True:
            self._must_hold(lease)
            try:
                return await work()
            except LeaseLost:
                raise
            except Exception as error:  # noqa: BLE001 - a lane that ends in silence would leave its customer without a word
                self._metrics.errors.labels(type(error).__name__).inc()
                _log.warning("sender_waits", error=type(error).__name__, exc_info=not isinstance(error, DeskError))
                await asyncio.sleep(_PAUSE)

    def _must_hold(self, lease: Lease) -> None:
        if not self._holds(lease):
            raise LeaseLost(f"partition {lease.partition}")


def _partition(entry: OutboxEntry) -> int:
    return int(entry.conversation[1 : entry.conversation.index("-")])
