"""Agents are the people who answer: their accounts, rights and sessions."""

import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from argon2 import PasswordHasher

from desk.errors import (
    AccountChanged,
    AgentNotFound,
    LastAdmin,
    NameTaken,
    PasswordWrong,
    TooLong,
    TooManyAttempts,
)
from desk.passwords import Passwords
from desk.rights import Right, Rights, Role, rights_in
from desk.skills import ALL_SKILLS, Skills, skills_from
from desk.store.accounts import AccountStore
from desk.times import Clock, from_text, to_ms, to_text

__all__ = ["FIRST_ACCOUNT", "Agent", "Agents", "Role"]

FIRST_ACCOUNT = "admin"
LONGEST_NAME = 64
CAPACITY = 5
_FIRST_NUMBER = 101

Account = dict[str, Any]


@dataclass(frozen=True)
class Agent:
    """`name` is what an agent signs in with and what events carry; customers see `display_name`, or `number`.

    `display_name` is empty when none was chosen. `capacity` is how many conversations they are given at a time.
    """

    name: str
    display_name: str = ""
    roles: Sequence[Role] = ("agent",)
    number: int = 0
    skills: Skills = ALL_SKILLS
    capacity: int = CAPACITY
    rights: frozenset[str] = frozenset()
    blocked: bool = False
    version: int = field(default=1, compare=False)
    created_at: datetime | None = field(default=None, compare=False)

    @property
    def is_admin(self) -> bool:
        return "admin" in self.roles

    @property
    def shown_as(self) -> str:
        """What customers see after the word for an agent; never the name that somebody signs in with."""
        return self.display_name or (str(self.number) if self.number else "")

    def may(self, right: Right) -> bool:
        return right in self.rights


