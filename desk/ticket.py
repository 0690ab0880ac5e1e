"""A ticket is something to be done later: a complaint or a call-back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from desk.conversation import Address
from desk.times import to_text

TicketState = Literal["open", "in_progress", "done"]
TICKET_STATES: tuple[TicketState, ...] = ("open", "in_progress", "done")


@dataclass(frozen=True)
class Note:
    """One entry of a ticket's history: who did what, when."""

    at: datetime
    agent: str
    state: TicketState
    text: str = ""


@dataclass(frozen=True)
class Ticket:
    """`version` is raised by every change; a change names the version that it was made from."""

    id: str
    version: int
    state: TicketState
    kind: str
    fields: Mapping[str, Any]
    address: Address
    conversation: str
    language: str | None
    opened_at: datetime
    due_at: datetime
    updated_at: datetime
    history: Sequence[Note] = ()

    def as_dict(self) -> dict[str, Any]:
        """The ticket for an agent, ready for JSON."""
        notes = [{"at": to_text(n.at), "agent": n.agent, "state": n.state, "text": n.text} for n in self.history]
        return {
            "id": self.id,
            "version": self.version,
            "state": self.state,
            "kind": self.kind,
            "fields": dict(self.fields),
            "channel": self.address.channel,
            "conversation": self.conversation,
            "language": self.language,
            "opened_at": to_text(self.opened_at),
            "due_at": to_text(self.due_at),
            "updated_at": to_text(self.updated_at),
            "history": notes,
        }
