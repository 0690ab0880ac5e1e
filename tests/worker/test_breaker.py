"""A server that keeps failing is left alone for a while, and tried again with one call."""

import asyncio
import contextlib

import pytest

from gateway.worker.breaker import Breaker, BreakerOpen


class Down(Exception):
    pass


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


async def down() -> str:
    raise Down


async def fine() -> str:
    return "fine"


async def odd() -> str:
    raise ValueError


async def opened(clock: Clock) -> Breaker:
    breaker = Breaker(clock, Down, failures=3, pause=2.0, longest=5.0)
    for _ in range(3):
        assert not breaker.is_open
        with pytest.raises(Down):
            await breaker.call(down)
    return breaker


async def test_three_failures_in_a_row_open_it_and_one_success_closes_it() -> None:
    clock = Clock()
    breaker = await opened(clock)
    with pytest.raises(BreakerOpen):
        await breaker.call(fine)
    clock.now = 2.0
    assert await breaker.call(fine) == "fine"
    assert not breaker.is_open


async def test_a_success_between_failures_keeps_it_closed() -> None:
    breaker = Breaker(Clock(), Down, failures=2)
    for work in (down, fine, down, odd, down):
        with contextlib.suppress(Down, ValueError):
            await breaker.call(work)
    assert not breaker.is_open


async def test_each_failed_try_doubles_the_pause_up_to_the_longest() -> None:
    clock = Clock()
    breaker = await opened(clock)
    for pause in (2.0, 4.0, 5.0, 5.0):
        clock.now += pause - 0.1
        with pytest.raises(BreakerOpen):
            await breaker.call(fine)
        clock.now += 0.1
        with pytest.raises(Down):
            await breaker.call(down)


async def test_only_one_call_tries_at_a_time_and_a_cancelled_one_makes_room() -> None:
    clock = Clock()
    breaker = await opened(clock)
    clock.now = 2.0
    trying = asyncio.create_task(breaker.call(asyncio.Event().wait))
    await asyncio.sleep(0)
    with pytest.raises(BreakerOpen):
        await breaker.call(fine)
    trying.cancel()
    await asyncio.gather(trying, return_exceptions=True)
    assert await breaker.call(fine) == "fine"
