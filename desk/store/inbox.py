"""Leases and the inbox: who may handle a partition, and what waits there for its turn."""

from collections.abc import Mapping, Sequence

from desk.errors import LeaseLost
from desk.store.by_place import ByPlace
from desk.store.connection import Call, Store, in_reach
from desk.store.keys import Keys
from desk.store.scripts import script
from desk.turn import InboxEntry, Lease

ROUND_SECONDS = 1.0  # for many partitions at once: a server that stands still must not hold up the others


class InboxStore:
    """Leases, and the entries of leased partitions, each handed out once a lease."""

    def __init__(self, store: Store, keys: Keys) -> None:
        self._store = store
        self._keys = keys
        self._stream = ByPlace(store, lambda partition: keys.partition(partition).inbox, sweeps=True)

    async def lease(self, partition: int, worker: str, ttl_ms: int) -> Lease | None:
        keys = self._keys.partition(partition)
        token = int(await self._store.run(script("lease"), [keys.lease, keys.fence], [worker, ttl_ms]))
        return Lease(partition, token, worker) if token else None

    async def renew(self, lease: Lease, ttl_ms: int) -> bool:
        key = self._keys.partition(lease.partition).lease
        return bool(await self._store.run(script("renew"), [key], [lease.mark, ttl_ms]))

    async def lease_each(self, partitions: Sequence[int], worker: str, ttl_ms: int) -> list[Lease]:
        """Those of the leases that were free, of servers in reach."""
        keys = [self._keys.partition(partition) for partition in partitions]
        calls: list[Call] = [([each.lease, each.fence], [worker, ttl_ms]) for each in keys]
        tokens = await self._store.run_each(script("lease"), calls, ROUND_SECONDS)
        pairs = in_reach(zip(partitions, tokens, strict=True))
        return [Lease(number, int(token), worker) for number, token in pairs if int(token)]

    async def renew_each(self, leases: Sequence[Lease], ttl_ms: int) -> dict[Lease, bool]:
        """False for those that are lost; nothing for those whose server does not answer."""
        calls: list[Call] = [([self._keys.partition(lease.partition).lease], [lease.mark, ttl_ms]) for lease in leases]
        renewed = await self._store.run_each(script("renew"), calls, ROUND_SECONDS)
        return {lease: bool(answer) for lease, answer in in_reach(zip(leases, renewed, strict=True))}

    async def finish(self, lease: Lease, entries: Sequence[InboxEntry]) -> None:
        keys = self._keys.partition(lease.partition)
        ids = [entry.entry_id for entry in entries]
        answer = await self._store.run(script("finish"), [keys.lease, keys.inbox], [lease.mark, *ids])
        if answer == "lease_lost":
            raise LeaseLost(f"partition {lease.partition}")

    async def read(self, leases: Sequence[Lease], block_ms: int) -> list[InboxEntry]:
        """What follows the last entry that was handed out under each lease; waits when there is nothing."""
        found = await self._stream.read(leases, block_ms)
        return [_entry(id_, fields) for entries in found.values() for id_, fields in entries]


def _entry(id_: str, fields: Mapping[str, str]) -> InboxEntry:
    joins = int(fields["joins"]) if "joins" in fields else None
    return InboxEntry(id_, fields["conversation"], int(fields["seq"]), fields.get("message", ""), joins)
