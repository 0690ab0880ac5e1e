"""Every process hears of every commit."""

import asyncio

from desk import Desk, Settings
from tests.desk.cast import BO, LIN, MEI, writes
from tests.redis_server import redis_server


async def heard(follower, count):
    async with asyncio.timeout(5):
        return [await anext(follower) for _ in range(count)]


async def test_another_process_hears_of_each_commit(desk, settings, clock):
    async with await Desk.connect(settings, clock) as other:
        follower = other.follow()
        assert await heard(follower, 1) == [("", 0)]
        mei, bo = await writes(desk, "在吗"), await writes(desk, "在吗", address=BO)
        await desk.claim(mei.conversation, LIN)
        assert await heard(follower, 3) == [(mei.conversation, 2), (bo.conversation, 2), (mei.conversation, 3)]
        await follower.aclose()


async def test_follower_may_be_cancelled_at_any_moment(desk):
    async def follow() -> None:
        async for _ in desk.follow():
            pass

    for step in range(40):
        following = asyncio.create_task(follow())
        await asyncio.sleep(step * 0.0003)
        following.cancel()
        done, _ = await asyncio.wait([following], timeout=5)
        assert done


async def test_duplicates_and_refusals_are_not_news(desk):
    follower = desk.follow()
    await heard(follower, 1)
    first = await writes(desk, "在吗")
    await writes(desk, "在吗")
    second = await writes(desk, "能退款吗", "m2")
    assert await heard(follower, 2) == [(first.conversation, 2), (second.conversation, 3)]
    await follower.aclose()


async def test_follower_is_told_to_read_again_after_the_server_was_away(clock, tmp_path_factory):
    folder = tmp_path_factory.mktemp("z")
    with redis_server(folder=folder) as url:
        desk = await Desk.connect(Settings(redis_url=url), clock)
        follower = desk.follow()
        await heard(follower, 1)
    next_news = asyncio.ensure_future(anext(follower))
    with redis_server(folder=folder):
        async with asyncio.timeout(10):
            assert await next_news == ("", 0)
        receipt = await writes(desk, "在吗", address=MEI)
        assert await heard(follower, 1) == [(receipt.conversation, 2)]
        await follower.aclose()
        await desk.aclose()
