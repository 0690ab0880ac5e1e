"""How far this process has read the inbox of each leased partition."""

from desk.turn import Lease

_START = "0"


class Places:
    """Begins anew with each lease: what the last holder left unfinished comes first."""

    def __init__(self) -> None:
        self._reached: dict[int, tuple[int, str]] = {}

    def of(self, lease: Lease) -> str:
        """The id of the last entry that was handed out under this lease."""
        token, reached = self._reached.get(lease.partition, (lease.token, _START))
        return reached if token == lease.token else _START

    def forget(self) -> None:
        """Begin anew everywhere; what is in hand is handed out again."""
        self._reached.clear()

    def reached(self, lease: Lease, entry_id: str) -> None:
        self._reached[lease.partition] = (lease.token, entry_id)
