"""Handoffs in Redis: the queue, and what agents do with conversations."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from desk.conversation import Conversation, partition_of_conversation
from desk.event import Event
from desk.handoff import Waiting
from desk.store.connection import Store
from desk.store.conversations import ConversationSteps, ConversationStore, as_json, read_conversation, refuse
from desk.store.keys import SEEN_MS, PartitionKeys
from desk.store.scripts import conversation_script
from desk.times import from_ms

_MOVES = {
    "claim": ("person", "claimed"),
    "release": ("bot", "released"),
    "transfer": ("waiting", "transferred"),
    "close": ("closed", "closed_by_agent"),
}


class HandoffStore:
    """Decisions about who has a customer; each method that writes is one atomic step."""

    def __init__(self, store: Store, steps: ConversationSteps, conversations: ConversationStore) -> None:
        self._store = store
        self._steps = steps
        self._conversations = conversations

    def _keys(self, partition: int) -> PartitionKeys:
        return self._steps.keys.partition(partition)

    async def waiting(self, partitions: Iterable[int]) -> list[Waiting]:
        numbers = list(partitions)
        queues = await self._store.ask_all(
            [("ZRANGE", self._keys(number).waiting, 0, -1, "WITHSCORES") for number in numbers]
        )
        queued = sorted((float(score), id_) for queue in queues for id_, score in queue)
        wanted = ("requested_at", "language", "preview", "reason", "epoch", "state")
        asked = await self._store.ask_all(
            [("HMGET", self._conversation_key(id_), *wanted) for _, id_ in queued],
        )
        found = [
            (id_, dict(zip(wanted, row, strict=True)))
            for (_, id_), row in zip(queued, asked, strict=True)
            if row[-1] == "waiting"  # else it was claimed between the two questions
        ]
        return [
            Waiting(
                conversation=id_,
                since=from_ms(row["requested_at"] or 0),
                position=position,
                language=row["language"] or None,
                preview=row["preview"] or "",
                reason=row["reason"] or "",
                epoch=int(row["epoch"]),
            )
            for position, (id_, row) in enumerate(found, start=1)
        ]

    async def held_by(self, agent: str, partitions: Iterable[int]) -> list[Conversation]:
        held = await self._store.ask_all([("HGETALL", self._keys(number).held) for number in partitions])
        ids = [id_ for holders in held for id_, holder in holders.items() if holder == agent]
        rows = await self._store.ask_all([("HGETALL", self._conversation_key(id_)) for id_ in ids])
        conversations = [read_conversation(id_, row) for id_, row in zip(ids, rows, strict=True) if row]
        return sorted((c for c in conversations if c.holder == agent), key=lambda c: c.changed_at)

    async def move(
        self, conversation_id: str, agent: str, epoch: int | None, action: str, now: datetime
    ) -> Conversation:
        """`action`: claim, release, transfer, close."""
        to, reason = _MOVES[action]
        address = (await self._conversations.get(conversation_id)).address
        argument: dict[str, Any] = {"action": action, "agent": agent, "to": to, "reason": reason}
        if epoch is not None:
            argument["epoch"] = epoch
        answer = await self._store.run(
            conversation_script("move"),
            self._steps.shared_keys(address, conversation_id),
            [self._steps.context(address, conversation_id, now), as_json(argument)],
            confirmed=True,
        )
        refuse(conversation_id, answer)
        return await self._conversations.get(conversation_id)

    async def say(self, conversation_id: str, agent: str, epoch: int, event: Mapping[str, Any], now: datetime) -> Event:
        address = (await self._conversations.get(conversation_id)).address
        keys = self._keys(address.partition)
        argument = {"agent": agent, "epoch": epoch, "event": as_json(event), "seen": str(SEEN_MS)}
        answer = await self._store.run(
            conversation_script("say"),
            [*self._steps.shared_keys(address, conversation_id), keys.said(conversation_id, event["message_id"])],
            [self._steps.context(address, conversation_id, now), as_json(argument)],
            confirmed=True,
        )
        refuse(conversation_id, answer)
        seq = int(answer[1])
        return (await self._conversations.events(conversation_id, seq - 1, 1))[0]

    def _conversation_key(self, conversation_id: str) -> str:
        return self._keys(partition_of_conversation(conversation_id)).conversation(conversation_id)
