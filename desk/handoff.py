"""A handoff is a customer waiting for, or talking to, a person."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Waiting:
    """One customer in the queue. `position` 1 is next; `preview` is the start of the last message."""

    conversation: str
    since: datetime
    position: int
    language: str | None
    preview: str
    reason: str
    epoch: int
