"""A cluster of real servers for the whole run; everything else is asked for as in the other rooms' tests."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from tests.cluster.servers import Servers, cluster_servers
from tests.desk.conftest import clock, desk, settings, worker

__all__ = ["clock", "desk", "settings", "worker"]


@pytest.fixture(scope="session")
def cluster() -> Iterator[Servers]:
    with cluster_servers() as servers:
        yield servers


@pytest.fixture(scope="session")
def redis_url(cluster: Servers) -> str:
    return cluster.url


@pytest.fixture
async def redis(cluster: Servers) -> AsyncIterator[Any]:
    """A plain client, for looking at what was written; not the one that the desk uses."""
    from redis.asyncio import RedisCluster

    client = RedisCluster(host="127.0.0.1", port=cluster.nodes[0].port, decode_responses=True)
    try:
        yield client
    finally:
        await client.aclose()
