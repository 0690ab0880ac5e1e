"""A task that is told to end ends, wherever in its talk with Redis it is."""

import asyncio

from desk import Desk, Settings

_TASKS, _STEPS = 4, 60


async def test_a_task_that_is_cancelled_while_it_talks_to_redis_ends(redis_url: str, namespace: str) -> None:
    async def ask_for_ever(desk: Desk) -> None:
        while True:
            await desk.waiting()

    for step in range(_STEPS):
        async with await Desk.connect(Settings(redis_url=redis_url, namespace=namespace)) as desk:
            asking = [asyncio.create_task(ask_for_ever(desk)) for _ in range(_TASKS)]
            for _ in range(step * 3):  # somewhere between the first connection and the last answer
                await asyncio.sleep(0)
            for task in asking:
                task.cancel()
            _, going_on = await asyncio.wait(asking, timeout=5)
            assert not going_on
