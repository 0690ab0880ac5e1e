"""What a turn or a step decided, written in one atomic step."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ulid import ULID

from desk.conversation import Conversation
from desk.errors import LeaseLost, TicketChanged
from desk.event import Event, read_event
from desk.store.commands import Around, named_tickets, steps_of_commands
from desk.store.connection import Store
from desk.store.conversations import ConversationSteps, as_json, refuse
from desk.store.keys import Keys
from desk.store.scripts import conversation_script
from desk.store.tickets import read_tickets
from desk.times import to_text
from desk.turn import Lease, Reply


@dataclass(frozen=True)
class Decision:
    """A turn or a step as the script takes it. `to`: the state that a step asks for."""

    epoch: int
    role: str
    replies: Sequence[Reply]
    commands: Sequence[Mapping[str, Any]]
    entry_ids: Sequence[str] = ()
    reply_to: Sequence[str] = ()
    dialogue: Mapping[str, Any] | None = None
    buttons: Sequence[Mapping[str, str]] | None = None
    language: str | None = None
    to: tuple[str, str] | None = None
    timer_ms: int | None = None
    tickets: list[str] = field(default_factory=list)


class TurnStore:
    """Commits decisions."""

    def __init__(self, store: Store, keys: Keys, steps: ConversationSteps) -> None:
        self._store = store
        self._keys = keys
        self._steps = steps

    async def commit(self, lease: Lease, conversation: Conversation, decision: Decision, now: datetime) -> list[Event]:
        """The events it made; [] when the inbox entries were finished before."""
        keys, address = self._keys.partition(lease.partition), conversation.address
        known = await read_tickets(self._store, self._keys, named_tickets(decision.commands))
        around = Around(conversation, now, {ticket.id: ticket for ticket in known}, self._steps.rules)
        steps = list(_steps_of(around, decision))
        tickets = [keys.ticket(step["ticket"]) for step in steps if step["what"] == "ticket"]
        answer = await self._store.run(
            conversation_script("commit"),
            [
                *self._steps.shared_keys(address, conversation.id),
                *(keys.lease, keys.due, keys.customer_tickets(address.digest), keys.ratings, *tickets),
            ],
            [self._steps.context(address, conversation.id, now), as_json(_argument(lease, decision, steps))],
            # Not confirmed: whoever follows the log has read it before a replica could confirm it, and a commit that
            # is lost with its server is taken again, for its entry is in the inbox again.
        )
        return _events(lease, conversation.id, answer)


def _events(lease: Lease, conversation_id: str, answer: Sequence[Any]) -> list[Event]:
    match answer[0]:
        case "lease_lost":
            raise LeaseLost(f"partition {lease.partition}")
        case "ticket_changed":
            raise TicketChanged("a ticket of this turn exists already, or was changed meanwhile")
        case "finished_before":
            return []
    refuse(conversation_id, answer)
    appended = answer[1]
    return [
        read_event(conversation_id, int(seq), stored) for seq, stored in zip(appended[::2], appended[1::2], strict=True)
    ]


def _argument(lease: Lease, decision: Decision, steps: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    optional = {
        "entries": list(decision.entry_ids) or None,
        "timer": None if decision.timer_ms is None else str(decision.timer_ms),
        "dialogue": None if decision.dialogue is None else as_json(decision.dialogue),
        "buttons": _last_buttons(decision),
        "language": decision.language,
        "topic": _topic(decision),
    }
    return {
        "lease": lease.mark,
        "epoch": decision.epoch,
        "author": {"role": decision.role, "id": ""},
        "steps": steps,
        **{name: value for name, value in optional.items() if value is not None},
    }


def _topic(decision: Decision) -> str | None:
    """The category of the last article that was given."""
    articles = [reply.article for reply in decision.replies if reply.article]
    return str(articles[-1].get("category") or "") or None if articles else None


def _last_buttons(decision: Decision) -> str | None:
    """Those that the customer may tap now; None when the bot said nothing."""
    if decision.buttons is not None:
        buttons = list(decision.buttons)
    elif decision.replies:
        buttons = [button for reply in decision.replies for button in reply.buttons]
    else:
        return None
    return as_json(buttons) if buttons else ""


def _steps_of(around: Around, decision: Decision) -> Iterator[dict[str, Any]]:
    """Sentences first, then tickets and a rating, then the change of state: as the customer should read them."""
    for reply in decision.replies:
        yield {"what": "say", "event": as_json(_message(reply, decision, around.now))}
    yield from steps_of_commands(around, decision.commands)
    if decision.to:
        yield {"what": "become", "to": decision.to[0], "reason": decision.to[1]}


def _message(reply: Reply, decision: Decision, now: datetime) -> dict[str, Any]:
    message: dict[str, Any] = {
        "type": "message",
        "at": to_text(now),
        "author": {"role": "system" if reply.notice else "bot", "id": ""},
        "message_id": reply.message_id or f"b-{ULID.from_datetime(now)}",
        "text": reply.text,
    }
    optional = {
        "buttons": [dict(button) for button in reply.buttons],
        "attachments": [dict(attachment) for attachment in reply.attachments],
        "article": reply.article and dict(reply.article),
        "image": reply.image,
        "notice": reply.notice,
        "reply_to": list(decision.reply_to),
    }
    return message | {name: value for name, value in optional.items() if value}
