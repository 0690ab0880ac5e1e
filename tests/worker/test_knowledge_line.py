"""Many messages at once: each has the knowledge server's whole time to itself, once it is its turn."""

import asyncio
import time

from gateway.worker.knowledge import Knowledge
from knowledge_base.client import KnowledgeUnavailable

_SECONDS = 0.3


class OneAfterTheOther:
    """Answers like a server that encodes one text at a time."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._busy = asyncio.Lock()

    async def understand(self, text, *, timeout, **_):  # noqa: ASYNC109 - the client's own signature
        try:
            async with asyncio.timeout(timeout), self._busy:
                await asyncio.sleep(self._seconds)
                return text
        except TimeoutError as error:
            raise KnowledgeUnavailable from error


async def test_a_crowd_does_not_make_the_knowledge_base_look_down():
    knowledge = Knowledge(OneAfterTheOther(0.02), _SECONDS, time.monotonic)
    texts = [f"问题{number}" for number in range(40)]
    assert await asyncio.gather(*(knowledge.understand(text, "zh-Hans") for text in texts)) == texts


async def test_nobody_stands_in_line_for_long(monkeypatch):
    monkeypatch.setattr("gateway.worker.knowledge._LONGEST_IN_LINE", 0.05)
    knowledge = Knowledge(OneAfterTheOther(0.2), 5.0, time.monotonic)
    found = await asyncio.gather(*(knowledge.understand(f"问题{number}", "zh-Hans") for number in range(9)))
    assert found.count(None) == 1
