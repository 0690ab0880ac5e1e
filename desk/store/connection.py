"""The connection to Redis or a Redis Cluster: its time limits, its retries, and where its errors end."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from redis.asyncio import Redis, RedisCluster
from redis.asyncio.client import PubSub
from redis.asyncio.cluster import PipelineCommand
from redis.asyncio.retry import Retry
from redis.backoff import ConstantBackoff
from redis.client import NEVER_DECODE
from redis.exceptions import (
    AskError,
    BusyLoadingError,
    ClusterError,
    ConnectionError,  # noqa: A004 - Redis' own, not the built-in
    NoScriptError,
    OutOfMemoryError,
    ReadOnlyError,
    RedisClusterException,
    ResponseError,
    TimeoutError,  # noqa: A004 - as above
    TryAgainError,
)

from desk.errors import NotAcknowledged, StoreUnavailable
from desk.store.scripts import Script

CONNECT_SECONDS = 1.0
READ_SECONDS = 5.0
ACKNOWLEDGE_MS = 300
MAX_CONNECTIONS = 200
CLUSTER_TRIES = 3

_OUT_OF_REACH = (
    ConnectionError,
    TimeoutError,
    ClusterError,
    RedisClusterException,
    BusyLoadingError,
    ReadOnlyError,
    TryAgainError,
    AskError,
    OSError,
    asyncio.TimeoutError,
)
# What a server says that has no memory, disk or replicas left, or does not know us.
_REFUSES_WORK = ("OOM", "MISCONF", "NOREPLICAS", "MASTERDOWN", "LOADING", "NOAUTH", "NOPERM", "WRONGPASS", "UNKILLABLE")

Command = Sequence[str | int | float | bytes]


def connect(url: str) -> "Redis | RedisCluster":
    """A client for `url`; nothing is sent yet. `redis+cluster://` and `rediss+cluster://` mean a cluster.

    A lost connection is tried once more (every script may be repeated), a timeout never.
    """
    limits: dict[str, Any] = {
        "socket_connect_timeout": CONNECT_SECONDS,
        "socket_timeout": READ_SECONDS,
        "decode_responses": True,
        "max_connections": MAX_CONNECTIONS,
    }
    if "+cluster://" in url:
        # The count also covers looking the slots up again after a node was lost.
        retry = Retry(ConstantBackoff(0.1), CLUSTER_TRIES, (ConnectionError,))
        return RedisCluster.from_url(url.replace("+cluster", "", 1), retry=retry, **limits)
    retry = Retry(ConstantBackoff(0.05), 1, (ConnectionError,))
    return Redis.from_url(url.replace("valkey", "redis", 1) if url.startswith("valkey") else url, retry=retry, **limits)


@contextmanager
def reaching_redis() -> Iterator[None]:
    """The one place where Redis out of reach becomes StoreUnavailable."""
    try:
        yield
    except _OUT_OF_REACH as error:
        raise StoreUnavailable(f"Redis does not answer: {type(error).__name__}") from error
    except ResponseError as error:
        if str(error).startswith(_REFUSES_WORK) or isinstance(error, OutOfMemoryError):
            raise StoreUnavailable(f"Redis refuses: {error}") from error
        raise


class Store:
    """Runs scripts and commands; knows nothing of conversations."""

    def __init__(self, redis: "Redis | RedisCluster", replica_acks: int | None = None) -> None:
        self.redis = redis
        self.clustered = isinstance(redis, RedisCluster)
        self._acks = int(self.clustered) if replica_acks is None else replica_acks

    async def run(self, script: Script, keys: Sequence[str], args: Command = (), *, confirmed: bool = False) -> Any:
        """What the script returns. `confirmed`: only after REPLICA_ACKS replicas have it, else NotAcknowledged."""
        with reaching_redis():
            if confirmed and self._acks:
                return await self._run_and_wait(script, keys, args)
            try:
                return await self.redis.execute_command("EVALSHA", script.sha, len(keys), *keys, *args)
            except NoScriptError:
                return await self.redis.execute_command("EVAL", script.text, len(keys), *keys, *args)

    async def ask(self, *command: str | float | bytes, raw: bool = False) -> Any:
        """The answer to one command; `raw` leaves bytes as they are."""
        options = {NEVER_DECODE: True} if raw else {}
        with reaching_redis():
            return await self.redis.execute_command(*command, **options)

    async def ask_all(self, commands: Sequence[Command]) -> list[Any]:
        """The answers to many commands, sent together (on a cluster, together for each node)."""
        if not commands:
            return []
        with reaching_redis():
            async with self.redis.pipeline(transaction=False) as pipeline:
                for command in commands:
                    pipeline.execute_command(*command)
                return list(await pipeline.execute())

    async def scan(self, pattern: str, count: int) -> AsyncIterator[str]:
        """Every key that matches; for checks, never for work."""
        with reaching_redis():
            async for key in self.redis.scan_iter(match=pattern, count=count):
                yield key

    def pubsub(self) -> PubSub:
        return self.redis.pubsub()

    async def aclose(self) -> None:
        await self.redis.aclose()

    async def _run_and_wait(self, script: Script, keys: Sequence[str], args: Command) -> Any:
        """WAIT counts what its own connection wrote, so both go down one connection."""
        by_sha: Command = ("EVALSHA", script.sha, len(keys), *keys, *args)
        answer, acks = await self._on_one_connection(by_sha, keys[0])
        if isinstance(answer, NoScriptError):
            answer, acks = await self._on_one_connection(("EVAL", script.text, len(keys), *keys, *args), keys[0])
        for result in (answer, acks):
            if isinstance(result, Exception):
                raise result
        if int(acks) < self._acks:
            raise NotAcknowledged(f"{acks} of {self._acks} replicas confirmed within {ACKNOWLEDGE_MS} ms")
        return answer

    async def _on_one_connection(self, command: Command, key: str) -> tuple[Any, Any]:
        wait: Command = ("WAIT", self._acks, ACKNOWLEDGE_MS)
        if isinstance(self.redis, RedisCluster):
            return await self._on_node_of(key, command, wait)
        async with self.redis.pipeline(transaction=False) as pipeline:
            pipeline.execute_command(*command)
            pipeline.execute_command(*wait)
            answer, acks = await pipeline.execute(raise_on_error=False)
            return answer, acks

    async def _on_node_of(self, key: str, command: Command, wait: Command) -> tuple[Any, Any]:
        """A cluster pipeline would send WAIT anywhere: ask the owning node, again if it moved."""
        assert isinstance(self.redis, RedisCluster)  # noqa: S101 - for the type checker
        await self.redis.initialize()
        sent: list[PipelineCommand] = []
        for _ in range(CLUSTER_TRIES):
            node = self.redis.get_node_from_key(key)
            if node is None:
                raise ConnectionError(f"no node serves {key}")
            sent = [PipelineCommand(0, *command), PipelineCommand(1, *wait)]
            await node.execute_pipeline(sent)
            if not isinstance(sent[0].result, (AskError, ConnectionError)):
                break
            await self.redis.nodes_manager.initialize()
        return sent[0].result, sent[1].result
