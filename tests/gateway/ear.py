"""A socket.io client that remembers what it heard, and can wait for more."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from typing import Any

import aiohttp
import socketio


class Ear:
    """One connection of a customer's page."""

    def __init__(self, http: aiohttp.ClientSession) -> None:
        self.client = socketio.AsyncClient(reconnection=False, http_session=http)
        self.heard: list[tuple[str, Any]] = []
        self._more = asyncio.Event()
        for name in ("event", "bot_uttered", "session_confirm", "typing", "closed", "disconnect"):
            self.client.on(name, self._listener(name))

    def _listener(self, name: str) -> Callable[[Any], None]:
        def listen(data: Any = None) -> None:
            self.heard.append((name, data))
            self._more.set()

        return listen

    def all(self, name: str) -> list[Any]:
        return [data for heard, data in self.heard if heard == name]

    @property
    def texts(self) -> list[str]:
        """What was said by somebody else, in either language."""
        events = [data for data in self.all("event") if data["type"] == "message"]
        said = [data["text"] for data in events if data["author"]["role"] != "customer"]
        return said + [data["text"] for data in self.all("bot_uttered") if "text" in data]

    async def until(self, met: Callable[["Ear"], bool], seconds: float = 10) -> "Ear":
        async with asyncio.timeout(seconds):
            while not met(self):
                self._more.clear()
                await self._more.wait()
        return self

    async def call(self, name: str, data: Any = None) -> Any:
        return await self.client.call(name, data, timeout=5)

    async def emit(self, name: str, data: Any = None) -> None:
        await self.client.emit(name, data)


@contextlib.asynccontextmanager
async def ear(url: str, token: str | None = None, transports: list[str] | None = None) -> AsyncIterator[Ear]:
    """A connected ear."""
    async with aiohttp.ClientSession() as http:
        one = Ear(http)
        auth = {"token": token} if token else None
        await one.client.connect(url, auth=auth, transports=transports or ["websocket"])
        try:
            yield one
        finally:
            await one.client.disconnect()
