"""One turn while it runs: what the worker sent, and what the turn leaves behind; carried in a context variable."""

from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from bot.situation import Knowledge, Offer, Verdict


@dataclass(frozen=True)
class Part:
    """A part of a text that may be a wish by itself, with its vector."""

    text: str
    vector: tuple[float, ...]


@dataclass(frozen=True)
class TurnInput:
    """All that a turn depends on, besides the model."""

    conversation: str
    epoch: int
    message_id: str
    text: str
    language: str
    dialogue: dict[str, Any] | None = None
    knowledge: Knowledge | None = None
    encoder: dict[str, Any] | None = None
    vector: tuple[float, ...] | None = None
    parts: tuple[Part, ...] = ()
    desk: dict[str, Any] = field(default_factory=dict)

    @property
    def slots(self) -> dict[str, Any]:
        """The slots that are set before each turn, from what the worker knows."""
        tickets = self.desk.get("tickets", [])
        callbacks = (t["id"] for t in tickets if t.get("kind") == "callback" and t.get("state") != "done")
        callback = next(callbacks, None)
        return {
            "language": self.language,
            "desk_open": bool(self.desk.get("open")),
            "desk_reachable": bool(self.desk.get("reachable")),
            "desk_opens_at": self.desk.get("opens_at"),
            "own_tickets": [ticket["id"] for ticket in tickets],
            "callback_ticket": callback,
            "callback_open": callback is not None,
        }


@dataclass
class Turn:
    """The record of one turn in progress; `failures` names actions that gave no usable answer."""

    input: TurnInput
    offers: tuple[Offer, ...] = ()
    form: str | None = None
    requested_slot: str | None = None
    missed: bool = False
    insulted: bool = False
    verdict: Verdict | None = None
    reading: dict[str, Any] = field(default_factory=dict)
    dialogue: dict[str, Any] | None = None
    failures: list[str] = field(default_factory=list)
    running_action: str | None = None


CURRENT: ContextVar[Turn | None] = ContextVar("current_turn", default=None)
