"""A plain client for keys that share a slot: of one server, or of the one in a cluster that has them."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from redis.asyncio import Connection, ConnectionPool, Redis, SSLConnection
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff
from redis.exceptions import (
    AskError,
    ClusterDownError,
    ConnectionError,  # noqa: A004 - Redis' own, not the built-in
    ReadOnlyError,
    TryAgainError,
)

from desk.store.cluster import Cluster

ROUND_TRIP_SECONDS = 5.0
_NOT_HERE = (AskError, ClusterDownError, ReadOnlyError, TryAgainError)  # a MovedError is an AskError


def connect_to_slot(url: str, key: str) -> Any:  # a client typed as bytes or text; here it is always text
    """A client that decodes; nothing is sent yet. `key` is any of the keys that it will be asked for."""
    options: dict[str, Any] = {
        "decode_responses": True,
        "socket_connect_timeout": 1,
        "socket_timeout": ROUND_TRIP_SECONDS,
        "retry": Retry(ExponentialBackoff(base=0.05, cap=0.5), retries=2),
    }
    if "+cluster://" not in url:
        return Redis.from_url(url, **options)
    return Redis.from_pool(_Pool(Cluster(url), key, options))


class _Pool(ConnectionPool):
    """Connections to whoever has the key, and one to whoever knows who that is."""

    def __init__(self, cluster: Cluster, key: str, options: dict[str, Any]) -> None:
        self._cluster = cluster
        kind = _SecureAtHome if cluster.options.get("connection_class") is SSLConnection else _AtHome
        home = partial(cluster.address_of, key)
        # The cluster's own time limit: of a server that stands still another one takes the place.
        limit = cluster.options["socket_timeout"]
        own = {"connection_class": kind, "home": home, "socket_timeout": limit}
        super().__init__(**{**cluster.options, **options, **own})

    async def disconnect(self, inuse_connections: bool = True) -> None:
        await super().disconnect(inuse_connections)
        await self._cluster.aclose()


class _AtHome(Connection):
    """Connects to whoever has the key; what is elsewhere by now counts as a lost connection, which is tried again."""

    def __init__(self, *, home: Callable[[], Awaitable[tuple[str, int]]], **options: Any) -> None:
        super().__init__(**options)
        self._home = home

    async def _connect(self) -> None:
        self.host, self.port = await self._home()
        await super()._connect()  # type: ignore[no-untyped-call]

    async def read_response(self, *args: Any, **options: Any) -> Any:
        try:
            return await super().read_response(*args, **options)
        except _NOT_HERE as error:
            await self.disconnect()
            raise ConnectionError(f"the slot is not here: {type(error).__name__}") from error


class _SecureAtHome(_AtHome, SSLConnection):
    pass
