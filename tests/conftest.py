"""What every test may ask for: a real server, and a namespace of its own on it."""

import secrets
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from tests.redis_server import redis_server


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """One private server for the whole run."""
    with redis_server() as url:
        yield url


@pytest.fixture
def namespace() -> str:
    """The first part of this test's keys: nothing is ever flushed."""
    return f"t{secrets.token_hex(8)}"


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Any]:
    """A plain client, for looking at what was written."""
    from redis.asyncio import Redis

    client = Redis.from_url(redis_url, decode_responses=True)
    try:
        yield client
    finally:
        await client.aclose()
