"""Ratings: kept with their conversation, told in its log, and read together for statistics."""

from datetime import timedelta

import pytest

from desk import DeskError, Rating
from tests.desk.cast import BO, MEI, writes


@pytest.fixture
def rates(desk, worker):
    """A customer writes, and the bot takes a rating from it."""
    numbers = iter(range(100))

    async def rate(score, address=MEI, **more):
        receipt = await writes(desk, f"{score} 分", f"m{next(numbers)}", address)
        lease = await worker.takes(address.partition)
        command = {"command": "rating.give", "score": score, **more}
        entry = await worker.next_entry(lease)
        try:
            await worker.answers(lease, entry, "谢谢您的评价", commands=[command])
        except DeskError:
            await desk.finish(lease, entry)
            raise
        finally:
            await desk.give_back(lease)
        return receipt.conversation

    return rate


async def test_rating_is_told_in_the_log_as_the_customers(desk, rates):
    conversation = await rates(2, comment=" 等太久了 ")
    rated = (await desk.events(conversation))[-1]
    assert (rated.type, rated.author.role) == ("rating", "customer")
    assert dict(rated.body) == {"score": 2, "comment": "等太久了"}


async def test_rating_without_a_word_has_no_comment(desk, rates):
    conversation = await rates(5, comment=None)
    assert dict((await desk.events(conversation))[-1].body) == {"score": 5}


async def test_ratings_of_a_time_are_read_latest_first(desk, rates, clock):
    start = clock.now
    mei = await rates(5)
    clock.advance(minutes=1)
    bo = await rates(1, BO, comment="慢")
    ratings = await desk.ratings(start)
    assert ratings == [Rating(bo, 1, "慢", clock.now), Rating(mei, 5, "", start)]
    assert await desk.ratings(start + timedelta(seconds=1)) == ratings[:1]
    assert await desk.ratings(start, limit=1) == ratings[:1]


async def test_last_rating_of_a_conversation_counts_and_the_log_keeps_both(desk, rates, clock):
    start = clock.now
    await rates(1)
    clock.advance(minutes=1)
    conversation = await rates(4)
    assert [(r.conversation, r.score, r.at) for r in await desk.ratings(start)] == [(conversation, 4, clock.now)]
    assert [e.body["score"] for e in await desk.events(conversation) if e.type == "rating"] == [1, 4]


async def test_ratings_older_than_retention_leave_the_list(desk, rates, clock):
    start = clock.now
    await rates(3)
    clock.advance(days=181)
    later = await rates(5)
    assert [rating.conversation for rating in await desk.ratings(start)] == [later]


@pytest.mark.parametrize("score", [0, 6, "5", None, True, 4.5])
async def test_score_that_is_none_refuses_the_whole_turn(desk, rates, clock, score):
    with pytest.raises(DeskError):
        await rates(score)
    assert await desk.ratings(clock.now) == []


async def test_comment_is_kept_short(desk, rates, clock):
    await rates(1, comment="慢" * 600)
    assert len((await desk.ratings(clock.now))[0].comment) == 500
