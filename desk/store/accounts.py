"""Agents' accounts, sessions and counters in Redis."""

import json
from collections.abc import Iterable
from datetime import datetime

from desk.store.connection import Store
from desk.store.keys import SESSION_SECONDS, Keys
from desk.store.scripts import script
from desk.times import to_ms

FREE_FAILURES = 5
FIRST_LOCK_MS = 30 * 1000
LONGEST_LOCK_MS = 15 * 60 * 1000
FORGOTTEN_MS = 3600 * 1000


class AccountStore:
    """Accounts are JSON; `desk.agents` knows what is in them."""

    def __init__(self, store: Store, keys: Keys) -> None:
        self._store = store
        self._keys = keys

    async def add(self, name: str, account: str) -> bool:
        """False when the name is taken."""
        return bool(await self._store.ask("HSETNX", self._keys.accounts, name, account))

    async def get(self, name: str) -> str | None:
        found: str | None = await self._store.ask("HGET", self._keys.accounts, name)
        return found

    async def all(self) -> dict[str, str]:
        return dict(await self._store.ask("HGETALL", self._keys.accounts))

    async def next_number(self) -> int:
        """1, 2, 3 ...; each once, gaps are allowed."""
        return int(await self._store.ask("INCR", self._keys.agent_number))

    async def replace(self, name: str, before: str, after: str, managing: Iterable[str]) -> str:
        """`done`; `changed`: it is no longer `before`; `last`: nobody else has a role of `managing`."""
        roles = json.dumps(sorted(managing))
        return str(
            await self._store.run(script("replace_account"), [self._keys.accounts], [name, before, after, roles])
        )

    async def exist(self) -> bool:
        return bool(await self._store.ask("EXISTS", self._keys.accounts))

    async def open_session(self, token: str, value: str) -> None:
        await self._store.ask("SET", self._keys.session(token), value, "EX", SESSION_SECONDS)

    async def session(self, token: str) -> str | None:
        found: str | None = await self._store.ask("GET", self._keys.session(token))
        return found

    async def end_session(self, token: str) -> None:
        await self._store.ask("DEL", self._keys.session(token))

    async def try_sign_in(self, name: str, now: datetime) -> int:
        """Count a try; for how many ms the name is still locked, 0 when the try may go on."""
        limits = [to_ms(now), FREE_FAILURES, FIRST_LOCK_MS, LONGEST_LOCK_MS, FORGOTTEN_MS]
        return int(await self._store.run(script("try_sign_in"), [self._keys.refused(name)], limits))

    async def forget_refusals(self, name: str) -> None:
        await self._store.ask("DEL", self._keys.refused(name))

    async def count(self, what: str, seconds: int) -> int:
        """How many there were in the window that began with the first one, this one included."""
        return int(await self._store.run(script("count"), [self._keys.attempts(what)], [seconds]))
