"""One Redis or Valkey server."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import ConstantBackoff
from redis.exceptions import ConnectionError, RedisError  # noqa: A004 - Redis' own, not the built-in

from desk.store.link import CONNECT_SECONDS, MAX_CONNECTIONS, Command, answers

READ_SECONDS = 5.0
POOL_SECONDS = 2.0


class OneServer:
    """A lost connection is tried once more (every script may be repeated), a timeout never."""

    clustered = False

    def __init__(self, url: str) -> None:
        # Who finds all connections in use waits for one: a floor of agents' pages asks at the same moment.
        pool = BlockingConnectionPool.from_url(
            url.replace("valkey", "redis", 1) if url.startswith("valkey") else url,
            timeout=POOL_SECONDS,
            retry=Retry(ConstantBackoff(0.05), 1, (ConnectionError,)),
            socket_connect_timeout=CONNECT_SECONDS,
            socket_timeout=READ_SECONDS,
            decode_responses=True,
            max_connections=MAX_CONNECTIONS,
        )
        self._redis = Redis.from_pool(pool)

    async def together(self, commands: Sequence[Command], *, raw: bool = False) -> list[Any]:
        return await answers(self._redis, commands, raw=raw)

    async def each(self, commands: Sequence[Command], seconds: float | None = None) -> list[Any]:
        try:
            async with asyncio.timeout(seconds):
                return await answers(self._redis, commands)
        except (RedisError, OSError) as error:
            return [error] * len(commands)

    async def ping(self) -> None:
        await self._redis.ping()

    async def scan(self, pattern: str, count: int) -> AsyncIterator[str]:
        async for key in self._redis.scan_iter(match=pattern, count=count):
            yield key

    async def infos(self) -> list[dict[str, Any]]:
        return [await self._redis.info()]

    async def homes(self, channels: Sequence[str], afresh: bool = False) -> Mapping[Redis, frozenset[str]]:  # noqa: ARG002
        return {self._redis: frozenset(channels)}

    async def aclose(self) -> None:
        await self._redis.aclose()
