"""The desk's routing: who is given whom, on the real queue; the decisions are those of `routing.py`."""

import asyncio
from collections import Counter
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from desk.agents import Agent, Agents
from desk.bounds import bounded_text
from desk.conversation import PARTITIONS, Conversation
from desk.errors import (
    AgentAway,
    AgentNotFound,
    AtCapacity,
    ConversationMovedOn,
    ConversationNotFound,
    HandoffAlreadyClaimed,
    HandoffOffered,
    UnknownCategory,
)
from desk.handoff import Outlook, Waiting
from desk.routing import Crew, Floor, Place, best_place, expected_wait, in_order, next_for
from desk.routing_rules import RoutingRules
from desk.settings import Settings
from desk.shared_read import SharedRead
from desk.store.handoffs import HandoffStore
from desk.store.presence import PresenceStore
from desk.store.stats import Measured, StatsStore
from desk.times import Clock, to_ms

LATELY = timedelta(hours=1)
LONGEST_NOTE = 1000
PRESENCE_SECONDS = 60
_TRIES = 3


class Routing:
    """`desk.routing`. Every method may raise StoreUnavailable."""

    def __init__(
        self,
        handoffs: HandoffStore,
        presence: PresenceStore,
        stats: StatsStore,
        agents: Agents,
        rules: RoutingRules,
        settings: Settings,
        clock: Clock,
    ) -> None:
        self.rules = rules
        self._handoffs = handoffs
        self._presence = presence
        self._stats = stats
        self._agents = agents
        self._settings = settings
        self._clock = clock
        # Every open page asks at every change of the queue.
        self._floor = SharedRead(self._read_floor)

    @property
    def offers(self) -> bool:
        """Whether waiting customers are offered to agents one by one."""
        return self._settings.assignment == "offer"

    @property
    def offer_seconds(self) -> int:
        return self._settings.offer_seconds

    @property
    def handling_target(self) -> int:
        """Seconds that a case should take."""
        return self._settings.handling_target

    async def floor(self) -> Floor:
        """Who waits, who is there, and who holds what."""
        return await self._floor()

    async def _read_floor(self) -> Floor:
        now = self._clock()
        queue, agents, holders, (present, available) = await asyncio.gather(
            self._handoffs.waiting(range(PARTITIONS)),
            self._agents.all(),
            self._handoffs.holders(),
            self._presence.present(now),
        )
        held = Counter(holders.values())
        offered = Counter(offer.to for waiting in queue if (offer := waiting.offer_at(now)))
        places = (
            Place(agent, agent.name in present, agent.name in available, held[agent.name], offered[agent.name])
            for agent in agents
        )
        return Floor(now, queue, Crew({place.agent.name: place for place in places}), holders)

    async def queue(self, agent: Agent) -> list[Waiting]:
        """Whom the agent may take, best first for them."""
        floor = await self.floor()
        return in_order(agent, (one for one in floor.queue if floor.crew.may_take(agent, one)), self.rules)

    async def load(self, agent: str) -> int:
        """How many conversations the agent holds."""
        return sum(holder == agent for holder in (await self._handoffs.holders()).values())

    async def may_take(self, agent: Agent, conversation: Conversation) -> bool:
        """What the agent may see as long as it waits."""
        return (await self.floor()).crew.may_take(agent, conversation)

    async def next(self, agent: Agent) -> Conversation | None:
        """Claim the best conversation for the agent; None when there is none. Raises AtCapacity.

        Whoever is faster wins each of them: the loser tries the one after it.
        """
        for _ in range(_TRIES):
            floor = await self.floor()
            held = sum(holder == agent.name for holder in floor.holders.values())
            if held >= agent.capacity:
                raise AtCapacity(held, agent.capacity)
            candidates = next_for(agent, floor.queue, floor.crew, self.rules, floor.at)
            for waiting in candidates:
                try:
                    return await self.claim(waiting.conversation, agent.name, waiting.epoch)
                except (HandoffAlreadyClaimed, HandoffOffered, ConversationMovedOn, ConversationNotFound):
                    continue
            if not candidates:
                return None
        return None

    async def claim(self, conversation_id: str, agent: str, epoch: int | None) -> Conversation:
        """See `Desk.claim`. Raises HandoffOffered while it is offered to somebody else."""
        return await self._move(conversation_id, agent, epoch, "claim")

    async def release(self, conversation_id: str, agent: str, epoch: int) -> Conversation:
        return await self._move(conversation_id, agent, epoch, "release")

    async def close(self, conversation_id: str, agent: str, epoch: int) -> Conversation:
        return await self._move(conversation_id, agent, epoch, "close")

    async def take_over(self, conversation_id: str, agent: str, epoch: int, note: str = "") -> Conversation:
        """Held by `agent` now, whoever had it. Raises ConversationMovedOn (closed, another epoch), TooLong."""
        how = {"note": bounded_text(note, LONGEST_NOTE)} if note else None
        return await self._move(conversation_id, agent, epoch, "take_over", how)

    async def transfer(
        self,
        conversation_id: str,
        agent: str,
        epoch: int,
        *,
        to_agent: str | None = None,
        to_category: str | None = None,
        note: str = "",
    ) -> Conversation:
        """Front of the queue: for a colleague, to whom it is offered first; for those with a skill; for anybody.

        Raises ConversationMovedOn unless `agent` holds it in this epoch; AgentNotFound (unknown, or serves no
        customers), AgentAway, UnknownCategory, TooLong.
        """
        how: dict[str, Any] = {"by": agent, "note": bounded_text(note, LONGEST_NOTE)}
        if to_agent is not None:
            how |= await self._offer_to(to_agent)
        if to_category is not None:
            how["topic"] = self._known(to_category)
        return await self._move(conversation_id, agent, epoch, "transfer", {k: v for k, v in how.items() if v})

    async def decline(self, conversation_id: str, agent: str, epoch: int) -> None:
        """What was offered to the agent is everybody's now. Raises ConversationMovedOn when it was not."""
        await self._handoffs.arrange(conversation_id, "decline", {"agent": agent, "epoch": epoch}, self._clock())

    async def route(
        self, conversation_id: str, epoch: int, *, category: str | None = None, vip: bool | None = None
    ) -> None:
        """What it is about, and whether its customer is a VIP (kept with the customer). Raises ConversationMovedOn."""
        wanted: dict[str, Any] = {"epoch": epoch}
        if category is not None:
            wanted["topic"] = self._known(category)
        if vip is not None:
            wanted["vip"] = str(int(vip))
        await self._handoffs.arrange(conversation_id, "route", wanted, self._clock())

    async def make_offers(self, within_reach: Collection[str]) -> None:
        """Offer what waits and was not offered yet to the best agent, if they are among `within_reach`.

        May be called by every process, as often as it likes: each customer is offered once.
        """
        if not self.offers:
            return
        floor = await self.floor()
        for waiting in [one for one in floor.queue if one.offered_in != one.epoch]:
            best = best_place(waiting, floor.crew)
            if best is None or best[0] not in within_reach:
                continue
            now = self._clock()
            until = str(to_ms(now + timedelta(seconds=self.offer_seconds)))
            wanted = {"agent": best[0], "epoch": waiting.epoch, "until": until, "reason": best[1]}
            try:
                await self._handoffs.arrange(waiting.conversation, "offer", wanted, now)
            except (ConversationMovedOn, ConversationNotFound):
                continue
            floor = await self.floor()  # what was just offered fills a place

    async def outlook(self, conversation_id: str) -> Outlook | None:
        """What the customer of a waiting conversation may be told; None when it does not wait."""
        floor = await self.floor()
        waiting = next((one for one in floor.queue if one.conversation == conversation_id), None)
        if waiting is None:
            return None
        handled, waited = await self._stats.lately(self._clock() - LATELY)
        seconds = expected_wait(waiting, floor.crew, [one.seconds for one in handled], [one.seconds for one in waited])
        return Outlook(waiting.position, seconds)

    async def lately(self) -> tuple[list[Measured], list[Measured]]:
        """Handling times and waits of the last hour, latest first."""
        return await self._stats.lately(self._clock() - LATELY)

    async def _offer_to(self, name: str) -> dict[str, str]:
        colleague, (present, _) = await asyncio.gather(self._agents.agent(name), self._presence.present(self._clock()))
        if colleague is None or not colleague.may("conversations.serve"):
            raise AgentNotFound(name)
        if name not in present:
            raise AgentAway(name)
        until = self._clock() + timedelta(seconds=self.offer_seconds)
        return {"offered_to": name, "offered_until": str(to_ms(until)), "offer_reason": "transferred"}

    def _known(self, category: str) -> str:
        if category not in self.rules.categories:
            raise UnknownCategory(category)
        return category

    async def _move(
        self, conversation_id: str, agent: str, epoch: int | None, action: str, how: Mapping[str, Any] | None = None
    ) -> Conversation:
        now = self._clock()
        before, after = await self._handoffs.move(conversation_id, agent, epoch, action, now, how)
        await self._measure(before, after, now)
        await self._presence.seen_at_work(agent, PRESENCE_SECONDS, now)
        return after

    async def _measure(self, before: Conversation, after: Conversation, now: datetime) -> None:
        """Only what this very step ended: somebody else's step raised the epoch by more."""
        if after.epoch != before.epoch + 1:
            return
        if before.state == "waiting" and after.state == "person":
            await self._stats.waited(str(after.holder), now - before.changed_at, now)
        elif before.state == "person" and before.holder:
            await self._stats.handled(before.holder, now - before.changed_at, now)
