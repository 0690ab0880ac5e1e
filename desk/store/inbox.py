"""Leases and the inbox: who may handle a partition, and what waits there for its turn."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from redis.exceptions import ResponseError

from desk.errors import LeaseLost, StoreUnavailable
from desk.store.backlog import Backlog
from desk.store.connection import Store
from desk.store.keys import Keys
from desk.store.scripts import script
from desk.turn import InboxEntry, Lease

GROUP = "workers"
# One name for all: whoever holds the lease sees what the last holder left unfinished.
CONSUMER = "holder"
BATCH = 16
LONGEST_BLOCK_MS = 2000
CLUSTER_POLL_SECONDS = 0.05


class InboxStore:
    """Leases, and the entries of leased partitions, each handed out once a lease."""

    def __init__(self, store: Store, keys: Keys, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._keys = keys
        self._backlog = Backlog(monotonic)

    async def lease(self, partition: int, worker: str, ttl_ms: int) -> Lease | None:
        keys = self._keys.partition(partition)
        token = int(await self._store.run(script("lease"), [keys.lease, keys.fence], [worker, ttl_ms]))
        if not token:
            return None
        await self._make_group(partition)
        return Lease(partition, token, worker)

    async def renew(self, lease: Lease, ttl_ms: int) -> bool:
        key = self._keys.partition(lease.partition).lease
        return bool(await self._store.run(script("renew"), [key], [lease.mark, ttl_ms]))

    async def finish(self, lease: Lease, entry: InboxEntry) -> None:
        keys = self._keys.partition(lease.partition)
        answer = await self._store.run(
            script("finish"), [keys.lease, keys.inbox], [lease.mark, entry.entry_id], confirmed=True
        )
        if answer == "lease_lost":
            raise LeaseLost(f"partition {lease.partition}")
        self.finished(lease, entry.entry_id)

    def finished(self, lease: Lease, entry_id: str) -> None:
        """It was committed: no longer in hand."""
        self._backlog.finished(lease, entry_id)

    async def read(self, leases: Sequence[Lease], block_ms: int) -> list[InboxEntry]:
        """Unfinished ones first; then new ones of partitions that have no unfinished ones left."""
        left = {lease: at for lease in leases if (at := self._backlog.position(lease)) is not None}
        entries = await self._read_backlog(left) if left else []
        fresh = [lease for lease in leases if self._backlog.position(lease) is None]
        if not fresh:
            return entries
        wait = 0 if entries or len(fresh) < len(leases) else min(block_ms, LONGEST_BLOCK_MS)
        return entries + await self._read_new(fresh, wait)

    async def _read_backlog(self, leases: Mapping[Lease, str]) -> list[InboxEntry]:
        commands = [_read_group(self._keys.partition(lease.partition).inbox, at) for lease, at in leases.items()]
        found: list[InboxEntry] = []
        for lease, answer in zip(leases, await self._store.ask_all(commands), strict=True):
            entries = [entry for stream in _streams(answer).values() for entry in stream]
            self._backlog.looked(lease, entries[-1][0] if entries else None)
            found += [_entry(id_, fields) for id_, fields in entries if fields and self._backlog.take(lease, id_)]
        return found

    async def _read_new(self, leases: Sequence[Lease], block_ms: int) -> list[InboxEntry]:
        try:
            if self._store.clustered:
                streams: Sequence[Mapping[str, Any]] = await self._poll(leases, block_ms)
            else:
                inboxes = [self._keys.partition(lease.partition).inbox for lease in leases]
                block = ("BLOCK", block_ms) if block_ms > 0 else ()
                answer = await self._store.ask(
                    *("XREADGROUP", "GROUP", GROUP, CONSUMER, "COUNT", BATCH, *block),
                    *("STREAMS", *inboxes, *(">" for _ in inboxes)),
                )
                streams = [_streams(answer)]
        except StoreUnavailable:
            # The answer may have been lost on its way: look for what it handed out.
            for lease in leases:
                self._backlog.look_again(lease)
            raise
        by_inbox = {self._keys.partition(lease.partition).inbox: lease for lease in leases}
        return [
            _entry(id_, fields)
            for stream in streams
            for inbox, entries in stream.items()
            for id_, fields in entries
            if self._backlog.take(by_inbox[inbox], id_)
        ]

    async def _poll(self, leases: Sequence[Lease], block_ms: int) -> Sequence[Mapping[str, Any]]:
        """Partitions of a cluster cannot share one blocking command."""
        commands = [_read_group(self._keys.partition(lease.partition).inbox, ">") for lease in leases]
        loop = asyncio.get_running_loop()
        until = loop.time() + block_ms / 1000
        while True:
            streams = [_streams(answer) for answer in await self._store.ask_all(commands)]
            if any(streams) or loop.time() >= until:
                return streams
            await asyncio.sleep(CLUSTER_POLL_SECONDS)

    async def _make_group(self, partition: int) -> None:
        inbox = self._keys.partition(partition).inbox
        try:
            await self._store.ask("XGROUP", "CREATE", inbox, GROUP, "0", "MKSTREAM")
        except ResponseError as error:
            if "BUSYGROUP" not in str(error):
                raise


def _read_group(inbox: str, position: str) -> tuple[str | int, ...]:
    return ("XREADGROUP", "GROUP", GROUP, CONSUMER, "COUNT", BATCH, "STREAMS", inbox, position)


def _streams(answer: Any) -> dict[str, list[tuple[str, Mapping[str, str] | None]]]:
    """Stream -> entries, from either protocol's shape."""
    if not answer:
        return {}
    pairs = answer.items() if isinstance(answer, dict) else answer
    return {name: _unnested(entries) for name, entries in pairs if entries}


def _unnested(entries: Any) -> list[tuple[str, Mapping[str, str] | None]]:
    nested = bool(entries) and isinstance(entries[0], list)
    return list(entries[0] if nested else entries)


def _entry(id_: str, fields: Mapping[str, str] | None) -> InboxEntry:
    assert fields is not None  # noqa: S101 - new entries always have fields
    return InboxEntry(id_, fields["conversation"], int(fields["seq"]), fields.get("message", ""))
