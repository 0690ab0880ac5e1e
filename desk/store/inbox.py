"""Leases and the inbox: who may handle a partition, and what waits there for its turn."""

from collections.abc import Mapping, Sequence

from desk.errors import LeaseLost
from desk.store.by_place import ByPlace
from desk.store.connection import Store
from desk.store.keys import Keys
from desk.store.scripts import script
from desk.turn import InboxEntry, Lease


class InboxStore:
    """Leases, and the entries of leased partitions, each handed out once a lease."""

    def __init__(self, store: Store, keys: Keys) -> None:
        self._store = store
        self._keys = keys
        self._stream = ByPlace(store, lambda partition: keys.partition(partition).inbox)

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
        found = await self._stream.read(leases, block_ms)
        return [_entry(id_, fields) for entries in found.values() for id_, fields in entries]


def _entry(id_: str, fields: Mapping[str, str]) -> InboxEntry:
    joins = int(fields["joins"]) if "joins" in fields else None
    return InboxEntry(id_, fields["conversation"], int(fields["seq"]), fields.get("message", ""), joins)
