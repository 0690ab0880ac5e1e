"""How long customers lately waited and were served: two short lists, for what is told and for the board."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from desk.store.connection import Store
from desk.store.keys import Keys
from desk.times import from_ms, to_ms

_KEPT = 1000


@dataclass(frozen=True)
class Measured:
    """Something that took `seconds` and ended at `at`, by or with `agent`."""

    at: datetime
    seconds: float
    agent: str


class StatsStore:
    """Written beside the atomic steps: a time that is lost with its process is missing here, and nowhere else."""

    def __init__(self, store: Store, keys: Keys) -> None:
        self._store = store
        self._keys = keys

    async def handled(self, agent: str, took: timedelta, at: datetime) -> None:
        """From the claim until the agent gave the customer up."""
        await self._add(self._keys.handled, agent, took, at)

    async def waited(self, agent: str, took: timedelta, at: datetime) -> None:
        """From asking for a person until the claim."""
        await self._add(self._keys.waited, agent, took, at)

    async def lately(self, since: datetime) -> tuple[list[Measured], list[Measured]]:
        """Handled and waited, latest first."""
        handled, waited = await self._store.ask_all(
            [("LRANGE", self._keys.handled, 0, -1), ("LRANGE", self._keys.waited, 0, -1)]
        )
        return _since(handled, since), _since(waited, since)

    async def _add(self, key: str, agent: str, took: timedelta, at: datetime) -> None:
        entry = f"{to_ms(at)} {max(0, took // timedelta(milliseconds=1))} {agent}"
        await self._store.ask_all([("LPUSH", key, entry), ("LTRIM", key, 0, _KEPT - 1)])


def _since(entries: Sequence[str], since: datetime) -> list[Measured]:
    found = [_measured(entry) for entry in entries]
    return [measured for measured in found if measured.at >= since]


def _measured(entry: str) -> Measured:
    at, took, agent = entry.split(" ", 2)
    return Measured(from_ms(at), int(took) / 1000, agent)
