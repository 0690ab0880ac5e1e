"""Agents are the people who answer: their accounts, passwords and sessions."""

import asyncio
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from desk.errors import AgentNotFound, NameTaken, TooLong, TooManyAttempts, WeakPassword
from desk.store.accounts import AccountStore
from desk.times import Clock, to_ms, to_text

Role = Literal["agent", "editor", "admin"]

FIRST_ACCOUNT = "admin"
SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 200
LONGEST_NAME = 64
FAILURES = 5
FAILURE_SECONDS = 5 * 60


@dataclass(frozen=True)
class Agent:
    """`name` is what an agent signs in with and what events carry; customers see `display_name`."""

    name: str
    display_name: str
    roles: Sequence[Role] = ("agent",)

    @property
    def is_admin(self) -> bool:
        return "admin" in self.roles


class Agents:
    """The accounts of one desk: `desk.agents`."""

    def __init__(self, store: AccountStore, clock: Clock, hasher: PasswordHasher | None = None) -> None:
        self._store = store
        self._clock = clock
        self._hasher = hasher or PasswordHasher()
        # Verified against when the name is unknown, so that both answers take the same time.
        self._nobody: str | None = None

    async def sign_up(
        self, name: str, password: str, display_name: str = "", roles: Sequence[Role] = ("agent",)
    ) -> Agent:
        """Make an account. Raises NameTaken, WeakPassword (less than 10 characters), TooLong."""
        if not 0 < len(name) <= LONGEST_NAME or len(display_name) > LONGEST_NAME:
            raise TooLong(f"a name has 1 to {LONGEST_NAME} characters")
        agent = Agent(name, display_name or name, tuple(roles))
        account = {
            "password": await self._hash(password),
            "display_name": agent.display_name,
            "roles": list(agent.roles),
            "created_at": to_text(self._clock()),
        }
        if not await self._store.add(name, json.dumps(account)):
            raise NameTaken(name)
        return agent

    async def verify(self, name: str, password: str) -> Agent | None:
        """The agent, or None for a wrong name or password: both take the same time.

        Raises TooManyAttempts after 5 failures in 5 minutes, also for a name that does not exist.
        """
        name, password = name[: LONGEST_NAME + 1], password[: LONGEST_PASSWORD + 1]
        attempts = f"sign-in {name}"
        failures, left_ms = await self._store.counted(attempts)
        if failures >= FAILURES:
            raise TooManyAttempts(self._clock() + timedelta(milliseconds=left_ms))
        # Counted before the check: guesses sent at once are counted like guesses sent in a row.
        if await self._store.count(attempts, FAILURE_SECONDS) > FAILURES:
            raise TooManyAttempts(self._clock() + timedelta(seconds=FAILURE_SECONDS))
        stored = await self._store.get(name)
        account = json.loads(stored) if stored else None
        right = await asyncio.to_thread(self._matches, account["password"] if account else None, password)
        if account is None or not right:
            return None
        await self._store.forget(attempts)
        return Agent(name, account["display_name"], tuple(account["roles"]))

    async def set_password(self, name: str, password: str) -> None:
        """Ends every session of the account. Raises AgentNotFound, WeakPassword, TooLong."""
        hashed = await self._hash(password)
        while stored := await self._store.get(name):
            changed = {"password": hashed, "sessions_from": to_ms(self._clock())}
            if await self._store.replace(name, stored, json.dumps({**json.loads(stored), **changed})):
                await self._store.forget(f"sign-in {name}")
                return
        raise AgentNotFound(name)

    async def ensure_first(self) -> str | None:
        """Make the account `admin` when there is none at all; its password, this once."""
        if await self._store.exist():
            return None
        password = secrets.token_urlsafe(12)
        try:
            await self.sign_up(FIRST_ACCOUNT, password, roles=("agent", "admin"))
        except NameTaken:  # another process was first
            return None
        return password

    async def agent(self, name: str) -> Agent | None:
        stored = await self._store.get(name)
        if not stored:
            return None
        account = json.loads(stored)
        return Agent(name, account["display_name"], tuple(account["roles"]))

    async def open_session(self, agent: Agent | str) -> str:
        """A token good for 12 hours; only its digest is stored."""
        token = secrets.token_urlsafe(32)
        name = agent if isinstance(agent, str) else agent.name
        await self._store.open_session(token, f"{to_ms(self._clock())} {name}")
        return token

    async def session(self, token: str) -> Agent | None:
        opened, _, name = (await self._store.session(token) or "").partition(" ")
        stored = await self._store.get(name) if name else None
        account = json.loads(stored) if stored else None
        if account is None or int(opened) < account.get("sessions_from", 0):
            return None
        return Agent(name, account["display_name"], tuple(account["roles"]))

    async def end_session(self, token: str) -> None:
        await self._store.end_session(token)

    async def _hash(self, password: str) -> str:
        if len(password) < SHORTEST_PASSWORD:
            raise WeakPassword(f"a password has at least {SHORTEST_PASSWORD} characters")
        if len(password) > LONGEST_PASSWORD:
            raise TooLong(f"a password has at most {LONGEST_PASSWORD} characters")
        return await asyncio.to_thread(self._hasher.hash, password)

    def _matches(self, stored: str | None, password: str) -> bool:
        if stored is None:
            self._nobody = self._nobody or self._hasher.hash(secrets.token_urlsafe(16))
        try:
            self._hasher.verify(stored or self._nobody or "", password)
        except (VerificationError, InvalidHashError):
            return False
        return stored is not None
