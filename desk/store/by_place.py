"""Reads one stream of each leased partition: every entry once a lease, in order, and without changing anything."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from desk.store.connection import Store, in_reach
from desk.store.places import Places
from desk.turn import Lease

BATCH = 16
LONGEST_BLOCK_MS = 2000
CLUSTER_POLL_SECONDS = 0.05
ROUND_SECONDS = 1.0  # a server that stands still must not hold up the others
REST_SECONDS = 1.0
SWEEP_SECONDS = 5.0

Entries = Sequence[tuple[str, Mapping[str, str]]]


class ByPlace:
    """`stream` names the key of a partition. Finished entries are deleted by whoever finishes them.

    What a worker reads that lost its lease meanwhile is still there for the next holder, at its place.
    A server of a cluster that took over may lack what was done last, and entries are back that were read long ago:
    with `sweeps`, everything unfinished is handed out again every few seconds, also what is in hand.
    """

    def __init__(
        self,
        store: Store,
        stream: Callable[[int], str],
        cluster_poll_seconds: float = CLUSTER_POLL_SECONDS,
        *,
        sweeps: bool = False,
    ) -> None:
        self._store = store
        self._stream = stream
        self._pause = cluster_poll_seconds
        self._places = Places()
        self._resting: dict[str, float] = {}
        self._sweep_at = time.monotonic() + SWEEP_SECONDS if sweeps else float("inf")

    async def read(self, leases: Sequence[Lease], block_ms: int) -> dict[Lease, Entries]:
        """What follows the last entry that was handed out under each lease; waits when there is nothing."""
        if not leases:
            return {}
        by_key = {self._stream(lease.partition): lease for lease in leases}
        read = self._poll if self._store.clustered else self._block
        found: dict[Lease, Entries] = {}
        for key, entries in (await read(by_key, min(block_ms, LONGEST_BLOCK_MS))).items():
            self._places.reached(by_key[key], entries[-1][0])
            found[by_key[key]] = entries
        return found

    async def _block(self, leases: Mapping[str, Lease], block_ms: int) -> dict[str, Entries]:
        block = ("BLOCK", block_ms) if block_ms > 0 else ()
        places = (self._places.of(lease) for lease in leases.values())
        return _streams(await self._store.ask("XREAD", "COUNT", BATCH, *block, "STREAMS", *leases, *places))

    async def _poll(self, leases: Mapping[str, Lease], block_ms: int) -> dict[str, Entries]:
        """Partitions of a cluster cannot share one blocking command."""
        until = time.monotonic() + block_ms / 1000
        while True:
            streams = await self._look(leases)
            if streams or time.monotonic() >= until:
                return streams
            await asyncio.sleep(self._pause)

    async def _look(self, leases: Mapping[str, Lease]) -> dict[str, Entries]:
        """What is there now. Partitions of a server that does not answer rest for a second."""
        now = time.monotonic()
        if now >= self._sweep_at:
            self._places.forget()
            self._sweep_at = now + SWEEP_SECONDS
        keys = [key for key in leases if self._resting.get(key, 0.0) <= now] or list(leases)
        commands = [("XREAD", "COUNT", BATCH, "STREAMS", key, self._places.of(leases[key])) for key in keys]
        answers = await self._store.ask_each(commands, ROUND_SECONDS)
        answered = in_reach(zip(keys, answers, strict=True))
        lost = set(keys) - {key for key, _ in answered}
        still = {key: until for key, until in self._resting.items() if until > now}
        self._resting = still | dict.fromkeys(lost, time.monotonic() + REST_SECONDS)
        return {key: entries for _, answer in answered for key, entries in _streams(answer).items()}


def _streams(answer: Any) -> dict[str, Entries]:
    """Stream -> entries, from either protocol's shape."""
    if not answer:
        return {}
    pairs = answer.items() if isinstance(answer, dict) else answer
    return {name: _unnested(entries) for name, entries in pairs if entries}


def _unnested(entries: Any) -> Entries:
    nested = bool(entries) and isinstance(entries[0], list)
    return list(entries[0] if nested else entries)
