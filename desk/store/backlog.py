"""Which entries of a leased partition this process has in hand, and how far it looked for older ones."""

from collections.abc import Callable
from dataclasses import dataclass, field

from desk.turn import Lease

SWEEP_SECONDS = 5.0


@dataclass
class _Partition:
    token: int
    position: str | None = "0"
    swept_at: float = 0.0
    in_hand: set[str] = field(default_factory=set)


class Backlog:
    """Begins anew with each lease, and looks again every few seconds.

    An answer that was lost on its way left its entries with us, unseen: a sweep finds them.
    """

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._partitions: dict[int, _Partition] = {}

    def position(self, lease: Lease) -> str | None:
        """After which entry to look for unfinished ones; None: not now."""
        partition = self._of(lease)
        if partition.position is None and self._monotonic() - partition.swept_at >= SWEEP_SECONDS:
            partition.position = "0"
        return partition.position

    def looked(self, lease: Lease, last: str | None) -> None:
        """The unfinished ones up to `last` were seen; None: all of them."""
        partition = self._of(lease)
        partition.position = last
        partition.swept_at = self._monotonic()

    def look_again(self, lease: Lease) -> None:
        self._of(lease).position = "0"

    def take(self, lease: Lease, entry_id: str) -> bool:
        """False when it is in hand already."""
        in_hand = self._of(lease).in_hand
        if entry_id in in_hand:
            return False
        in_hand.add(entry_id)
        return True

    def finished(self, lease: Lease, entry_id: str) -> None:
        self._of(lease).in_hand.discard(entry_id)

    def _of(self, lease: Lease) -> _Partition:
        partition = self._partitions.get(lease.partition)
        if partition is None or partition.token != lease.token:
            partition = self._partitions[lease.partition] = _Partition(lease.token)
        return partition
