"""A case is what an agent makes of a conversation: who the customer is, what became of it, what is done later."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from desk.assist.handling import Handling
from desk.conversation import Conversation

VerifiedState = Literal["vouched", "ticked", "no"]


@dataclass(frozen=True)
class Verified:
    """Whether we know who the customer is: the site vouched for them, or an agent ticked it, saying how."""

    state: VerifiedState = "no"
    by: str | None = None
    at: datetime | None = None
    how: str | None = None

    @property
    def known(self) -> bool:
        return self.state != "no"


@dataclass(frozen=True)
class Earlier:
    """A former conversation of the same customer; what the wrap-up says is None when there was none."""

    conversation: Conversation
    disposition: str | None = None
    summary: str | None = None
    agent: str | None = None


@dataclass(frozen=True)
class NewTicket:
    """Something to be done later, opened with a wrap-up."""

    kind: str
    fields: Mapping[str, Any]
    due_at: datetime


@dataclass(frozen=True)
class WrapUp:
    """What an agent says of a case; `form` holds plain values by field."""

    disposition: str
    summary: str
    form: Mapping[str, Any]
    tickets: Sequence[NewTicket] = ()


@dataclass(frozen=True)
class WrappedUp:
    """One case as boards read it."""

    conversation: str
    agent: str
    disposition: str
    category: str
    at: datetime
    handling: Handling = field(default_factory=lambda: Handling(0, 0))
