"""Many messages at once: each has the knowledge server's whole time to itself, once it is its turn."""

import asyncio
import time

from gateway.worker.knowledge import Knowledge


class OneAfterTheOther:
    """Answers like a server that encodes one text at a time, and remembers how many ever waited for it."""

    def __init__(self) -> None:
        self._busy = asyncio.Lock()
        self._here = self.most = 0
        self.open = asyncio.Event()

    async def understand(self, text, **_):
        self._here += 1
        self.most = max(self.most, self._here)
        async with self._busy:
            await self.open.wait()
        self._here -= 1
        return text


async def test_a_crowd_waits_before_its_time_begins():
    server = OneAfterTheOther()
    knowledge = Knowledge(server, 0.3, time.monotonic)
    texts = [f"问题{number}" for number in range(40)]
    asking = asyncio.gather(*(knowledge.understand(text, "zh-Hans") for text in texts))
    server.open.set()
    assert await asking == texts
    assert server.most <= 8


async def test_nobody_stands_in_line_for_long(monkeypatch):
    monkeypatch.setattr("gateway.worker.knowledge._LONGEST_IN_LINE", 0.05)
    server = OneAfterTheOther()
    knowledge = Knowledge(server, 5.0, time.monotonic)
    first = [asyncio.create_task(knowledge.understand(f"问题{number}", "zh-Hans")) for number in range(8)]
    await asyncio.sleep(0)
    assert await knowledge.understand("还有一个", "zh-Hans") is None
    server.open.set()
    assert None not in await asyncio.gather(*first)
