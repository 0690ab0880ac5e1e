"""When a process can do its work: it answers over HTTP, or a server over its socket."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx2

ASK_SECONDS = 2.0
PAUSE_SECONDS = 0.1

Ready = Callable[[], Awaitable[bool]]


def http(url: str) -> Ready:
    """Ready when `url` answers 200."""
    # One client for all questions (making it costs 20 ms), which keeps no connection that would need closing.
    client = httpx2.AsyncClient(timeout=ASK_SECONDS, trust_env=False, limits=httpx2.Limits(max_keepalive_connections=0))

    async def ask() -> bool:
        try:
            return (await client.get(url)).status_code == 200
        except (httpx2.HTTPError, OSError):
            return False

    return ask


def redis_socket(path: Path) -> Ready:
    """Ready when the server on this unix socket answers PING; while it still loads its data it does not."""

    async def ask() -> bool:
        try:
            async with asyncio.timeout(ASK_SECONDS):
                reader, writer = await asyncio.open_unix_connection(str(path))
                writer.write(b"PING\r\n")
                answer = await reader.readline()
                writer.close()
                await writer.wait_closed()
        except (OSError, TimeoutError):
            return False
        return answer.startswith(b"+PONG")

    return ask


async def until(ready: Ready) -> None:
    """Return when it is; the caller sets the limit."""
    while not await ready():
        await asyncio.sleep(PAUSE_SECONDS)
