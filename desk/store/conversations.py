"""Conversations in Redis: receiving, reading, and what agents do with them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from ulid import ULID

from desk.conversation import Address, Conversation, Incoming, Receipt, partition_of_conversation
from desk.errors import Busy, ConversationMovedOn, ConversationNotFound, HandoffAlreadyClaimed, HandoffOffered
from desk.event import Event, read_event
from desk.routing_rules import RoutingRules
from desk.settings import Settings
from desk.store.connection import Store, in_reach
from desk.store.keys import SEEN_MS, Keys, PartitionKeys
from desk.store.scripts import conversation_script
from desk.times import from_ms, to_ms, to_text
from reading.mood import read_mood

PREVIEW_LENGTH = 80
ROUND_SECONDS = 1.0  # for many at once
_MOOD_LENGTH = 500
ANSWERED_ONE_BY_ONE = frozenset({"rest"})  # each of its requests waits for an answer of its own


def as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def flat(fields: Mapping[str, str | int]) -> list[str]:
    """Field, value, field, value: as HSET takes them."""
    return [str(part) for pair in fields.items() for part in pair]


@dataclass(frozen=True)
class ConversationSteps:
    """The keys and the context that every script on one conversation takes."""

    keys: Keys
    settings: Settings
    rules: RoutingRules = field(default_factory=RoutingRules)

    def shared_keys(self, address: Address, conversation_id: str) -> list[str]:
        """In the order of `transition.lua`."""
        keys = self.keys.partition(address.partition)
        own = [keys.conversation(conversation_id), keys.log(conversation_id), keys.customer(address.digest)]
        return [*own, keys.timers, keys.waiting, keys.held, keys.inbox, keys.outbox, keys.news]

    def context(self, address: Address, conversation_id: str, now: datetime) -> str:
        limits = {
            "bot": self.settings.silence_with_bot,
            "waiting": self.settings.waiting_limit,
            "person": self.settings.silence_with_person,
        }
        deadline = {state: str(to_ms(now + timedelta(seconds=limit))) for state, limit in limits.items()}
        return as_json(
            {
                "conversation": conversation_id,
                "now": str(to_ms(now)),
                "at": to_text(now),
                "deadline": deadline,
                "keep": str(self.settings.retention_days * 24 * 3600 * 1000),
                "push": address.channel in self.settings.pushed_channels and address.digest,
                "ahead": self.rules.head_starts,
            }
        )


class ConversationStore:
    """Decisions about conversations; each method that writes is one atomic step."""

    def __init__(self, store: Store, steps: ConversationSteps) -> None:
        self._store = store
        self._steps = steps

    def _keys(self, partition: int) -> PartitionKeys:
        return self._steps.keys.partition(partition)

    async def receive(self, incoming: Incoming, attachments: Sequence[Mapping[str, str]], now: datetime) -> Receipt:
        """Repeats while the customer's open conversation changes under it."""
        address = incoming.address
        customer = self._keys(address.partition).customer(address.digest)
        while True:
            expected = await self._store.ask("HGET", customer, "open") or ""
            answer = await self._receive(incoming, attachments, expected, now)
            if answer[0] == "busy":
                raise Busy(f"too much waits in partition {address.partition}")
            if answer[0] != "moved":
                return Receipt(answer[1], int(answer[2]), answer[0] == "duplicate")

    async def _receive(
        self, incoming: Incoming, attachments: Sequence[Mapping[str, str]], expected: str, now: datetime
    ) -> list[Any]:
        address = incoming.address
        keys = self._keys(address.partition)
        new_id = f"c{address.partition}-{ULID.from_datetime(now)}"
        old_or_new = expected or new_id
        text = incoming.text or incoming.payload or ""
        message: dict[str, Any] = {
            "type": "message",
            "at": to_text(now),
            "author": {"role": "customer", "id": ""},
            "message_id": incoming.message_id,
            "text": text,
        }
        if attachments:
            message["attachments"] = list(attachments)
        argument = {
            "expected": expected,
            "new_id": new_id,
            "new": flat(_new_conversation(address, now)),
            "opened": as_json(_opened(now)),
            "message": as_json(message),
            "message_id": incoming.message_id,
            "preview": text[:PREVIEW_LENGTH],
            "seen": str(SEEN_MS),
            "mood": mood_of(text),
            "most": self._steps.settings.busy_messages,
            "late": self._steps.settings.busy_seconds * 1000,
        }
        joins = text and not attachments and address.channel not in ANSWERED_ONE_BY_ONE
        given = {
            "payload": incoming.payload,
            "language": incoming.language,
            "vouched_as": incoming.vouched_as,
            "joins": str(len(text)) if joins else None,
        }
        given["vip"] = "1" if incoming.vip else None
        given["topic"] = self._steps.rules.category_of_button(incoming.payload or text)
        argument |= {name: value for name, value in given.items() if value}
        answer: list[Any] = await self._store.run(
            conversation_script("receive"),
            [
                *self._steps.shared_keys(address, old_or_new),
                keys.seen(address.digest, incoming.message_id),
                keys.conversation(new_id),
                keys.log(new_id),
                keys.customer_conversations(address.digest),
            ],
            [self._steps.context(address, old_or_new, now), as_json(argument)],
            confirmed=True,
        )
        return answer

    async def get(self, conversation_id: str) -> Conversation:
        keys = self._keys(partition_of_conversation(conversation_id))
        fields = await self._store.ask("HGETALL", keys.conversation(conversation_id))
        if not fields:
            raise ConversationNotFound(conversation_id)
        return read_conversation(conversation_id, fields)

    async def last_numbers(self, ids: Sequence[str]) -> dict[str, int | None]:
        keys = [self._keys(partition_of_conversation(id_)).conversation(id_) for id_ in ids]
        answers = await self._store.ask_each([("HGET", key, "seq") for key in keys], ROUND_SECONDS)
        return {id_: int(seq) if seq else None for id_, seq in in_reach(zip(ids, answers, strict=True))}

    async def customers_of(self, ids: Sequence[str]) -> list[str]:
        keys = [self._keys(partition_of_conversation(id_)).conversation(id_) for id_ in ids]
        asked = [("HMGET", key, "channel", "account", "user") for key in keys]
        answers = in_reach(zip(ids, await self._store.ask_each(asked, ROUND_SECONDS), strict=True))
        return [Address(*address).digest for _, address in answers if None not in address]

    async def with_open(self, addresses: Sequence[Address]) -> list[Address]:
        asked = [("HGET", self._keys(address.partition).customer(address.digest), "open") for address in addresses]
        answers = await self._store.ask_each(asked, ROUND_SECONDS)
        return [address for address, id_ in in_reach(zip(addresses, answers, strict=True)) if id_]

    async def open_of(self, address: Address) -> Conversation | None:
        keys = self._keys(address.partition)
        open_id = await self._store.ask("HGET", keys.customer(address.digest), "open")
        if not open_id:
            return None
        try:
            return await self.get(open_id)
        except ConversationNotFound:
            return None

    async def latest_of(self, address: Address, limit: int) -> list[Conversation]:
        """The customer's conversations, latest first; what is kept no longer is left out."""
        keys = self._keys(address.partition)
        ids = await self._store.ask("ZRANGE", keys.customer_conversations(address.digest), 0, limit - 1, "REV")
        rows = await self._store.ask_all([("HGETALL", keys.conversation(id_)) for id_ in ids])
        return [read_conversation(id_, row) for id_, row in zip(ids, rows, strict=True) if row]

    async def events(self, conversation_id: str, after: int, limit: int) -> list[Event]:
        keys = self._keys(partition_of_conversation(conversation_id))
        log = keys.log(conversation_id)
        entries = await self._store.ask("XRANGE", log, f"{max(after, 0) + 1}-0", "+", "COUNT", max(limit, 1))
        if not entries and not await self._store.ask("EXISTS", log):
            raise ConversationNotFound(conversation_id)
        return [read_event(conversation_id, int(id_.split("-")[0]), fields["event"]) for id_, fields in entries]


