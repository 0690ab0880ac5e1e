"""Leases and the inbox: who may handle a partition, and what waits there for its turn."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from redis.exceptions import ResponseError

from desk.errors import LeaseLost, StoreUnavailable
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

    def __init__(self, store: Store, keys: Keys) -> None:
        self._store = store
        self._keys = keys
        # How far the unfinished entries of earlier holders were handed out; None: all were.
        self._backlog: dict[int, tuple[int, str | None]] = {}

    async def lease(self, partition: int, worker: str, ttl_ms: int) -> Lease | None:
        keys = self._keys.partition(partition)
        token = int(await self._store.run(script("lease"), [keys.lease, keys.fence], [worker, ttl_ms]))
        if not token:
            return None
        await self._make_group(partition)
        self._backlog[partition] = (token, "0")
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

    async def read(self, leases: Sequence[Lease], block_ms: int) -> list[InboxEntry]:
        """Unfinished ones first; then new ones of partitions that have no unfinished ones left."""
        left = [lease for lease in leases if self._position(lease) is not None]
        entries = await self._read_backlog(left) if left else []
        fresh = [lease for lease in leases if self._position(lease) is None]
        if not fresh:
            return entries
        wait = 0 if entries or len(fresh) < len(leases) else min(block_ms, LONGEST_BLOCK_MS)
        return entries + await self._read_new(fresh, wait)

    def _position(self, lease: Lease) -> str | None:
        token, position = self._backlog.get(lease.partition, (0, None))
        # A lease that another desk of this process took: begin with its backlog.
        return position if token == lease.token else "0"

    async def _read_backlog(self, leases: Sequence[Lease]) -> list[InboxEntry]:
        commands = [
            _read_group(self._keys.partition(lease.partition).inbox, self._position(lease) or "0") for lease in leases
        ]
        found: list[InboxEntry] = []
        for lease, answer in zip(leases, await self._store.ask_all(commands), strict=True):
            entries = [entry for stream in _streams(answer).values() for entry in stream]
            self._backlog[lease.partition] = (lease.token, entries[-1][0] if entries else None)
            found += [_entry(id_, fields) for id_, fields in entries if fields]
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
            self._backlog |= {lease.partition: (lease.token, "0") for lease in leases}
            raise
        return [_entry(id_, fields) for each in streams for entries in each.values() for id_, fields in entries]

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
