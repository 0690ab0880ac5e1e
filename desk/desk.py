"""The desk: what doors, agents and workers may ask of it."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Self

from desk.agents import Agents
from desk.assist_desk import AssistDesk
from desk.attachments import MAX_BYTES, Attachment
from desk.audit import Audit
from desk.bounds import bounded_id, bounded_incoming, bounded_text
from desk.conversation import PARTITIONS, Address, Conversation, Incoming, Receipt
from desk.duty import Duty
from desk.errors import TooLong
from desk.event import Event, Role, Typing
from desk.handoff import Waiting
from desk.opening_hours import OpeningHoursFile
from desk.opening_hours_desk import Hours
from desk.outbox import Outbox
from desk.rating import Rating
from desk.rights import rights_in
from desk.routing_desk import PRESENCE_SECONDS, Routing
from desk.routing_rules import rules_in
from desk.settings import Settings
from desk.store import meta, news
from desk.store.accounts import AccountStore
from desk.store.assist import AssistStore
from desk.store.attachments import AttachmentStore
from desk.store.audit import AuditStore
from desk.store.connection import Store, connect
from desk.store.conversations import ConversationSteps, ConversationStore
from desk.store.handoffs import HandoffStore
from desk.store.inbox import InboxStore
from desk.store.keys import Keys
from desk.store.opening_hours import OpeningHoursStore
from desk.store.outbox import OutboxStore
from desk.store.presence import PresenceStore
from desk.store.ratings import RatingStore
from desk.store.server_check import check_server
from desk.store.stats import StatsStore
from desk.store.tickets import TicketStore
from desk.store.timers import TimerStore
from desk.store.turns import Decision, TurnStore
from desk.ticket import Ticket, TicketState
from desk.times import Clock, to_ms, to_text, utc_now
from desk.turn import InboxEntry, Lease, Step, Timer, Turn

MOST_TICKETS = 1000


class Desk:
    """All that the processes may do with conversations, tickets and duty.

    Every method may raise StoreUnavailable; those that write may raise NotAcknowledged.
    Use it as `async with await Desk.connect(settings) as desk`.
    """

    agents: Agents
    routing: Routing
    audit: Audit
    hours: Hours
    outbox: Outbox
    assist: AssistDesk

    @classmethod
    async def connect(cls, settings: Settings, clock: Clock = utc_now) -> Self:
        """Connect, check the server and the data on it. Raises StoreUnsuitable, SettingsWrong."""
        store = Store(connect(settings.redis_url), settings.replica_acks)
        try:
            await check_server(store.link, store.acks)
            await meta.check_meta(store, Keys(settings.namespace))
            return cls(store, settings, OpeningHoursFile(settings.opening_hours), clock)
        except BaseException:
            await store.aclose()
            raise

    def __init__(self, store: Store, settings: Settings, hours: OpeningHoursFile, clock: Clock) -> None:
        """For `connect`, which also checks the server."""
        keys = Keys(settings.namespace)
        rules = rules_in(settings.routing)
        steps = ConversationSteps(keys, settings, rules)
        self.store, self.keys = store, keys
        self._clock = clock
        self._conversations = ConversationStore(store, steps)
        self._handoffs = HandoffStore(store, steps, self._conversations)
        self._turns = TurnStore(store, keys, steps)
        self._inbox = InboxStore(store, keys)
        self._tickets = TicketStore(store, keys, steps)
        self._ratings = RatingStore(store, keys)
        self._presence = PresenceStore(store, keys)
        self._timers = TimerStore(store, keys, self._presence)
        self._attachments = AttachmentStore(store, keys)
        self._accounts = AccountStore(store, keys)
        self.agents = Agents(self._accounts, clock, rights=rights_in(settings.rights))
        self.hours = Hours(hours, OpeningHoursStore(store, keys), clock)
        self.audit = Audit(AuditStore(store, keys), clock, settings.retention_days)
        self.outbox = Outbox(OutboxStore(store, keys, steps), clock, settings.retention_days)
        kept = AssistStore(store, keys, steps, settings.retention_days)
        stats = StatsStore(store, keys)
        self.assist = AssistDesk(kept, self._conversations, self._tickets, stats, clock)
        self.routing = Routing(self._handoffs, self._presence, stats, self.agents, rules, settings, clock)

    async def aclose(self) -> None:
        """Close every connection."""
        await self.store.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def ready(self) -> None:
        """Return when the store answers; raises StoreUnavailable."""
        await self.store.ping()

    async def secret(self) -> bytes:
        """The secret that signs customers' sessions: made once, the same for every process."""
        return await meta.secret(self.store, self.keys)

    # doors

    async def receive(self, incoming: Incoming) -> Receipt:
        """Number the message, append it and put it in the inbox: one atomic step.

        A message id seen before from this address within 7 days gives the same receipt again,
        as a duplicate. Raises TooLong, AttachmentNotFound, Busy (not while a person holds the conversation).
        """
        incoming = bounded_incoming(incoming)
        address = incoming.address
        attachments = await self._attachments.described(incoming.attachments, address.digest)
        return await self._conversations.receive(incoming, attachments, self._clock())

    async def conversation(self, conversation_id: str) -> Conversation:
        """Raises ConversationNotFound."""
        return await self._conversations.get(conversation_id)

    async def open_conversation(self, address: Address) -> Conversation | None:
        """The one conversation of this address that is not closed."""
        return await self._conversations.open_of(address)

    async def last_numbers(self, ids: Sequence[str]) -> dict[str, int | None]:
        """The number of each conversation's last event; None: there is no such conversation.

        What a server of a cluster has that does not answer is left out, here and in the next two.
        """
        return await self._conversations.last_numbers(ids)

    async def customers_of(self, ids: Iterable[str]) -> list[str]:
        """The digests of the customers whose conversations these are."""
        return await self._conversations.customers_of([*ids])

    async def with_open_conversation(self, addresses: Sequence[Address]) -> list[Address]:
        """Those of them who have an open conversation."""
        return await self._conversations.with_open(addresses)

    async def events(self, conversation_id: str, after: int = 0, limit: int = 200) -> list[Event]:
        """Events numbered above `after`, in order, at most `limit`. Raises ConversationNotFound."""
        return await self._conversations.events(conversation_id, after, limit)

    def follow(self) -> AsyncIterator[tuple[str, int]]:
        """(conversation, last seq) after every commit of every process: a nudge, not the truth.

        Never ends. `("", 0)` comes first, and again after a lost connection: nudges may have been missed,
        read what you follow again.
        """
        return news.follow(self.store, self.keys)

    def listen(self) -> AsyncIterator[tuple[str, int] | Typing]:
        """What `follow` gives, and who is typing."""
        return news.listen(self.store, self.keys)

    async def tell_typing(self, conversation_id: str, role: Role) -> None:
        """Tell every process that listens; nothing is kept."""
        await news.tell_typing(self.store, self.keys, Typing(conversation_id, role))

    async def save_attachment(self, address: Address, type_: str, data: bytes) -> Attachment:
        """Keep a file for 30 days. Raises TooLong above 2 MiB."""
        if len(data) > MAX_BYTES:
            raise TooLong(f"a file has at most {MAX_BYTES} bytes")
        return await self._attachments.save(address, type_, data, self._clock())

    async def attachment(self, attachment_id: str) -> Attachment:
        """Raises AttachmentNotFound."""
        return await self._attachments.get(attachment_id)

    async def count_attempt(self, key: str, limit: int, seconds: int) -> bool:
        """Count one attempt; False when `limit` was reached within `seconds` of the first."""
        return await self._accounts.count(f"attempt {key}", seconds) <= limit

    # agents

    async def waiting(self) -> list[Waiting]:
        """The queue, next one first."""
        return await self._handoffs.waiting(range(PARTITIONS))

    async def held_by(self, agent: str) -> list[Conversation]:
        return await self._handoffs.held_by(agent)

    async def held(self) -> list[Conversation]:
        """Every conversation that an agent holds, longest first."""
        return await self._handoffs.held()

    async def claim(self, conversation_id: str, agent: str, epoch: int | None = None) -> Conversation:
        """Give a waiting (or the bot's) conversation to `agent`; again by its holder changes nothing.

        Raises HandoffAlreadyClaimed, HandoffOffered, ConversationMovedOn (closed, or `epoch` is old),
        ConversationNotFound.
        """
        return await self.routing.claim(conversation_id, agent, epoch)

    async def release(self, conversation_id: str, agent: str, epoch: int) -> Conversation:
        """Give it back to the bot. Raises ConversationMovedOn unless `agent` holds it in this epoch."""
        return await self.routing.release(conversation_id, agent, epoch)

    async def transfer(self, conversation_id: str, agent: str, epoch: int) -> Conversation:
        """Put it at the front of the queue for anybody; `desk.routing.transfer` has more. Raises like `release`."""
        return await self.routing.transfer(conversation_id, agent, epoch)

    async def close(self, conversation_id: str, agent: str, epoch: int) -> Conversation:
        """Close it: the holder, or anyone while no person holds it. Raises like `release`."""
        return await self.routing.close(conversation_id, agent, epoch)

    async def say(
        self,
        conversation_id: str,
        agent: str,
        epoch: int,
        message_id: str,
        text: str,
        article: Mapping[str, Any] | None = None,
    ) -> Event:
        """Append the holder's message; the same `message_id` again returns the same event.

        Raises ConversationMovedOn unless `agent` holds it in this epoch, TooLong.
        """
        now = self._clock()
        event = {
            "type": "message",
            "at": to_text(now),
            "author": {"role": "agent", "id": agent},
            "message_id": bounded_id(message_id),
            "text": bounded_text(text),
            **({"article": dict(article)} if article else {}),
        }
        said = await self._handoffs.say(conversation_id, agent, epoch, event, now)
        await self._presence.seen_at_work(agent, PRESENCE_SECONDS, now)
        return said

    async def set_presence(self, agent: str, available: bool, ttl_seconds: int = 60) -> None:
        """Heartbeat: here for `ttl_seconds` more; `available` for new customers or not. 0 seconds: gone."""
        await self._presence.heartbeat(agent, available, ttl_seconds, self._clock())

    async def still_here(self, agent: str, ttl_seconds: int = 60) -> None:
        """The agent's page is open: here for `ttl_seconds` more, available exactly if they were."""
        await self._presence.still_here(agent, ttl_seconds, self._clock())

    async def is_available(self, agent: str) -> bool:
        return agent in await self._presence.available(self._clock())

    async def on_duty(self) -> Duty:
        now = self._clock()
        hours, agents = await asyncio.gather(self.hours.current(), self._presence.available(now))
        is_open = hours.is_open(now)
        return Duty(is_open, is_open and bool(agents), None if is_open else hours.next_opening(now), tuple(agents))

    # tickets

    async def tickets(
        self, state: str | None = None, due_before: datetime | None = None, limit: int = 200
    ) -> list[Ticket]:
        """`state`: open, in_progress, done, `due` (neither done nor in time), None (all not done).

        Soonest due first; those that are done, latest first.
        """
        if state == "done":
            return await self._tickets.done(limit)
        if state == "due":
            now = self._clock()
            due_before = min(due_before, now) if due_before else now
        if state in (None, "due"):
            return await self._tickets.not_done(due_before, limit)
        found = await self._tickets.not_done(due_before, MOST_TICKETS)
        return [ticket for ticket in found if ticket.state == state][:limit]

    async def ticket(self, ticket_id: str) -> Ticket:
        """Raises TicketNotFound."""
        return await self._tickets.get(ticket_id)

    async def update_ticket(
        self, ticket_id: str, agent: str, version: int, *, state: TicketState | None = None, note: str = ""
    ) -> Ticket:
        """Raises TicketChanged when `version` is not the latest, TicketNotFound, TooLong."""
        now = self._clock()
        before = await self._tickets.get(ticket_id)
        await self._tickets.update(before, version, agent, state, bounded_text(note), now)
        return await self._tickets.get(ticket_id)

    async def tickets_of(self, address: Address, limit: int = 3) -> list[Ticket]:
        """The customer's tickets, latest first."""
        return await self._tickets.of_customer(address, limit)

    async def ratings(self, since: datetime, limit: int = 1000) -> list[Rating]:
        """What customers gave since then, each conversation's last one, latest first."""
        return await self._ratings.since(since, limit)

    # worker

    async def lease(self, partition: int, worker: str, ttl_ms: int = 2000) -> Lease | None:
        """The lease, or None while another one runs."""
        return await self._inbox.lease(partition, worker, ttl_ms)

    async def renew(self, lease: Lease, ttl_ms: int = 2000) -> bool:
        """False when the lease is lost: stop working on the partition."""
        return await self._inbox.renew(lease, ttl_ms)

    async def lease_all(self, partitions: Sequence[int], worker: str, ttl_ms: int = 2000) -> list[Lease]:
        """`lease` for many at once: those that were free. Servers of a cluster that do not answer are left out."""
        return await self._inbox.lease_each(partitions, worker, ttl_ms)

    async def renew_all(self, leases: Sequence[Lease], ttl_ms: int = 2000) -> dict[Lease, bool]:
        """`renew` for many at once; a lease is missing from the answer when its server does not answer."""
        return await self._inbox.renew_each(leases, ttl_ms)

    async def give_back(self, lease: Lease) -> None:
        """End the lease now, so that another worker need not wait for it to run out."""
        await self._inbox.renew(lease, 0)

    async def inbox(self, leases: Sequence[Lease], block_ms: int) -> list[InboxEntry]:
        """Entries in order within a partition, each once a lease: unfinished ones of earlier leases first.

        Waits up to `block_ms` (at most 2 s) when there is nothing.
        """
        return await self._inbox.read(leases, block_ms)

    async def reserve_ticket(self, partition: int) -> str:
        """The next ticket id; gaps are allowed."""
        return await self._tickets.reserve(partition)

    async def commit_turn(self, lease: Lease, entry: InboxEntry, turn: Turn, *further: InboxEntry) -> list[Event]:
        """Append the replies, do the commands, store the dialogue and finish the entries: one atomic step.

        `further` entries of the same conversation are answered by the same turn.
        [] when they were finished before: nothing is said twice.
        Raises LeaseLost, ConversationMovedOn (the entries stay; `finish` them; also when some of them were finished
        before), TicketChanged.
        """
        entries = (entry, *further)
        decision = Decision(
            epoch=turn.epoch,
            role="bot",
            replies=turn.replies,
            commands=turn.commands,
            entry_ids=[one.entry_id for one in entries],
            reply_to=turn.reply_to or [one.message_id for one in entries if one.message_id],
            dialogue=turn.dialogue,
            buttons=turn.buttons,
            language=turn.language,
        )
        conversation = await self.conversation(entry.conversation)
        return await self._turns.commit(lease, conversation, decision, self._clock())

    async def finish(self, lease: Lease, *entries: InboxEntry) -> None:
        """The entries are done without a word: a person holds the conversation. Raises LeaseLost."""
        await self._inbox.finish(lease, entries)

    async def due_timers(self, lease: Lease, now: datetime) -> list[Timer]:
        """What is due in the partition; each ends by a `system_step` (see `step_for`)."""
        return await self._timers.due(lease.partition, now)

    async def system_step(self, lease: Lease, conversation_id: str, step: Step) -> list[Event]:
        """Change state, say something and do commands, under the rules of `commit_turn`."""
        decision = Decision(
            epoch=step.epoch,
            role="system",
            replies=step.replies,
            commands=step.commands,
            to=(step.to, step.reason) if step.to else None,
            timer_ms=to_ms(step.timer.due_at) if step.timer and step.timer.kind != "agent_gone" else None,
        )
        conversation = await self.conversation(conversation_id)
        return await self._turns.commit(lease, conversation, decision, self._clock())
