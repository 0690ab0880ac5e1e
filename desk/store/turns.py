"""What a turn or a step decided, written in one atomic step."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from ulid import ULID

from desk.conversation import Conversation, partition_of_ticket
from desk.errors import DeskError, LeaseLost, TicketChanged
from desk.event import Event, read_event
from desk.store.connection import Store
from desk.store.conversations import ConversationSteps, as_json, flat, refuse
from desk.store.keys import Keys
from desk.store.scripts import conversation_script
from desk.store.tickets import ticket_event, ticket_fields
from desk.times import to_ms, to_text
from desk.turn import Lease, Reply

DEFAULT_DUE_HOURS = 24


@dataclass(frozen=True)
class Decision:
    """A turn or a step as the script takes it. `to`: the state that a step asks for."""

    epoch: int
    role: str
    replies: Sequence[Reply]
    commands: Sequence[Mapping[str, Any]]
    entry_id: str | None = None
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
        """The events it made; [] when the inbox entry was finished before."""
        keys, address = self._keys.partition(lease.partition), conversation.address
        steps = list(_steps_of(conversation, decision, now))
        tickets = [keys.ticket(step["ticket"]) for step in steps if step["what"] == "ticket"]
        answer = await self._store.run(
            conversation_script("commit"),
            [
                *self._steps.shared_keys(address, conversation.id),
                *(keys.lease, keys.due, keys.customer_tickets(address.digest), *tickets),
            ],
            [self._steps.context(address, conversation.id, now), as_json(_argument(lease, decision, steps))],
            confirmed=True,
        )
        return _events(lease, conversation.id, answer)


def _events(lease: Lease, conversation_id: str, answer: Sequence[Any]) -> list[Event]:
    match answer[0]:
        case "lease_lost":
            raise LeaseLost(f"partition {lease.partition}")
        case "ticket_taken":
            raise TicketChanged("a ticket of this turn exists already")
        case "finished_before":
            return []
    refuse(conversation_id, answer)
    appended = answer[1]
    return [
        read_event(conversation_id, int(seq), stored) for seq, stored in zip(appended[::2], appended[1::2], strict=True)
    ]


def _argument(lease: Lease, decision: Decision, steps: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    optional = {
        "entry": decision.entry_id,
        "timer": None if decision.timer_ms is None else str(decision.timer_ms),
        "dialogue": None if decision.dialogue is None else as_json(decision.dialogue),
        "buttons": _last_buttons(decision),
        "language": decision.language,
    }
    return {
        "lease": lease.mark,
        "epoch": decision.epoch,
        "author": {"role": decision.role, "id": ""},
        "steps": steps,
        **{name: value for name, value in optional.items() if value is not None},
    }


def _last_buttons(decision: Decision) -> str | None:
    """Those that the customer may tap now; None when the bot said nothing."""
    if decision.buttons is not None:
        buttons = list(decision.buttons)
    elif decision.replies:
        buttons = [button for reply in decision.replies for button in reply.buttons]
    else:
        return None
    return as_json(buttons) if buttons else ""


def _steps_of(conversation: Conversation, decision: Decision, now: datetime) -> Iterator[dict[str, Any]]:
    """Sentences first, then tickets, then the change of state: as the customer should read them."""
    for reply in decision.replies:
        yield {"what": "say", "event": as_json(_message(reply, decision, now))}
    commands = [_COMMANDS.get(str(command.get("command"))) for command in decision.commands]
    if None in commands:
        raise DeskError(f"unknown command in {[command.get('command') for command in decision.commands]}")
    pairs = zip(commands, decision.commands, strict=True)
    made = [make(conversation, command, now) for make, command in pairs if make]
    yield from sorted(made, key=lambda step: step["what"] == "become")
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


def _request_handoff(_: Conversation, command: Mapping[str, Any], __: datetime) -> dict[str, Any]:
    return {"what": "become", "to": "waiting", "reason": str(command.get("reason") or "asked")}


def _cancel_handoff(_: Conversation, command: Mapping[str, Any], __: datetime) -> dict[str, Any]:
    return {"what": "become", "to": "bot", "reason": str(command.get("reason") or "cancelled")}


def _close(_: Conversation, command: Mapping[str, Any], __: datetime) -> dict[str, Any]:
    return {"what": "become", "to": "closed", "reason": str(command.get("reason") or "closed_by_bot")}


def _open_ticket(conversation: Conversation, command: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    ticket = str(command.get("ticket") or "")
    if partition_of_ticket(ticket) != conversation.partition:
        raise DeskError(f"{ticket} is not of the partition of {conversation.id}")
    due_at = now + timedelta(hours=float(command.get("due_hours") or DEFAULT_DUE_HOURS))
    kind, given = str(command.get("kind") or "callback"), command.get("fields") or {}
    fields = ticket_fields(conversation, kind, given, now, due_at)
    event = ticket_event(ticket, kind, "open", due_at, "bot", "", now)
    return {
        "what": "ticket",
        "ticket": ticket,
        "fields": flat(fields),
        "due": str(to_ms(due_at)),
        "event": as_json(event),
    }


_COMMANDS = {
    "handoff.request": _request_handoff,
    "handoff.cancel": _cancel_handoff,
    "conversation.close": _close,
    "ticket.open": _open_ticket,
}
