"""Many askers share a reading, and nobody gets one that began before they asked."""

import asyncio

import pytest

from desk.shared_read import SharedRead


class Counter:
    """A reading that takes until `gate` opens, and tells which it was."""

    def __init__(self) -> None:
        self.begun = 0
        self.gate = asyncio.Event()

    async def __call__(self) -> int:
        self.begun += 1
        mine = self.begun
        await self.gate.wait()
        return mine


async def test_those_who_ask_together_share_one() -> None:
    read = Counter()
    read.gate.set()
    shared = SharedRead(read)
    assert await asyncio.gather(*(shared() for _ in range(50))) == [1] * 50
    assert read.begun == 1


async def test_who_asks_while_one_runs_gets_the_next() -> None:
    read = Counter()
    shared = SharedRead(read)
    first = asyncio.create_task(shared())
    while not read.begun:
        await asyncio.sleep(0)
    later = [asyncio.create_task(shared()) for _ in range(20)]
    await asyncio.sleep(0.01)
    assert read.begun == 1
    read.gate.set()
    assert await first == 1
    assert await asyncio.gather(*later) == [2] * 20


async def test_one_after_the_other_each_reads_anew() -> None:
    read = Counter()
    read.gate.set()
    shared = SharedRead(read)
    assert [await shared() for _ in range(3)] == [1, 2, 3]


async def test_whoever_leaves_spoils_nothing() -> None:
    read = Counter()
    shared = SharedRead(read)
    leaving, staying = asyncio.create_task(shared()), asyncio.create_task(shared())
    while not read.begun:
        await asyncio.sleep(0)
    leaving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await leaving
    read.gate.set()
    assert await staying == 1


async def test_a_failure_is_everybodys_and_over_with_the_next() -> None:
    failing = True

    async def read() -> str:
        if failing:
            raise ConnectionError("away")
        return "here"

    shared = SharedRead(read)
    results = await asyncio.gather(*(shared() for _ in range(3)), return_exceptions=True)
    assert [type(result) for result in results] == [ConnectionError] * 3
    failing = False
    assert await shared() == "here"