def mood_of(text: str) -> str:
    """`calm`, `annoyed` or `angry`, from how the message begins."""
    return read_mood(text[:_MOOD_LENGTH]).name.lower()


def refuse(conversation_id: str, answer: Sequence[Any]) -> None:
    """Raise what a script answered instead of doing it."""
    match answer[0]:
        case "not_found":
            raise ConversationNotFound(conversation_id)
        case "claimed":
            raise HandoffAlreadyClaimed(conversation_id, answer[1])
        case "offered":
            raise HandoffOffered(conversation_id, from_ms(answer[1]))
        case "moved_on":
            state, epoch = answer[1] or "gone", answer[2]
            raise ConversationMovedOn(f"{conversation_id} is now {state}, epoch {epoch}")


def read_conversation(conversation_id: str, fields: Mapping[str, str]) -> Conversation:
    def loaded(name: str) -> Any:
        return json.loads(fields[name]) if fields.get(name) else None

    return Conversation(
        id=conversation_id,
        address=Address(fields["channel"], fields["account"], fields["user"]),
        state=fields["state"],  # type: ignore[arg-type] # only the scripts write it
        epoch=int(fields["epoch"]),
        seq=int(fields["seq"]),
        holder=fields.get("holder") or None,
        language=fields.get("language") or None,
        dialogue=loaded("dialogue"),
        former_dialogue=loaded("former_dialogue"),
        buttons=loaded("buttons") or (),
        opened_at=from_ms(fields["opened_at"]),
        changed_at=from_ms(fields["changed_at"]),
        vouched_as=fields.get("vouched_as") or None,
        reason=fields.get("reason") or None,
        requested_at=from_ms(fields["requested_at"]) if fields.get("requested_at") else None,
        preview=fields.get("preview", ""),
        delivered=int(fields.get("delivered") or 0),
        category=fields.get("topic") or None,
        vip=fields.get("vip") == "1",
        last_agent=fields.get("last_agent") or None,
        offered_to=fields.get("offered_to") or None,
    )


def _new_conversation(address: Address, now: datetime) -> dict[str, str | int]:
    return {
        "channel": address.channel,
        "account": address.account,
        "user": address.user,
        "state": "bot",
        "epoch": 1,
        "seq": 0,
        "opened_at": to_ms(now),
        "changed_at": to_ms(now),
        "reason": "opened",
    }


def _opened(now: datetime) -> dict[str, Any]:
    return {
        "type": "state",
        "at": to_text(now),
        "author": {"role": "system", "id": ""},
        "from": None,
        "to": "bot",
        "epoch": 1,
        "reason": "opened",
    }
