"""The commands of a turn as steps of the commit script."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from desk.conversation import Conversation, partition_of_ticket
from desk.errors import DeskError, TicketChanged
from desk.rating import rating_of
from desk.routing_rules import RoutingRules
from desk.store.conversations import as_json, flat
from desk.store.tickets import changed_ticket_fields, ticket_event, ticket_fields
from desk.ticket import Ticket
from desk.times import to_ms, to_text

DEFAULT_DUE_HOURS = 24
BOT = "bot"
Command = Mapping[str, Any]
Made = dict[str, Any]


@dataclass(frozen=True)
class Around:
    """What the commands are about: the conversation, the moment, the tickets that they name, the routing table."""

    conversation: Conversation
    now: datetime
    tickets: Mapping[str, Ticket] = field(default_factory=dict)
    rules: RoutingRules = field(default_factory=RoutingRules)


def named_tickets(commands: Iterable[Command]) -> list[str]:
    """Ids of the tickets that `commands` change."""
    return [str(command.get("ticket") or "") for command in commands if command.get("command") == "ticket.update"]


def steps_of_commands(around: Around, commands: Sequence[Command]) -> list[Made]:
    """One step each, a change of state last. Raises DeskError for what makes no sense, TicketChanged."""
    made = []
    for command in commands:
        make = _COMMANDS.get(str(command.get("command")))
        if make is None:
            raise DeskError(f"unknown command {command.get('command')!r}")
        made.append(make(around, command))
    return sorted(made, key=lambda step: step["what"] == "become")


def _request_handoff(around: Around, command: Command) -> Made:
    reason = str(command.get("reason") or "asked")
    topic = command.get("category") or around.rules.about_reasons.get(reason)
    return {"what": "become", "to": "waiting", "reason": reason, **({"topic": str(topic)} if topic else {})}


def _cancel_handoff(_: Around, command: Command) -> Made:
    return {"what": "become", "to": "bot", "reason": str(command.get("reason") or "cancelled")}


def _close(_: Around, command: Command) -> Made:
    return {"what": "become", "to": "closed", "reason": str(command.get("reason") or "closed_by_bot")}


def _open_ticket(around: Around, command: Command) -> Made:
    conversation, now, ticket = around.conversation, around.now, str(command.get("ticket") or "")
    if partition_of_ticket(ticket) != conversation.partition:
        raise DeskError(f"{ticket} is not of the partition of {conversation.id}")
    due_at = now + timedelta(hours=float(command.get("due_hours") or DEFAULT_DUE_HOURS))
    kind, given = str(command.get("kind") or "callback"), command.get("fields") or {}
    return {
        "what": "ticket",
        "ticket": ticket,
        "version": "0",  # there is none yet
        "fields": flat(ticket_fields(conversation, kind, given, now, due_at)),
        "due": str(to_ms(due_at)),
        "event": as_json(ticket_event(ticket, kind, "open", due_at, BOT, "", now)),
    }


def _update_ticket(around: Around, command: Command) -> Made:
    """Other fields for a ticket of the same customer that nobody has finished yet."""
    given, ticket = command.get("fields") or {}, around.tickets.get(str(command.get("ticket") or ""))
    if ticket is None or ticket.address != around.conversation.address:
        raise DeskError(f"{command.get('ticket')!r} is no ticket of this customer")
    if ticket.state == "done":
        raise TicketChanged(f"{ticket.id} is done")
    event = ticket_event(ticket.id, ticket.kind, ticket.state, ticket.due_at, BOT, "", around.now)
    return {
        "what": "ticket",
        "ticket": ticket.id,
        "version": str(ticket.version),
        "fields": flat(changed_ticket_fields(ticket, given, BOT, around.now)),
        "event": as_json({**event, "changed": sorted(given)}),
    }


def _give_rating(around: Around, command: Command) -> Made:
    rating = rating_of(around.conversation.id, command.get("score"), command.get("comment"), around.now)
    told = {"score": rating.score, **({"comment": rating.comment} if rating.comment else {})}
    at = to_text(around.now)
    event = {"type": "rating", "at": at, "author": {"role": "customer", "id": ""}, **told}
    return {"what": "rating", "rating": as_json({**told, "at": at}), "event": as_json(event)}


_COMMANDS = {
    "handoff.request": _request_handoff,
    "handoff.cancel": _cancel_handoff,
    "conversation.close": _close,
    "ticket.open": _open_ticket,
    "ticket.update": _update_ticket,
    "rating.give": _give_rating,
}
