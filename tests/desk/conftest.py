"""A desk on the real server, with a clock that moves by hand."""

from collections.abc import AsyncIterator

import pytest

from desk import Desk, Settings
from desk.check import differences
from tests.desk.cast import HandClock, Worker


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def settings(redis_url: str, namespace: str) -> Settings:
    return Settings(redis_url=redis_url, namespace=namespace)


@pytest.fixture
async def desk(settings: Settings, clock: HandClock) -> AsyncIterator[Desk]:
    """Whatever a test did with it, state, log and queues agree in the end."""
    async with await Desk.connect(settings, clock) as desk:
        yield desk
        assert await differences(desk) == []


@pytest.fixture
def worker(desk: Desk) -> Worker:
    return Worker(desk)
