"""The outbox and the dead letters in Redis."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from desk.conversation import Address
from desk.errors import LeaseLost
from desk.outbox import DeadLetter, OutboxEntry, Tries
from desk.store.by_place import ByPlace
from desk.store.connection import Store
from desk.store.conversations import ConversationSteps, as_json, flat
from desk.store.keys import Keys
from desk.store.scripts import conversation_script, script
from desk.times import from_ms, to_ms, to_text
from desk.turn import Lease

MOST_DEAD = 1000  # a partition
CLUSTER_POLL_SECONDS = 0.2


class OutboxStore:
    """Each method that writes is one atomic step under the partition's lease (an operator's needs none)."""

    def __init__(self, store: Store, keys: Keys, steps: ConversationSteps) -> None:
        self._store = store
        self._keys = keys
        self._steps = steps
        self._stream = ByPlace(store, lambda partition: keys.partition(partition).outbox, CLUSTER_POLL_SECONDS)

    async def read(self, leases: Sequence[Lease], block_ms: int) -> list[OutboxEntry]:
        found = await self._stream.read(leases, block_ms)
        asked = [
            ("HMGET", self._keys.partition(lease.partition).outbox_tries, *(id_ for id_, _ in entries))
            for lease, entries in found.items()
        ]
        tries = await self._store.ask_all(asked)
        return [
            _entry(id_, fields, tried)
            for entries, tried_before in zip(found.values(), tries, strict=True)
            for (id_, fields), tried in zip(entries, tried_before, strict=True)
        ]

    async def sent(self, lease: Lease, entry: OutboxEntry) -> None:
        keys = self._keys.partition(lease.partition)
        await self._under_lease(
            lease,
            "outbox_sent",
            [keys.lease, keys.outbox, keys.outbox_tries, keys.conversation(entry.conversation)],
            [lease.mark, entry.entry_id, entry.seq],
        )

    async def later(self, lease: Lease, entry: OutboxEntry, tries: Tries) -> None:
        keys = self._keys.partition(lease.partition)
        written = {
            "count": tries.count,
            "first_at": to_ms(tries.first_at) if tries.first_at else 0,
            "next_at": to_ms(tries.next_at) if tries.next_at else 0,
        }
        await self._under_lease(
            lease,
            "outbox_later",
            [keys.lease, keys.outbox, keys.outbox_tries],
            [lease.mark, entry.entry_id, as_json(written)],
        )

    async def give_up(
        self,
        lease: Lease,
        entry: OutboxEntry,
        to: Address,
        message_id: str,
        reason: str,
        now: datetime,
        oldest: datetime,
    ) -> None:
        keys = self._keys.partition(lease.partition)
        event = {
            "type": "delivery",
            "at": to_text(now),
            "author": {"role": "system", "id": ""},
            "message_id": message_id,
            "status": "failed",
        }
        letter: dict[str, str | int] = {
            "conversation": entry.conversation,
            "seq": entry.seq,
            "customer": entry.customer,
            "message_id": message_id,
            "channel": to.channel,
            "account": to.account,
            "reason": reason,
            "tries": entry.tries.count,
            "at": to_ms(now),
        }
        argument = {
            "lease": lease.mark,
            "entry": entry.entry_id,
            "event": as_json(event),
            "letter": flat(letter),
            "most": MOST_DEAD,
            "oldest": str(to_ms(oldest)),
        }
        answer = await self._store.run(
            conversation_script("outbox_dead"),
            [*self._steps.shared_keys(to, entry.conversation), keys.lease, keys.outbox_tries, keys.dead],
            [self._steps.context(to, entry.conversation, now), as_json(argument)],
            confirmed=True,
        )
        if answer == "lease_lost":
            raise LeaseLost(f"partition {lease.partition}")

    async def dead(self, partitions: Iterable[int], limit: int) -> list[DeadLetter]:
        numbers = list(partitions)
        asked = [("XREVRANGE", self._keys.partition(number).dead, "+", "-", "COUNT", limit) for number in numbers]
        answers = await self._store.ask_all(asked)
        return [
            _letter(number, id_, fields)
            for number, entries in zip(numbers, answers, strict=True)
            for id_, fields in entries
        ]

    async def take(self, partition: int, id_: str, what: str) -> bool:
        """`what`: resend or drop. False when there is no such letter."""
        keys = self._keys.partition(partition)
        return bool(await self._store.run(script("outbox_take"), [keys.dead, keys.outbox], [id_, what], confirmed=True))

    async def depth(self, partitions: Iterable[int]) -> tuple[int, int]:
        """Waiting, and dead."""
        keys = [self._keys.partition(number) for number in partitions]
        lengths = await self._store.ask_all([("XLEN", key) for one in keys for key in (one.outbox, one.dead)])
        return sum(lengths[::2]), sum(lengths[1::2])

    async def _under_lease(self, lease: Lease, name: str, keys: Sequence[str], args: Sequence[str | int]) -> None:
        if await self._store.run(script(name), keys, args) == "lease_lost":
            raise LeaseLost(f"partition {lease.partition}")


def _entry(id_: str, fields: Mapping[str, str], tried: str | None) -> OutboxEntry:
    before: dict[str, Any] = json.loads(tried) if tried else {}
    tries = Tries(before["count"], from_ms(before["first_at"]), from_ms(before["next_at"])) if before else Tries()
    return OutboxEntry(id_, fields["conversation"], int(fields["seq"]), fields["customer"], tries)


def _letter(partition: int, id_: str, fields: Mapping[str, str]) -> DeadLetter:
    return DeadLetter(
        id=f"d{partition}-{id_}",
        conversation=fields["conversation"],
        seq=int(fields["seq"]),
        message_id=fields["message_id"],
        channel=fields["channel"],
        account=fields["account"],
        reason=fields["reason"],
        tries=int(fields["tries"]),
        at=from_ms(fields["at"]),
    )
