"""Passwords: how they are hashed and compared, in the same time for a name that nobody has."""

import asyncio
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from desk.errors import TooLong, WeakPassword

SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 200
# Each comparison takes 64 MiB for a moment: guesses sent at once wait for each other.
_AT_ONCE = 4


class Passwords:
    """Argon2id, in threads: the event loop goes on meanwhile."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._turn = asyncio.Semaphore(_AT_ONCE)
        self._nobodys = ""

    async def hashed(self, password: str) -> str:
        """Raises WeakPassword, TooLong."""
        if len(password) < SHORTEST_PASSWORD:
            raise WeakPassword(f"a password has at least {SHORTEST_PASSWORD} characters")
        if len(password) > LONGEST_PASSWORD:
            raise TooLong(f"a password has at most {LONGEST_PASSWORD} characters")
        async with self._turn:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def match(self, stored: str | None, password: str) -> bool:
        """Whether it is the password behind `stored`; None, for nobody's account, costs the same and never is."""
        async with self._turn:
            self._nobodys = self._nobodys or await asyncio.to_thread(self._hasher.hash, secrets.token_urlsafe(16))
            right = await asyncio.to_thread(self._verify, stored or self._nobodys, password[: LONGEST_PASSWORD + 1])
        return right and stored is not None

    def _verify(self, stored: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored, password)
        except (VerificationError, InvalidHashError):
            return False
