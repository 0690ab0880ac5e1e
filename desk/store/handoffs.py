"""Handoffs in Redis: what agents do with conversations; the queue is read in `waiting.py`."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from desk.conversation import PARTITIONS, Conversation, partition_of_conversation
from desk.event import Event
from desk.handoff import Waiting
from desk.shared_read import SharedRead
from desk.store.connection import Store
from desk.store.conversations import ConversationSteps, ConversationStore, as_json, read_conversation, refuse
from desk.store.keys import SEEN_MS, PartitionKeys
from desk.store.scripts import conversation_script
from desk.store.waiting import read_queue

_MOVES = {
    "claim": ("person", "claimed"),
    "release": ("bot", "released"),
    "transfer": ("waiting", "transferred"),
    "close": ("closed", "closed_by_agent"),
    "take_over": ("person", "taken_over"),
}


class HandoffStore:
    """Decisions about who has a customer; each method that writes is one atomic step."""

    def __init__(self, store: Store, steps: ConversationSteps, conversations: ConversationStore) -> None:
        self._store = store
        self._steps = steps
        self._conversations = conversations
        self._holders = SharedRead(self._read_holders)  # every open page asks at every change of the queue

    def _keys(self, partition: int) -> PartitionKeys:
        return self._steps.keys.partition(partition)

    async def waiting(self, partitions: Iterable[int]) -> list[Waiting]:
        return await read_queue(self._store, self._steps.keys, partitions)

    async def holders(self) -> dict[str, str]:
        """Conversation -> the agent who holds it."""
        return await self._holders()

    async def _read_holders(self) -> dict[str, str]:
        held = await self._store.ask_all([("HGETALL", self._keys(number).held) for number in range(PARTITIONS)])
        return {id_: holder for holders in held for id_, holder in holders.items()}

    async def held_by(self, agent: str) -> list[Conversation]:
        """What the agent holds, longest first."""
        mine = [id_ for id_, holder in (await self.holders()).items() if holder == agent]
        return [conversation for conversation in await self._read(mine) if conversation.holder == agent]

    async def held(self) -> list[Conversation]:
        """Everybody's, longest first."""
        return await self._read(list(await self.holders()))

    async def _read(self, ids: Sequence[str]) -> list[Conversation]:
        """Those that somebody still holds, longest first."""
        rows = await self._store.ask_all([("HGETALL", self._conversation_key(id_)) for id_ in ids])
        conversations = [read_conversation(id_, row) for id_, row in zip(ids, rows, strict=True) if row]
        return sorted((c for c in conversations if c.holder), key=lambda c: c.changed_at)

    async def move(
        self,
        conversation_id: str,
        agent: str,
        epoch: int | None,
        action: str,
        now: datetime,
        how: Mapping[str, Any] | None = None,
    ) -> tuple[Conversation, Conversation]:
        """`action`: claim, take_over, release, transfer, close; `how`: see `transition.lua`.

        The conversation as it was read before, and as it is after.
        """
        to, reason = _MOVES[action]
        before = await self._conversations.get(conversation_id)
        argument: dict[str, Any] = {"action": action, "agent": agent, "to": to, "reason": reason}
        if epoch is not None:
            argument["epoch"] = epoch
        if how:
            argument["how"] = how
        await self._run("move", before, argument, now)
        return before, await self._conversations.get(conversation_id)

    async def arrange(self, conversation_id: str, action: str, wanted: Mapping[str, Any], now: datetime) -> bool:
        """`action`: offer, decline, route; `wanted`: see `arrange.lua`. False when it was offered before."""
        conversation = await self._conversations.get(conversation_id)
        answer = await self._run("arrange", conversation, {"action": action, **wanted}, now)
        return bool(answer[0] == "done")

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

    async def _run(
        self, name: str, conversation: Conversation, argument: Mapping[str, Any], now: datetime
    ) -> Sequence[Any]:
        answer: Sequence[Any] = await self._store.run(
            conversation_script(name),
            self._steps.shared_keys(conversation.address, conversation.id),
            [self._steps.context(conversation.address, conversation.id, now), as_json(argument)],
            confirmed=True,
        )
        refuse(conversation.id, answer)
        return answer

    def _conversation_key(self, conversation_id: str) -> str:
        return self._keys(partition_of_conversation(conversation_id)).conversation(conversation_id)
