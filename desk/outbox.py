"""The outbox holds what we said to customers whose channel must be sent it, until it is delivered or given up."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from desk.conversation import PARTITIONS, Address
from desk.errors import LetterNotFound
from desk.times import Clock
from desk.turn import Lease

if TYPE_CHECKING:
    from desk.store.outbox import OutboxStore

_LETTER_ID = re.compile(r"d(\d{1,2})-(\d{1,15}-\d{1,10})", re.ASCII)


@dataclass(frozen=True)
class Tries:
    """How often a message was tried in vain, since when, and when it may be tried again."""

    count: int = 0
    first_at: datetime | None = None
    next_at: datetime | None = None


@dataclass(frozen=True)
class OutboxEntry:
    """One of our messages that waits for delivery; `customer` stands for the address it goes to."""

    entry_id: str
    conversation: str
    seq: int
    customer: str
    tries: Tries = field(default_factory=Tries)


@dataclass(frozen=True)
class DeadLetter:
    """A message that was given up. `reason`: `refused 404`, `failed 500`, `slow`, `unreachable`, `no account` ..."""

    id: str
    conversation: str
    seq: int
    message_id: str
    channel: str
    account: str
    reason: str
    tries: int
    at: datetime


@dataclass(frozen=True)
class Depth:
    """How many messages wait for delivery, and how many were given up."""

    waiting: int
    dead: int


class Outbox:
    """`desk.outbox`. Its worker's methods raise LeaseLost; all may raise StoreUnavailable."""

    def __init__(self, store: "OutboxStore", clock: Clock, retention_days: int) -> None:
        self._store = store
        self._clock = clock
        self._kept = timedelta(days=retention_days)

    # worker

    async def read(self, leases: Sequence[Lease], block_ms: int) -> list[OutboxEntry]:
        """Entries in order within a partition, each once a lease; waits up to `block_ms` (at most 2 s) for one."""
        return await self._store.read(leases, block_ms)

    async def sent(self, lease: Lease, entry: OutboxEntry) -> None:
        """It was delivered: the conversation's `delivered` says so, and the entry is gone."""
        await self._store.sent(lease, entry)

    async def later(self, lease: Lease, entry: OutboxEntry, tries: Tries) -> None:
        """It was tried in vain: whoever holds the lease then tries it again."""
        await self._store.later(lease, entry, tries)

    async def give_up(self, lease: Lease, entry: OutboxEntry, to: Address, message_id: str, reason: str) -> None:
        """It becomes a dead letter, and a `delivery` event in the conversation unless that is closed."""
        now = self._clock()
        await self._store.give_up(lease, entry, to, message_id, reason, now, now - self._kept)

    # operators

    async def dead(self, limit: int = 200) -> list[DeadLetter]:
        """Latest first."""
        letters = await self._store.dead(range(PARTITIONS), limit)
        return sorted(letters, key=lambda letter: letter.at, reverse=True)[:limit]

    async def resend(self, letter_id: str) -> None:
        """Put it into the outbox again, under the same message id, behind what waits there. Raises LetterNotFound."""
        await self._take(letter_id, "resend")

    async def drop(self, letter_id: str) -> None:
        """Forget it. Raises LetterNotFound."""
        await self._take(letter_id, "drop")

    async def depth(self, partitions: Iterable[int] = range(PARTITIONS)) -> Depth:
        return Depth(*await self._store.depth(partitions))

    async def _take(self, letter_id: str, what: str) -> None:
        found = _LETTER_ID.fullmatch(letter_id)
        if not found or int(found[1]) >= PARTITIONS or not await self._store.take(int(found[1]), found[2], what):
            raise LetterNotFound(letter_id[:64])
