"""Which agents are here: heartbeats that run out."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from desk.store.connection import Store
from desk.store.keys import PRESENCE_KEY_SECONDS, Keys
from desk.store.scripts import script
from desk.times import from_ms, to_ms


class PresenceStore:
    """`present`: here; `available`: here and taking new customers."""

    def __init__(self, store: Store, keys: Keys) -> None:
        self._store = store
        self._keys = keys

    async def heartbeat(self, agent: str, available: bool, ttl_seconds: int, now: datetime) -> None:
        until = to_ms(now + timedelta(seconds=ttl_seconds))
        present, free = self._keys.present, self._keys.available
        await self._store.ask_all(
            [
                ("ZADD", present, until, agent),
                ("ZADD", free, until, agent) if available else ("ZREM", free, agent),
                ("EXPIRE", present, PRESENCE_KEY_SECONDS),
                ("EXPIRE", free, PRESENCE_KEY_SECONDS),
            ]
        )

    async def seen_at_work(self, agent: str, ttl_seconds: int, now: datetime) -> None:
        """Whoever claims or writes is here, whatever their page's heartbeat says."""
        until = to_ms(now + timedelta(seconds=ttl_seconds))
        await self._store.ask_all(
            [
                ("ZADD", self._keys.present, "GT", until, agent),
                ("EXPIRE", self._keys.present, PRESENCE_KEY_SECONDS),
            ]
        )

    async def still_here(self, agent: str, ttl_seconds: int, now: datetime) -> None:
        """An open page: here, and available if they were; a pause made at the same moment stands."""
        until = to_ms(now + timedelta(seconds=ttl_seconds))
        keys = [self._keys.present, self._keys.available]
        await self._store.run(script("still_here"), keys, [agent, to_ms(now), until, PRESENCE_KEY_SECONDS])

    async def present(self, now: datetime) -> tuple[frozenset[str], frozenset[str]]:
        """Those who are here, and those of them who take new customers."""
        since = f"({to_ms(now)}"
        here, free = await self._store.ask_all(
            [("ZRANGE", key, since, "+inf", "BYSCORE") for key in (self._keys.present, self._keys.available)]
        )
        return frozenset(here), frozenset(free)

    async def available(self, now: datetime) -> list[str]:
        found: list[str] = await self._store.ask("ZRANGE", self._keys.available, f"({to_ms(now)}", "+inf", "BYSCORE")
        return sorted(found)

    async def gone(self, agents: Iterable[str], now: datetime) -> dict[str, datetime]:
        """Those of `agents` who are not here, with the moment since when."""
        names = sorted(agents)
        if not names:
            return {}
        scores = await self._store.ask("ZMSCORE", self._keys.present, *names)
        until = {name: from_ms(score or 0) for name, score in zip(names, scores, strict=True)}
        return {name: moment for name, moment in until.items() if moment <= now}