class Agents:
    """The accounts of one desk: `desk.agents`."""

    def __init__(
        self, store: AccountStore, clock: Clock, hasher: PasswordHasher | None = None, rights: Rights | None = None
    ) -> None:
        self._store = store
        self._clock = clock
        self._passwords = Passwords(hasher)
        self._rights = rights or rights_in()

    async def sign_up(
        self,
        name: str,
        password: str,
        display_name: str = "",
        roles: Sequence[Role] = ("agent",),
        skills: Skills = ALL_SKILLS,
        capacity: int = CAPACITY,
    ) -> Agent:
        """Make an account. Raises NameTaken, WeakPassword (less than 10 characters), TooLong."""
        if not 0 < len(name) <= LONGEST_NAME or len(display_name) > LONGEST_NAME:
            raise TooLong(f"a name has 1 to {LONGEST_NAME} characters")
        account: Account = {
            "password": await self._passwords.hashed(password),
            "display_name": display_name,
            "roles": list(roles),
            "skills": skills.as_dict(),
            "capacity": capacity,
            "created_at": to_text(self._clock()),
            "version": 1,
        }
        if await self._store.get(name):
            raise NameTaken(name)
        account["number"] = _FIRST_NUMBER - 1 + await self._store.next_number()
        if not await self._store.add(name, json.dumps(account)):
            raise NameTaken(name)
        return self._agent(name, account)

    async def verify(self, name: str, password: str) -> Agent | None:
        """The agent, or None for a wrong name or password, or a blocked account: all take the same time.

        Raises TooManyAttempts while the name is locked, also when nobody has it: from the fifth failure on
        for 30 s, doubling up to 15 min.
        """
        name = name[: LONGEST_NAME + 1]
        # Counted before the check: guesses sent at once are counted like guesses sent in a row.
        locked_ms = await self._store.try_sign_in(name, self._clock())
        if locked_ms:
            raise TooManyAttempts(self._clock() + timedelta(milliseconds=locked_ms))
        account = _loaded(await self._store.get(name))
        if not await self._passwords.match(account["password"] if account else None, password) or account is None:
            return None
        if account.get("blocked"):
            return None
        await self._store.forget_refusals(name)
        return self._agent(name, account)

    async def set_password(self, name: str, password: str) -> None:
        """Ends every session of the account. Raises AgentNotFound, WeakPassword, TooLong."""
        await self.change(name, password=password)

    async def change_password(self, name: str, old: str, new: str) -> None:
        """By the agent; ends every session. Raises PasswordWrong, TooManyAttempts, and as `set_password`."""
        if await self.verify(name, old) is None:
            raise PasswordWrong(name)
        await self.set_password(name, new)

    async def change(
        self,
        name: str,
        version: int | None = None,
        *,
        display_name: str | None = None,
        roles: Sequence[Role] | None = None,
        skills: Skills | None = None,
        capacity: int | None = None,
        blocked: bool | None = None,
        password: str | None = None,
    ) -> Agent:
        """What is not None. `version` None: whatever it is now. Blocking, or another password, ends the sessions.

        Raises AgentNotFound, AccountChanged (another version), LastAdmin, WeakPassword, TooLong.
        """
        if display_name is not None and len(display_name) > LONGEST_NAME:
            raise TooLong(f"a name has at most {LONGEST_NAME} characters")
        given = {
            "display_name": display_name,
            "roles": None if roles is None else list(roles),
            "skills": skills and skills.as_dict(),
            "capacity": capacity,
            "blocked": blocked,
            "password": None if password is None else await self._passwords.hashed(password),
            "sessions_from": self._now_ms() if blocked or password is not None else None,
        }
        changed = {key: value for key, value in given.items() if value is not None}
        agent = await self._rewrite(name, lambda account: account | changed, version)
        if password is not None:
            await self._store.forget_refusals(name)
        return agent

    async def ensure_first(self) -> str | None:
        """Make the account `admin`, who may do everything, when there is none at all; its password, this once."""
        if await self._store.exist():
            return None
        password = secrets.token_urlsafe(12)
        try:
            await self.sign_up(FIRST_ACCOUNT, password, roles=("agent", "admin"))
        except NameTaken:  # another process was first
            return None
        return password

    async def agent(self, name: str) -> Agent | None:
        account = _loaded(await self._store.get(name))
        return self._agent(name, account) if account else None

    async def all(self) -> list[Agent]:
        """Every account, by number."""
        found = [self._agent(name, json.loads(stored)) for name, stored in (await self._store.all()).items()]
        return sorted(found, key=lambda agent: (agent.number, agent.name))

    async def open_session(self, agent: Agent | str) -> str:
        """A token good for 12 hours; only its digest is stored."""
        token = secrets.token_urlsafe(32)
        name = agent if isinstance(agent, str) else agent.name
        await self._store.open_session(token, f"{self._now_ms()} {name}")
        return token

    async def session(self, token: str) -> Agent | None:
        """The agent as the account is now: a change of roles counts at once."""
        opened, _, name = (await self._store.session(token) or "").partition(" ")
        account = _loaded(await self._store.get(name)) if name else None
        if account is None or account.get("blocked") or int(opened) < account.get("sessions_from", 0):
            return None
        return self._agent(name, account)

    async def end_session(self, token: str) -> None:
        await self._store.end_session(token)

    async def _rewrite(self, name: str, how: Callable[[Account], Account], version: int | None = None) -> Agent:
        """Repeats when somebody else changes the account at the same time."""
        while stored := await self._store.get(name):
            before: Account = json.loads(stored)
            now = before.get("version", 1)
            if version not in (None, now):
                raise AccountChanged(f"{name} is at version {now}")
            after = how(before) | {"version": now + 1}
            done = await self._store.replace(
                name, stored, json.dumps(after), self._rights.roles_with["accounts.manage"]
            )
            if done == "last":
                raise LastAdmin(f"without {name} nobody could manage accounts")
            if done == "done":
                return self._agent(name, after)
        raise AgentNotFound(name)

    def _agent(self, name: str, account: Mapping[str, Any]) -> Agent:
        display_name = account["display_name"]
        return Agent(
            name=name,
            # Accounts of the first versions had the sign-in name for want of another: customers never see it.
            display_name=display_name if display_name != name else "",
            roles=tuple(account["roles"]),
            number=account.get("number", 0),
            skills=skills_from(account.get("skills")),
            capacity=account.get("capacity", CAPACITY),
            rights=frozenset() if account.get("blocked") else self._rights.of(account["roles"]),
            blocked=bool(account.get("blocked")),
            version=account.get("version", 1),
            created_at=from_text(account["created_at"]) if account.get("created_at") else None,
        )

    def _now_ms(self) -> int:
        return to_ms(self._clock())


def _loaded(stored: str | None) -> Account | None:
    return json.loads(stored) if stored else None
