"""Tickets in Redis, and the lists they stand on."""

import heapq
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from desk.conversation import PARTITIONS, Address, Conversation, partition_of_conversation, partition_of_ticket
from desk.errors import TicketChanged, TicketNotFound
from desk.store.connection import Store
from desk.store.conversations import ConversationSteps, as_json, flat
from desk.store.keys import Keys
from desk.store.scripts import conversation_script
from desk.ticket import Note, Ticket, TicketState
from desk.times import from_ms, from_text, to_ms, to_text


class TicketStore:
    """Reads and changes tickets; opening one is part of a turn (`turns.py`)."""

    def __init__(self, store: Store, keys: Keys, steps: ConversationSteps) -> None:
        self._store = store
        self._keys = keys
        self._steps = steps

    async def reserve(self, partition: int) -> str:
        number = await self._store.ask("INCR", self._keys.partition(partition).ticket_number)
        return f"T{partition}-{number}"

    async def get(self, ticket_id: str) -> Ticket:
        found = await self._many([ticket_id])
        if not found:
            raise TicketNotFound(ticket_id)
        return found[0]

    async def not_done(self, due_before: datetime | None, limit: int) -> list[Ticket]:
        """Soonest due first."""
        to = "+inf" if due_before is None else str(to_ms(due_before))
        queues = await self._store.ask_all(
            [
                ("ZRANGE", self._keys.partition(number).due, "-inf", to, "BYSCORE", "LIMIT", 0, limit, "WITHSCORES")
                for number in range(PARTITIONS)
            ]
        )
        first = heapq.nsmallest(limit, ((float(score), id_) for queue in queues for id_, score in queue))
        return await self._many(id_ for _, id_ in first)

    async def done(self, limit: int) -> list[Ticket]:
        """Latest first."""
        queues = await self._store.ask_all(
            [
                ("ZRANGE", self._keys.partition(number).done, 0, limit - 1, "REV", "WITHSCORES")
                for number in range(PARTITIONS)
            ]
        )
        last = heapq.nlargest(limit, ((float(score), id_) for queue in queues for id_, score in queue))
        return await self._many(id_ for _, id_ in last)

    async def of_customer(self, address: Address, limit: int) -> list[Ticket]:
        key = self._keys.partition(address.partition).customer_tickets(address.digest)
        return await self._many(await self._store.ask("ZRANGE", key, 0, limit - 1, "REV"))

    async def update(
        self, ticket: Ticket, version: int, agent: str, state: TicketState | None, note: str, now: datetime
    ) -> None:
        """`ticket` as just read: the script refuses when it is not `version` that is changed."""
        if version != ticket.version:
            raise TicketChanged(f"{ticket.id} is at version {ticket.version}")
        after = state or ticket.state
        fields = {**_next_version(ticket, Note(now, agent, after, note)), "state": after}
        argument: dict[str, Any] = {
            "ticket": ticket.id,
            "version": version,
            "state": after,
            "due": str(to_ms(ticket.due_at)),
            "fields": flat(fields),
        }
        if after != ticket.state:
            event = ticket_event(ticket.id, ticket.kind, after, ticket.due_at, "agent", agent, now)
            argument["event"] = as_json(event)
        keys = self._keys.partition(partition_of_conversation(ticket.conversation))
        answer = await self._store.run(
            conversation_script("update_ticket"),
            [
                *self._steps.shared_keys(ticket.address, ticket.conversation),
                *(keys.ticket(ticket.id), keys.due, keys.done),
            ],
            [self._steps.context(ticket.address, ticket.conversation, now), as_json(argument)],
            confirmed=True,
        )
        if answer[0] == "not_found":
            raise TicketNotFound(ticket.id)
        if answer[0] == "changed":
            raise TicketChanged(f"{ticket.id} was changed meanwhile")

    async def _many(self, ids: Iterable[str]) -> list[Ticket]:
        return await read_tickets(self._store, self._keys, ids)


async def read_tickets(store: Store, keys: Keys, ids: Iterable[str]) -> list[Ticket]:
    """Those that exist, in order. Raises TicketNotFound for what is no id of ours."""
    wanted = list(ids)
    asked = [("HGETALL", keys.partition(partition_of_ticket(id_)).ticket(id_)) for id_ in wanted]
    rows = await store.ask_all(asked)
    return [read_ticket(id_, row) for id_, row in zip(wanted, rows, strict=True) if row]


def ticket_fields(
    conversation: Conversation, kind: str, fields: Mapping[str, Any], now: datetime, due_at: datetime
) -> dict[str, str | int]:
    """A new ticket as its hash holds it."""
    address = conversation.address
    return {
        "version": 1,
        "state": "open",
        "kind": kind,
        "fields": as_json(fields),
        "channel": address.channel,
        "account": address.account,
        "user": address.user,
        "conversation": conversation.id,
        "language": conversation.language or "",
        "opened_at": to_ms(now),
        "due_at": to_ms(due_at),
        "updated_at": to_ms(now),
        "history": "",
    }


def changed_ticket_fields(ticket: Ticket, given: Mapping[str, Any], who: str, now: datetime) -> dict[str, str | int]:
    """What changes in its hash when `who` gives it other fields; the history keeps those it had."""
    text = "\n".join(f"{ticket.fields.get(name, '')} → {value}".strip() for name, value in given.items())
    note = Note(now, who, ticket.state, text)
    return {**_next_version(ticket, note), "fields": as_json({**ticket.fields, **given})}


def _next_version(ticket: Ticket, note: Note) -> dict[str, str | int]:
    history = [_note_as_dict(entry) for entry in [*ticket.history, note]]
    return {"version": ticket.version + 1, "updated_at": to_ms(note.at), "history": as_json(history)}


def ticket_event(
    ticket: str, kind: str, state: str, due_at: datetime, role: str, author: str, now: datetime
) -> dict[str, Any]:
    return {
        "type": "ticket",
        "at": to_text(now),
        "author": {"role": role, "id": author},
        "ticket": ticket,
        "kind": kind,
        "state": state,
        "due_at": to_text(due_at),
    }


def read_ticket(ticket_id: str, row: Mapping[str, str]) -> Ticket:
    history = json.loads(row["history"]) if row.get("history") else []
    return Ticket(
        id=ticket_id,
        version=int(row["version"]),
        state=row["state"],  # type: ignore[arg-type] # only the scripts write it
        kind=row["kind"],
        fields=json.loads(row["fields"]),
        address=Address(row["channel"], row["account"], row["user"]),
        conversation=row["conversation"],
        language=row["language"] or None,
        opened_at=from_ms(row["opened_at"]),
        due_at=from_ms(row["due_at"]),
        updated_at=from_ms(row["updated_at"]),
        history=tuple(Note(from_text(n["at"]), n["agent"], n["state"], n["text"]) for n in history),
    )


def _note_as_dict(note: Note) -> dict[str, str]:
    return {"at": to_text(note.at), "agent": note.agent, "state": note.state, "text": note.text}
