"""Agents' accounts, sessions and counters in Redis."""

from desk.store.connection import Store
from desk.store.keys import SESSION_SECONDS, Keys
from desk.store.scripts import script


class AccountStore:
    """Accounts are opaque JSON here; `desk.agents` knows what is in them."""

    def __init__(self, store: Store, keys: Keys) -> None:
        self._store = store
        self._keys = keys

    async def add(self, name: str, account: str) -> bool:
        """False when the name is taken."""
        return bool(await self._store.ask("HSETNX", self._keys.accounts, name, account))

    async def get(self, name: str) -> str | None:
        found: str | None = await self._store.ask("HGET", self._keys.accounts, name)
        return found

    async def replace(self, name: str, before: str, after: str) -> bool:
        """False when the account is no longer `before`."""
        return bool(await self._store.run(script("replace"), [self._keys.accounts], [name, before, after]))

    async def exist(self) -> bool:
        return bool(await self._store.ask("EXISTS", self._keys.accounts))

    async def open_session(self, token: str, value: str) -> None:
        await self._store.ask("SET", self._keys.session(token), value, "EX", SESSION_SECONDS)

    async def session(self, token: str) -> str | None:
        found: str | None = await self._store.ask("GET", self._keys.session(token))
        return found

    async def end_session(self, token: str) -> None:
        await self._store.ask("DEL", self._keys.session(token))

    async def count(self, what: str, seconds: int) -> int:
        """How many there were in the window that began with the first one, this one included."""
        return int(await self._store.run(script("count"), [self._keys.attempts(what)], [seconds]))

    async def counted(self, what: str) -> tuple[int, int]:
        """How many there were, and for how many ms the window lasts."""
        count, left = await self._store.ask_all(
            [("GET", self._keys.attempts(what)), ("PTTL", self._keys.attempts(what))]
        )
        return int(count or 0), max(int(left), 0)

    async def forget(self, what: str) -> None:
        await self._store.ask("DEL", self._keys.attempts(what))
