"""An event is one numbered entry of a conversation's log; docs/events.md has every shape."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from desk.times import from_text, to_text

Role = Literal["customer", "bot", "agent", "system"]


@dataclass(frozen=True)
class Author:
    """Who made an event happen; `id` is an agent's name, or empty."""

    role: Role
    id: str = ""


@dataclass(frozen=True)
class Typing:
    """Somebody is writing in a conversation just now: neither numbered nor kept."""

    conversation: str
    role: str


@dataclass(frozen=True)
class Event:
    """One entry of the log. `body` has the keys that belong to `type` alone."""

    conversation: str
    seq: int
    type: str
    at: datetime
    author: Author
    body: Mapping[str, Any]

    @property
    def text(self) -> str:
        return str(self.body.get("text", ""))

    @property
    def message_id(self) -> str:
        return str(self.body.get("message_id", ""))

    @property
    def payload(self) -> str | None:
        """The payload of the button that the customer tapped; it was one of the bot's last."""
        return self.body.get("payload")

    @property
    def buttons(self) -> Sequence[Mapping[str, str]]:
        return tuple(self.body.get("buttons", ()))

    @property
    def attachments(self) -> Sequence[Mapping[str, str]]:
        return tuple(self.body.get("attachments", ()))

    def as_dict(self) -> dict[str, Any]:
        """The event as in docs/events.md, ready for JSON."""
        return {
            "seq": self.seq,
            "type": self.type,
            "at": to_text(self.at),
            "conversation": self.conversation,
            "author": {"role": self.author.role, "id": self.author.id},
            **self.body,
        }

    def for_customer(self, display_name: str = "") -> dict[str, Any]:
        """The event as its customer may see it: no holder, no ticket fields, no agent's own id."""
        hidden = {"holder", "fields", "note", "former", "category", "offered_to"}
        shown = {key: value for key, value in self.as_dict().items() if key not in hidden}
        if self.author.role == "agent":
            shown["author"] = {"role": "agent", "id": display_name}
        return shown


def read_event(conversation: str, seq: int, stored: str) -> Event:
    """The event that the log keeps as JSON without its number and conversation."""
    body = json.loads(stored)
    author = Author(**body.pop("author"))
    type_, at = body.pop("type"), from_text(body.pop("at"))
    if type_ == "message":
        body = {"attachments": [], "buttons": [], **body}
    return Event(conversation, seq, type_, at, author, body)
