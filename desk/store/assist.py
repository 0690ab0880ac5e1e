"""What is kept beside a conversation for the agents who serve it: verified, suggestions shown, the wrap-up."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from desk.conversation import Conversation, partition_of_conversation
from desk.errors import TicketChanged, WrappedUpAlready
from desk.store.connection import Store
from desk.store.conversations import ConversationSteps, as_json, flat, refuse
from desk.store.keys import Keys
from desk.store.scripts import conversation_script, script
from desk.store.tickets import ticket_event, ticket_fields
from desk.times import to_ms

_SHOWN = "shown:"
_MOST_WRAPPED = 10_000
_CLAIM = timedelta(minutes=5)


class AssistStore:
    """Reads and writes; the shapes inside the JSON are `desk.assist_desk`'s."""

    def __init__(self, store: Store, keys: Keys, steps: ConversationSteps, retention_days: int) -> None:
        self._store = store
        self._keys = keys
        self._steps = steps
        self._kept_seconds = retention_days * 24 * 3600

    async def get(self, conversation_id: str, name: str) -> Any:
        """One of `verified`, `began`, `wrapped`; None when it was never set."""
        held = await self._store.ask("HGET", self._key(conversation_id), name)
        return json.loads(held) if held else None

    async def put(self, conversation_id: str, name: str, value: Any) -> None:
        await self._write(conversation_id, [("HSET", self._key(conversation_id), name, as_json(value))])

    async def drop(self, conversation_id: str, name: str) -> None:
        await self._store.ask("HDEL", self._key(conversation_id), name)

    # suggestions

    async def show(self, conversation_id: str, items: Mapping[str, Mapping[str, Any]]) -> list[str]:
        """Note what is shown, by name; the names of those that were not shown before."""
        key = self._key(conversation_id)
        written = await self._write(
            conversation_id, [("HSETNX", key, _SHOWN + name, as_json(item)) for name, item in items.items()]
        )
        return [name for name, new in zip(items, written, strict=False) if new]

    async def shown(self, conversation_id: str) -> dict[str, dict[str, Any]]:
        """What is shown and not settled, by name."""
        held = await self._store.ask("HGETALL", self._key(conversation_id))
        return {name.removeprefix(_SHOWN): json.loads(value) for name, value in held.items() if name.startswith(_SHOWN)}

    async def settle(self, conversation_id: str, names: Sequence[str]) -> list[str]:
        """Take these away; those that nobody else took away before."""
        key = self._key(conversation_id)
        taken = await self._store.ask_all([("HDEL", key, _SHOWN + name) for name in names])
        return [name for name, gone in zip(names, taken, strict=True) if gone]

    # wrap-up

    async def wrap_up(
        self,
        conversation: Conversation,
        agent: str,
        epoch: int,
        wrapped: Mapping[str, Any],
        tickets: Sequence[tuple[str, str, Mapping[str, Any], datetime]],
        now: datetime,
        *,
        close: bool,
    ) -> None:
        """`tickets`: id, kind, fields, due. Raises ConversationMovedOn, WrappedUpAlready, TicketChanged."""
        keys = self._keys.partition(conversation.partition)
        made = [
            {
                "ticket": ticket,
                "fields": flat(ticket_fields(conversation, kind, fields, now, due_at)),
                "due": str(to_ms(due_at)),
                "event": as_json(ticket_event(ticket, kind, "open", due_at, "agent", agent, now)),
            }
            for ticket, kind, fields, due_at in tickets
        ]
        argument = {
            "agent": agent,
            "epoch": epoch,
            "close": close,
            "reason": "closed_by_agent",
            "wrapped": as_json(wrapped),
            "tickets": made,
        }
        answer = await self._store.run(
            conversation_script("wrap_up"),
            [
                *self._steps.shared_keys(conversation.address, conversation.id),
                *(keys.due, keys.customer_tickets(conversation.address.digest), keys.assist(conversation.id)),
                *(keys.ticket(ticket) for ticket, *_ in tickets),
            ],
            [self._steps.context(conversation.address, conversation.id, now), as_json(argument)],
            confirmed=True,
        )
        if answer[0] == "wrapped_up":
            raise WrappedUpAlready(conversation.id)
        if answer[0] == "ticket_changed":
            raise TicketChanged("a ticket of this wrap-up exists already")
        refuse(conversation.id, answer)

    async def add_wrapped(self, entry: Mapping[str, str | int]) -> None:
        await self._store.ask("XADD", self._keys.wrapped_up, "MAXLEN", "~", _MOST_WRAPPED, "*", *flat(entry))

    async def latest_wrapped(self, limit: int) -> list[dict[str, str]]:
        """Latest first."""
        rows = await self._store.ask("XREVRANGE", self._keys.wrapped_up, "+", "-", "COUNT", limit)
        return [fields for _, fields in rows]

    async def wrapped(self, ids: Sequence[str]) -> list[Any]:
        """The wrap-up of each, None where there is none."""
        held = await self._store.ask_all([("HGET", self._key(id_), "wrapped") for id_ in ids])
        return [json.loads(one) if one else None for one in held]

    # learning

    async def to_learn(self, conversation_id: str, at: datetime) -> None:
        """Look at the conversation at `at`; a later call moves that."""
        await self._store.ask("ZADD", self._keys.to_learn, to_ms(at), conversation_id)

    async def claim_to_learn(self, now: datetime, most: int) -> list[str]:
        """Conversations that it is time to look at, each to one process at a time."""
        until = to_ms(now + _CLAIM)
        found: list[str] = await self._store.run(
            script("learn_claim"), [self._keys.to_learn], [to_ms(now), until, most]
        )
        return found

    async def learned(self, conversation_id: str) -> None:
        await self._store.ask("ZREM", self._keys.to_learn, conversation_id)

    def _key(self, conversation_id: str) -> str:
        return self._keys.partition(partition_of_conversation(conversation_id)).assist(conversation_id)

    async def _write(self, conversation_id: str, commands: Sequence[Sequence[Any]]) -> list[Any]:
        expire = ("EXPIRE", self._key(conversation_id), self._kept_seconds)
        return await self._store.ask_all([*commands, expire])
