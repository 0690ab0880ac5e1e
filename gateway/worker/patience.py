"""How long messages are tried: through every outage of the store, three times otherwise, then an apology."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import structlog

from desk import InboxEntry, Lease, LeaseLost, NotAcknowledged, StoreUnavailable
from gateway.worker.metrics import Metrics

_FAILURES = 3
_TURN_SECONDS = 8.0
_SHORTEST_PAUSE, _LONGEST_PAUSE = 0.1, 2.0
_log = structlog.get_logger(__name__)

# How many of the entries, from the front, are done with.
Take = Callable[[Lease, Sequence[InboxEntry]], Awaitable[int]]
Pause = Callable[[float], Awaitable[None]]


class Patience:
    """Tries `take` until entries are done or another worker's; a poisoned one gets `apologise`, then `drop`.

    After a failure the first entry is tried without its neighbours: they need not fail with it.
    """

    def __init__(
        self,
        take: Take,
        apologise: Take,
        drop: Take,
        holds: Callable[[Lease], bool],
        lose: Callable[[Lease], None],
        metrics: Metrics,
        pause: Pause = asyncio.sleep,
    ) -> None:
        self._ways = (*[take] * _FAILURES, apologise, drop)
        self._holds = holds
        self._lose = lose
        self._metrics = metrics
        self._pause = pause

    async def take(self, lease: Lease, entries: Sequence[InboxEntry]) -> int:
        """How many of `entries`, from the front, are done with."""
        failures = outages = 0
        while self._holds(lease) and failures < len(self._ways):
            try:
                with self._metrics.seconds.time():
                    async with asyncio.timeout(_TURN_SECONDS):
                        return await self._ways[failures](lease, entries)
            except LeaseLost:
                self._lose(lease)
            except (StoreUnavailable, NotAcknowledged) as error:
                outages += 1
                self._note(entries[0], error)
                await self._pause(min(_SHORTEST_PAUSE * 2**outages, _LONGEST_PAUSE))
            except Exception as error:  # noqa: BLE001 - whatever it is, the next message must not wait for ever
                failures += 1
                self._note(entries[0], error)
                entries = entries[:1]
        return len(entries)

    def _note(self, entry: InboxEntry, error: Exception) -> None:
        kind = type(error).__name__
        self._metrics.errors.labels(kind).inc()
        known = isinstance(error, (StoreUnavailable, NotAcknowledged))
        _log.warning("turn_failed", conversation=entry.conversation, seq=entry.seq, error=kind, exc_info=not known)
