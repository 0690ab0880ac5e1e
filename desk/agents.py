"""Agents are the people who answer: their accounts, passwords and sessions."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from desk.desk import Desk

Role = Literal["agent", "admin"]


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
    """The accounts of one desk: `Agents(desk)`, or `desk.agents`."""

    def __init__(self, desk: "Desk") -> None:
        raise NotImplementedError

    async def sign_up(
        self, name: str, password: str, display_name: str = "", roles: Sequence[Role] = ("agent",)
    ) -> Agent:
        """Make an account. Raises NameTaken, WeakPassword (less than 10 characters), TooLong."""
        raise NotImplementedError

    async def verify(self, name: str, password: str) -> Agent | None:
        """The agent, or None for a wrong name or password: both take the same time.

        Raises TooManyAttempts after 5 failures in 5 minutes, also for a name that does not exist.
        """
        raise NotImplementedError

    async def ensure_first(self) -> str | None:
        """Make the account `admin` when there is none at all; its password, this once."""
        raise NotImplementedError

    async def agent(self, name: str) -> Agent | None:
        raise NotImplementedError

    async def open_session(self, agent: Agent | str) -> str:
        """A token good for 12 hours; only its digest is stored."""
        raise NotImplementedError

    async def session(self, token: str) -> Agent | None:
        raise NotImplementedError

    async def end_session(self, token: str) -> None:
        raise NotImplementedError
