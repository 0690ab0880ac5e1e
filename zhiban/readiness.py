"""When a process can do its work, and whether it hangs: it answers over HTTP, or a server over its socket."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from urllib.parse import urlsplit

import httpx2

ASK_SECONDS = 2.0
# Longer than a busy server's queue: who answers late works, and does not hang.
ALIVE_SECONDS = 4.0
PAUSE_SECONDS = 0.1

Ready = Callable[[], Awaitable[bool]]
Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


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
    return _answering(lambda: asyncio.open_unix_connection(str(path)), b"PING\r\n", b"+PONG", ASK_SECONDS)


def redis_alive(path: Path) -> Ready:
    """Alive when the server says anything, also that it still loads its data."""
    return _answering(lambda: asyncio.open_unix_connection(str(path)), b"PING\r\n", b"", ALIVE_SECONDS)


def http_alive(url: str) -> Ready:
    """Alive when `url` answers anything: a 503 tells of a neighbour, and ending the one who says it helps nobody."""
    parts = urlsplit(url)
    asked = f"GET {parts.path or '/'} HTTP/1.1\r\nHost: {parts.netloc}\r\nConnection: close\r\n\r\n".encode()
    return _answering(lambda: asyncio.open_connection(parts.hostname, parts.port or 80), asked, b"HTTP/", ALIVE_SECONDS)


def _answering(connect: Callable[[], Awaitable[Connection]], said: bytes, begins: bytes, seconds: float) -> Ready:
    async def ask() -> bool:
        try:
            async with asyncio.timeout(seconds):
                reader, writer = await connect()
                try:
                    writer.write(said)
                    answer = await reader.readline()
                finally:
                    writer.close()
        except (OSError, ValueError, TimeoutError):
            return False
        return bool(answer) and answer.startswith(begins)

    return ask


async def until(ready: Ready) -> None:
    """Return when it is; the caller sets the limit."""
    while not await ready():
        await asyncio.sleep(PAUSE_SECONDS)
