"""The doors as their clients see them: several addresses, any of which may be gone, slow or refuse."""

import asyncio
import random
from collections.abc import Mapping
from typing import Any

import aiohttp

ASK_SECONDS = 6.0
PAUSE_SECONDS = 0.3


class NotReached(Exception):
    """Raised when a door did not answer, or said that it cannot now."""


class Refused(Exception):
    """Raised when a door answered that it will not do this."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(f"{status} {code}")
        self.status, self.code = status, code


class Entry:
    """Asks one door, or one after the other until one has answered."""

    def __init__(self, http: aiohttp.ClientSession, doors: Mapping[str, str], chance: random.Random) -> None:
        self.http, self.doors, self.chance = http, doors, chance

    def any_door(self, but: str | None = None) -> str:
        return self.chance.choice([name for name in self.doors if name != but])

    async def ask(self, door: str, method: str, path: str, seconds: float = ASK_SECONDS, **more: Any) -> Any:
        """The JSON of a good answer, {} for none. Raises NotReached, Refused."""
        timeout = aiohttp.ClientTimeout(total=seconds)
        try:
            async with self.http.request(method, self.doors[door] + path, timeout=timeout, **more) as answer:
                if answer.status in (429, 500, 502, 503, 504):
                    raise NotReached(f"{answer.status}")
                body = await answer.json(content_type=None) if answer.status != 204 else {}
                if answer.status >= 400:
                    raise Refused(answer.status, str(body.get("code", "")))
                return body
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            raise NotReached(type(error).__name__) from error

    async def insist(self, method: str, path: str, **more: Any) -> Any:
        """The same from whichever door answers first. Raises Refused; ends only with an answer."""
        door = self.any_door()
        while True:
            try:
                return await self.ask(door, method, path, **more)
            except NotReached:
                await asyncio.sleep(PAUSE_SECONDS)
                door = self.any_door(but=door)
