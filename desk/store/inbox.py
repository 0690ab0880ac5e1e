"""Leases and the inbox: who may handle a partition, and what waits there for its turn."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from desk.errors import LeaseLost
from desk.store.connection import Store
from desk.store.keys import Keys
from desk.store.places import Places
from desk.store.scripts import script
from desk.turn import InboxEntry, Lease

BATCH = 16
LONGEST_BLOCK_MS = 2000
CLUSTER_POLL_SECONDS = 0.05

Entries = Sequence[tuple[str, Mapping[str, str]]]


class InboxStore:
    """Leases, and the entries of leased partitions, each handed out once a lease.

    Reading changes nothing (finished entries are deleted): what a worker reads that lost its lease meanwhile is still
    there for the next holder, at its place.
    """

    def __init__(self, store: Store, keys: Keys) -> None:
        self._store = store
        self._keys = keys
        self._places = Places()

    async def lease(self, partition: int, worker: str, ttl_ms: int) -> Lease | None:
        keys = self._keys.partition(partition)
        token = int(await self._store.run(script("lease"), [keys.lease, keys.fence], [worker, ttl_ms]))
        return Lease(partition, token, worker) if token else None

    async def renew(self, lease: Lease, ttl_ms: int) -> bool:
        key = self._keys.partition(lease.partition).lease
        return bool(await self._store.run(script("renew"), [key], [lease.mark, ttl_ms]))

    async def finish(self, lease: Lease, entries: Sequence[InboxEntry]) -> None:
        keys = self._keys.partition(lease.partition)
        ids = [entry.entry_id for entry in entries]
        answer = await self._store.run(script("finish"), [keys.lease, keys.inbox], [lease.mark, *ids], confirmed=True)
        if answer == "lease_lost":
            raise LeaseLost(f"partition {lease.partition}")

    async def read(self, leases: Sequence[Lease], block_ms: int) -> list[InboxEntry]:
        """What follows the last entry that was handed out under each lease; waits when there is nothing."""
        if not leases:
            return []
        by_inbox = {self._keys.partition(lease.partition).inbox: lease for lease in leases}
        read = self._poll if self._store.clustered else self._block
        found: list[InboxEntry] = []
        for inbox, entries in (await read(by_inbox, min(block_ms, LONGEST_BLOCK_MS))).items():
            self._places.reached(by_inbox[inbox], entries[-1][0])
            found += [_entry(id_, fields) for id_, fields in entries]
        return found

    async def _block(self, leases: Mapping[str, Lease], block_ms: int) -> dict[str, Entries]:
        block = ("BLOCK", block_ms) if block_ms > 0 else ()
        places = (self._places.of(lease) for lease in leases.values())
        return _streams(await self._store.ask("XREAD", "COUNT", BATCH, *block, "STREAMS", *leases, *places))

    async def _poll(self, leases: Mapping[str, Lease], block_ms: int) -> dict[str, Entries]:
        """Partitions of a cluster cannot share one blocking command."""
        commands = [
            ("XREAD", "COUNT", BATCH, "STREAMS", inbox, self._places.of(lease)) for inbox, lease in leases.items()
        ]
        loop = asyncio.get_running_loop()
        until = loop.time() + block_ms / 1000
        while True:
            answers = await self._store.ask_all(commands)
            streams = {inbox: entries for answer in answers for inbox, entries in _streams(answer).items()}
            if streams or loop.time() >= until:
                return streams
            await asyncio.sleep(CLUSTER_POLL_SECONDS)


def _streams(answer: Any) -> dict[str, Entries]:
    """Stream -> entries, from either protocol's shape."""
    if not answer:
        return {}
    pairs = answer.items() if isinstance(answer, dict) else answer
    return {name: _unnested(entries) for name, entries in pairs if entries}


def _unnested(entries: Any) -> Entries:
    nested = bool(entries) and isinstance(entries[0], list)
    return list(entries[0] if nested else entries)


def _entry(id_: str, fields: Mapping[str, str]) -> InboxEntry:
    joins = int(fields["joins"]) if "joins" in fields else None
    return InboxEntry(id_, fields["conversation"], int(fields["seq"]), fields.get("message", ""), joins)
