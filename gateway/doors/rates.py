"""Rate limits, counted in Redis so that all doors share them."""

import hashlib
from typing import Any, cast

import structlog
from limits import RateLimitItem
from limits.aio.storage import Storage
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from limits.errors import StorageError
from limits.storage import storage_from_string

from gateway.doors.settings import DoorSettings
from gateway.problems import DoorError

_log = structlog.get_logger()


class Rates:
    """Counts per name ("messages", "sessions", ...) and per whom."""

    def __init__(self, storage: Storage, settings: DoorSettings) -> None:
        self._storage = storage
        self._limiter = SlidingWindowCounterRateLimiter(storage)
        self._settings = settings

    async def take(self, name: str, whom: str) -> None:
        """Count one. Raises DoorError("rate_limited") above the limit.

        When nothing can be counted the request passes: whether it can be served is the desk's to say.
        """
        limit = self._settings.rate(name)
        try:
            allowed = await self._limiter.hit(limit, name, _short(whom))
        except StorageError as error:
            _log.warning("rates_not_counted", cause=type(error.storage_error).__name__)
            return
        if not allowed:
            raise DoorError("rate_limited", retry_after=_retry_after(limit))

    async def aclose(self) -> None:
        bridge: Any = getattr(self._storage, "bridge", None)
        if bridge is not None:
            await bridge.get_connection().aclose()


def connect_rates(redis_url: str, settings: DoorSettings) -> Rates:
    """Rates on their own connection and prefix; each command ends within a second."""
    storage = storage_from_string(
        _address(redis_url),
        wrap_exceptions=True,
        implementation="redispy",
        key_prefix=f"{settings.namespace}:rate",
        socket_timeout=1.0,
        socket_connect_timeout=1.0,
    )
    _try_once(storage)
    return Rates(cast("Storage", storage), settings)


def _try_once(storage: object) -> None:
    """The client's own habit is to try again for seconds, and customers would wait."""
    bridge: Any = getattr(storage, "bridge", None)
    client: Any = bridge.get_connection() if bridge is not None else None
    retry = client.get_retry() if hasattr(client, "get_retry") else None
    if retry is not None:
        retry.update_retries(0)


def _address(redis_url: str) -> str:
    """As `limits` writes it: async+redis://, async+redis+unix://, async+redis+cluster://."""
    scheme, _, rest = redis_url.partition("://")
    scheme = {"unix": "redis+unix"}.get(scheme, scheme.replace("valkey", "redis", 1))
    return f"async+{scheme}://{rest}"


def _short(whom: str) -> str:
    return hashlib.blake2b(whom.encode("utf-8", "replace"), digest_size=12).hexdigest()


def _retry_after(limit: RateLimitItem) -> int:
    return max(1, min(30, limit.get_expiry() // 2))
