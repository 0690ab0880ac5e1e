"""The shop that the worker's tests happen in."""

from collections.abc import AsyncIterator, Iterator

import pytest
import structlog

from desk import Desk
from desk import Settings as DeskSettings
from tests.worker.scripted_knowledge import ScriptedKnowledge
from tests.worker.scripted_rasa import ScriptedRasa
from tests.worker.shop import Clock, Shop


@pytest.fixture(autouse=True)
def plain_logs() -> Iterator[None]:
    """structlog's default draws tracebacks so slowly that leases run out meanwhile; the product never uses it."""
    before = structlog.get_config()
    structlog.configure(
        processors=[structlog.processors.format_exc_info, structlog.processors.KeyValueRenderer()],
        logger_factory=structlog.PrintLoggerFactory(),
        cache_logger_on_first_use=False,
    )
    yield
    structlog.configure(**before)


@pytest.fixture
async def shop(redis_url: str, namespace: str) -> AsyncIterator[Shop]:
    """Open, with Rasa and knowledge server up, nobody at the desk, and no worker yet."""
    clock = Clock()
    settings = DeskSettings(redis_url=redis_url, namespace=namespace)
    rasa, knowledge = ScriptedRasa(), ScriptedKnowledge()
    await rasa.start()
    await knowledge.start()
    try:
        async with await Desk.connect(settings, clock) as desk:
            yield Shop(desk, rasa, knowledge, clock, settings)
    finally:
        await rasa.stop()
        await knowledge.stop()
