"""The desk: what doors, agents and workers may ask of it."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Self

from desk.agents import Agents
from desk.attachments import Attachment
from desk.conversation import Address, Conversation, Incoming, Receipt
from desk.duty import Duty
from desk.event import Event
from desk.handoff import Waiting
from desk.settings import Settings
from desk.ticket import Ticket, TicketState
from desk.times import Clock, utc_now
from desk.turn import InboxEntry, Lease, Step, Timer, Turn


class Desk:
    """All that the processes may do with conversations, tickets and duty.

    Every method may raise StoreUnavailable; those that write may raise NotAcknowledged.
    Use it as `async with await Desk.connect(settings) as desk`.
    """

    agents: Agents

    @classmethod
    async def connect(cls, settings: Settings, clock: Clock = utc_now) -> Self:
        """Connect, check the server and the data on it. Raises StoreUnsuitable, SettingsWrong."""
        raise NotImplementedError

    async def aclose(self) -> None:
        """Close every connection."""
        raise NotImplementedError

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def ready(self) -> None:
        """Return when the store answers; raises StoreUnavailable."""
        raise NotImplementedError

    async def secret(self) -> bytes:
        """The secret that signs customers' sessions: made once, the same for every process."""
        raise NotImplementedError

    # doors

    async def receive(self, incoming: Incoming) -> Receipt:
        """Number the message, append it and put it in the inbox: one atomic step.

        A message id seen before from this address within 7 days gives the same receipt again,
        as a duplicate. Raises TooLong, AttachmentNotFound.
        """
        raise NotImplementedError

    async def conversation(self, conversation_id: str) -> Conversation:
        """Raises ConversationNotFound."""
        raise NotImplementedError

    async def open_conversation(self, address: Address) -> Conversation | None:
        """The one conversation of this address that is not closed."""
        raise NotImplementedError

    async def events(self, conversation_id: str, after: int = 0, limit: int = 200) -> list[Event]:
        """Events numbered above `after`, in order, at most `limit`. Raises ConversationNotFound."""
        raise NotImplementedError

    def follow(self) -> AsyncIterator[tuple[str, int]]:
        """(conversation, last seq) after every commit of every process: a nudge, not the truth.

        Never ends. `("", 0)` comes first, and again after a lost connection: nudges may have been missed,
        read what you follow again.
        """
        raise NotImplementedError

    async def save_attachment(self, address: Address, type_: str, data: bytes) -> Attachment:
        """Keep a file for 30 days. Raises TooLong above 2 MiB."""
        raise NotImplementedError

    async def attachment(self, attachment_id: str) -> Attachment:
        """Raises AttachmentNotFound."""
        raise NotImplementedError

    async def count_attempt(self, key: str, limit: int, seconds: int) -> bool:
        """Count one attempt; False when `limit` was reached within `seconds` of the first."""
        raise NotImplementedError

    # agents

    async def waiting(self) -> list[Waiting]:
        """The queue, next one first."""
        raise NotImplementedError

    async def held_by(self, agent: str) -> list[Conversation]:
        raise NotImplementedError

    async def claim(self, conversation_id: str, agent: str, epoch: int | None = None) -> Conversation:
        """Give a waiting (or the bot's) conversation to `agent`; again by its holder changes nothing.

        Raises HandoffAlreadyClaimed, ConversationMovedOn (closed, or `epoch` is old), ConversationNotFound.
        """
        raise NotImplementedError

    async def release(self, conversation_id: str, agent: str, epoch: int) -> Conversation:
        """Give it back to the bot. Raises ConversationMovedOn unless `agent` holds it in this epoch."""
        raise NotImplementedError

    async def transfer(self, conversation_id: str, agent: str, epoch: int) -> Conversation:
        """Put it at the front of the queue for a colleague. Raises like `release`."""
        raise NotImplementedError

    async def close(self, conversation_id: str, agent: str, epoch: int) -> Conversation:
        """Close it: the holder, or anyone while no person holds it. Raises like `release`."""
        raise NotImplementedError

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
        raise NotImplementedError

    async def set_presence(self, agent: str, available: bool, ttl_seconds: int = 60) -> None:
        """Heartbeat: here for `ttl_seconds` more; `available` for new customers or not. 0 seconds: gone."""
        raise NotImplementedError

    async def is_available(self, agent: str) -> bool:
        raise NotImplementedError

    async def on_duty(self) -> Duty:
        raise NotImplementedError

    # tickets

    async def tickets(
        self, state: str | None = None, due_before: datetime | None = None, limit: int = 200
    ) -> list[Ticket]:
        """`state`: open, in_progress, done, `due` (neither done nor in time), None (all not done).

        Soonest due first; those that are done, latest first.
        """
        raise NotImplementedError

    async def ticket(self, ticket_id: str) -> Ticket:
        """Raises TicketNotFound."""
        raise NotImplementedError

    async def update_ticket(
        self, ticket_id: str, agent: str, version: int, *, state: TicketState | None = None, note: str = ""
    ) -> Ticket:
        """Raises TicketChanged when `version` is not the latest, TicketNotFound, TooLong."""
        raise NotImplementedError

    async def tickets_of(self, address: Address, limit: int = 3) -> list[Ticket]:
        """The customer's tickets, latest first."""
        raise NotImplementedError

    # worker

    async def lease(self, partition: int, worker: str, ttl_ms: int = 2000) -> Lease | None:
        """The lease, or None while another one runs."""
        raise NotImplementedError

    async def renew(self, lease: Lease, ttl_ms: int = 2000) -> bool:
        """False when the lease is lost: stop working on the partition."""
        raise NotImplementedError

    async def give_back(self, lease: Lease) -> None:
        """End the lease now, so that another worker need not wait for it to run out."""
        raise NotImplementedError

    async def inbox(self, leases: Sequence[Lease], block_ms: int) -> list[InboxEntry]:
        """Entries in order within a partition, each once a lease: unfinished ones of earlier leases first.

        Waits up to `block_ms` (at most 2 s) when there is nothing.
        """
        raise NotImplementedError

    async def reserve_ticket(self, partition: int) -> str:
        """The next ticket id; gaps are allowed."""
        raise NotImplementedError

    async def commit_turn(self, lease: Lease, entry: InboxEntry, turn: Turn) -> list[Event]:
        """Append the replies, do the commands, store the dialogue and finish the entry: one atomic step.

        [] when the entry was finished before: nothing is said twice.
        Raises LeaseLost, ConversationMovedOn (the entry stays; `finish` it), TicketChanged.
        """
        raise NotImplementedError

    async def finish(self, lease: Lease, entry: InboxEntry) -> None:
        """The entry is done without a word: a person holds the conversation. Raises LeaseLost."""
        raise NotImplementedError

    async def due_timers(self, lease: Lease, now: datetime) -> list[Timer]:
        """What is due in the partition; each ends by a `system_step` (see `step_for`)."""
        raise NotImplementedError

    async def system_step(self, lease: Lease, conversation_id: str, step: Step) -> list[Event]:
        """Change state, say something and do commands, under the rules of `commit_turn`."""
        raise NotImplementedError
