"""On duty: within opening hours, and present."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Duty:
    """`reachable`: open and at least one agent available. `opens_at`: None while open.

    `agents` are the names of those who are available now.
    """

    open: bool
    reachable: bool
    opens_at: datetime | None
    agents: Sequence[str]
