"""The desk's memory for assist: who is verified, what was suggested, how a case was wrapped up, what may be learned."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from desk.assist.handling import Handling, handling
from desk.bounds import bounded_text
from desk.case import Earlier, Verified, WrappedUp, WrapUp
from desk.conversation import Address, Conversation
from desk.errors import ConversationMovedOn
from desk.event import Event
from desk.store.assist import AssistStore
from desk.store.conversations import ConversationStore
from desk.store.stats import StatsStore
from desk.store.tickets import TicketStore
from desk.times import Clock, from_text, to_text

LONGEST_HOW = 200
_LATEST, _MEANWHILE = 2000, 200  # events
_OF_CUSTOMER = 50


class AssistDesk:
    """`desk.assist`. Every method may raise StoreUnavailable; those on a conversation ConversationNotFound."""

    def __init__(
        self,
        store: AssistStore,
        conversations: ConversationStore,
        tickets: TicketStore,
        stats: StatsStore,
        clock: Clock,
    ) -> None:
        self._store = store
        self._conversations = conversations
        self._tickets = tickets
        self._stats = stats
        self._clock = clock

    # who the customer is

    async def verified(self, conversation: Conversation) -> Verified:
        if conversation.vouched_as:
            return Verified("vouched")
        held = await self._store.get(conversation.id, "verified")
        if not held:
            return Verified()
        return Verified("ticked", held["by"], from_text(held["at"]), held["how"])

    async def verify(self, conversation: Conversation, agent: str, how: str) -> Verified:
        """The holder ticks that they know who it is. Raises ConversationMovedOn, TooLong."""
        _must_hold(conversation, agent)
        at = to_text(self._clock())
        ticked = {"by": agent, "at": at, "how": bounded_text(how, LONGEST_HOW)}
        await self._store.put(conversation.id, "verified", ticked)
        return await self.verified(conversation)

    async def unverify(self, conversation: Conversation, agent: str) -> Verified:
        """Take the tick back. Raises ConversationMovedOn."""
        _must_hold(conversation, agent)
        await self._store.drop(conversation.id, "verified")
        return await self.verified(conversation)

    # suggestions

    async def show(self, conversation_id: str, items: Mapping[str, Mapping[str, Any]]) -> list[str]:
        """Note what an agent is shown, by name; those that were not shown before."""
        return await self._store.show(conversation_id, items) if items else []

    async def shown(self, conversation_id: str) -> dict[str, dict[str, Any]]:
        """What is shown and not settled, by name."""
        return await self._store.shown(conversation_id)

    async def settle(self, conversation_id: str, names: Sequence[str]) -> list[str]:
        """What became of these is known now; those that nobody had settled before."""
        return await self._store.settle(conversation_id, names) if names else []

    # wrap-up

    async def begin_wrap_up(self, conversation: Conversation, agent: str) -> None:
        """The agent turns to the form: a later call, once the customer wrote again, moves that. ConversationMovedOn."""
        events = await self._events(conversation)
        _must_have_had(conversation, agent, events)
        began = await self._store.get(conversation.id, "began")
        wrote = [event.at for event in events if event.type == "message" and event.author.role == "customer"]
        if began is None or began["by"] != agent or any(at > from_text(began["at"]) for at in wrote):
            await self._store.put(conversation.id, "began", {"by": agent, "at": to_text(self._clock())})

    async def handling(self, conversation: Conversation, agent: str) -> Handling:
        """How long the case took so far, or in all once it is wrapped up."""
        done = await self._store.get(conversation.id, "wrapped")
        if done:
            return Handling(done["talk"], done["after"])
        return await self._handling(conversation, agent, self._clock())

    async def wrapped_up(self, conversation_id: str) -> Mapping[str, Any] | None:
        """`{"agent", "at", "disposition", "summary", "form", "tickets", "talk", "after"}`, None when there is none."""
        done: Mapping[str, Any] | None = await self._store.get(conversation_id, "wrapped")
        return done

    async def wrap_up(
        self, conversation: Conversation, agent: str, epoch: int, wrap: WrapUp, *, close: bool
    ) -> list[str]:
        """Keep the form, open the tickets, and close it, in one step; the tickets' ids.

        Without `close` it must be closed already, by or with the agent who held it last.
        Raises ConversationMovedOn, WrappedUpAlready, TooLong.
        """
        now = self._clock()
        if not close:
            _must_have_had(conversation, agent, await self._events(conversation))
        took = await self._handling(conversation, agent, now)
        ids = [await self._tickets.reserve(conversation.partition) for _ in wrap.tickets]
        tickets = [(id_, one.kind, one.fields, one.due_at) for id_, one in zip(ids, wrap.tickets, strict=True)]
        wrapped = {
            "agent": agent,
            "at": to_text(now),
            "disposition": wrap.disposition,
            "summary": bounded_text(wrap.summary),
            "form": dict(wrap.form),
            "tickets": ids,
            "talk": took.talk,
            "after": took.after,
        }
        await self._store.wrap_up(conversation, agent, epoch, wrapped, tickets, now, close=close)
        if close:
            await self._stats.handled(agent, now - conversation.changed_at, now)
        await self._store.add_wrapped(_entry(conversation.id, wrapped))
        return ids

    async def handled(self, limit: int = 200) -> list[WrappedUp]:
        """The latest cases that were wrapped up, latest first."""
        return [_wrapped_up(fields) for fields in await self._store.latest_wrapped(limit)]

    # the customer's other conversations

    async def earlier(self, conversation: Conversation, limit: int = 5) -> list[Earlier]:
        """Former conversations of the same customer, latest first."""
        found = await self._conversations.latest_of(conversation.address, limit + 1)
        former = [one for one in found if one.id != conversation.id and one.opened_at <= conversation.opened_at][:limit]
        wrapped = await self._store.wrapped([one.id for one in former])
        return [
            Earlier(one, done["disposition"], done["summary"], done["agent"]) if done else Earlier(one)
            for one, done in zip(former, wrapped, strict=True)
        ]

    async def came_back(self, address: Address, after: datetime, before: datetime) -> bool:
        """Whether the customer opened another conversation between these moments."""
        latest = await self._conversations.latest_of(address, _OF_CUSTOMER)
        return any(after < one.opened_at <= before for one in latest)

    # learning from what agents answered

    async def learn_later(self, conversation_id: str, after: timedelta) -> None:
        """Look at the conversation when `after` has passed; a later call moves that."""
        await self._store.to_learn(conversation_id, self._clock() + after)

    async def claim_to_learn(self, most: int = 10) -> list[str]:
        """Conversations whose time has come, each to one process at a time; finish with `learned` or `learn_later`."""
        return await self._store.claim_to_learn(self._clock(), most)

    async def learned(self, conversation_id: str) -> None:
        await self._store.learned(conversation_id)

    async def _events(self, conversation: Conversation) -> list[Event]:
        """The latest ones; nobody talks for longer."""
        after = max(0, conversation.seq - _LATEST)
        return await self._conversations.events(conversation.id, after, _LATEST + _MEANWHILE)

    async def _handling(self, conversation: Conversation, agent: str, now: datetime) -> Handling:
        began = await self._store.get(conversation.id, "began")
        turned = from_text(began["at"]) if began and began["by"] == agent else None
        return handling(await self._events(conversation), agent, turned, now)


def _must_hold(conversation: Conversation, agent: str) -> None:
    if conversation.holder != agent:
        raise ConversationMovedOn(f"{conversation.id} is not held by this agent")


def _must_have_had(conversation: Conversation, agent: str, events: Sequence[Event]) -> None:
    """Holds it, or was the last to do so."""
    holders = [event.body.get("holder") for event in events if event.type == "state" and event.body["to"] == "person"]
    if conversation.holder != agent and (conversation.holder is not None or holders[-1:] != [agent]):
        raise ConversationMovedOn(f"{conversation.id} was not this agent's last")


def _entry(conversation_id: str, wrapped: Mapping[str, Any]) -> dict[str, str | int]:
    return {
        "conversation": conversation_id,
        "agent": wrapped["agent"],
        "at": wrapped["at"],
        "disposition": wrapped["disposition"],
        "category": str(wrapped["form"].get("category") or ""),
        "talk": str(wrapped["talk"]),
        "after": str(wrapped["after"]),
    }


def _wrapped_up(fields: Mapping[str, str]) -> WrappedUp:
    took = Handling(float(fields["talk"]), float(fields["after"]))
    at = from_text(fields["at"])
    return WrappedUp(fields["conversation"], fields["agent"], fields["disposition"], fields["category"], at, took)
