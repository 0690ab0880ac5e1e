"""What a run leaves behind: what was sent and acknowledged, what customers saw, and what the desk wrote down.

Moments are seconds since 1970, events are the JSON of docs/events.md as their customer may see them.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

Event = Mapping[str, Any]


@dataclass(frozen=True)
class Ack:
    """A door's word that it has the message."""

    at: float
    door: str
    conversation: str
    seq: int
    duplicate: bool


@dataclass
class Sent:
    """A message as its author sent it. `after`: the message that its author knew to be acknowledged before."""

    message_id: str
    author: Literal["customer", "agent"]
    who: str
    at: float
    after: str | None = None
    acks: list[Ack] = field(default_factory=list)

    @property
    def acknowledged_at(self) -> float | None:
        return min((ack.at for ack in self.acks), default=None)


@dataclass
class Seen:
    """What one customer was shown, by conversation, in the order in which it came."""

    customer: str
    how: str
    events: dict[str, list[Event]] = field(default_factory=dict)
    at: dict[str, list[float | None]] = field(default_factory=dict)

    def note(self, event: Event, now: float | None) -> None:
        """`now` None: read by somebody who had left meanwhile."""
        self.events.setdefault(event["conversation"], []).append(event)
        self.at.setdefault(event["conversation"], []).append(now)

    def last(self, conversation: str) -> int:
        """The number of the last event seen, 0 for none."""
        events = self.events.get(conversation)
        return int(events[-1]["seq"]) if events else 0


@dataclass(frozen=True)
class Outage:
    """Redis did not answer from `begin` to `end`."""

    begin: float
    end: float

    def within(self, begin: float, end: float) -> float:
        """How much of it lies between the two moments."""
        return max(0.0, min(self.end, end) - max(self.begin, begin))


@dataclass
class Evidence:
    """All of it. `left`: inbox entries that nobody finished; `differences`: what `zhiban check` says.

    `stuck`: customers and agents who could not go on at all.
    """

    sent: list[Sent] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    logs: dict[str, list[Event]] = field(default_factory=dict)
    outages: list[Outage] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)
    stuck: list[str] = field(default_factory=list)

    def save(self, path: Path) -> None:
        path.write_text(json.dumps(asdict(self), ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> "Evidence":
        told = json.loads(path.read_text(encoding="utf-8"))
        told["sent"] = [Sent(**{**one, "acks": [Ack(**ack) for ack in one["acks"]]}) for one in told["sent"]]
        told["seen"] = [Seen(**one) for one in told["seen"]]
        told["outages"] = [Outage(**one) for one in told["outages"]]
        return cls(**told)


def moment(event: Event) -> float:
    """When the event was decided."""
    return datetime.fromisoformat(event["at"]).timestamp()


def is_message(event: Event, *roles: str) -> bool:
    """Whether it is a message of one of these authors."""
    return event["type"] == "message" and event["author"]["role"] in roles


def messages(log: Iterable[Event], *roles: str) -> list[Event]:
    """The messages of these authors, in order."""
    return [event for event in log if is_message(event, *roles)]
