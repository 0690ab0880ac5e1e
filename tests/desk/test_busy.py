"""When too much waits for too long, no more is taken in; what was taken in, and agents, are not touched by that."""

from dataclasses import replace

import pytest

from desk import Busy, Desk
from tests.desk.cast import BO, LIN, MEI, Worker, writes


@pytest.fixture
async def small(settings, clock):
    """A desk that takes no more when over three messages wait in a partition, however short."""
    async with await Desk.connect(replace(settings, busy_messages=3, busy_seconds=0), clock) as desk:
        yield desk


async def fill(desk: Desk, count: int = 4) -> None:
    for number in range(count):
        await writes(desk, f"问{number}", f"m{number}")


async def test_one_too_many_is_refused_and_leaves_no_trace(small):
    await fill(small)
    before = await small.open_conversation(MEI)
    with pytest.raises(Busy):
        await writes(small, "还有", "late")
    assert await small.open_conversation(MEI) == before
    keys = small.keys.partition(MEI.partition)
    assert await small.store.ask("EXISTS", keys.seen(MEI.digest, "late")) == 0
    assert await small.store.ask("XLEN", keys.inbox) == 4


async def test_a_repetition_is_the_message_that_we_have(small):
    await fill(small)
    assert (await writes(small, "问3", "m3")).duplicate


async def test_other_partitions_go_on(small):
    await fill(small)
    assert not (await writes(small, "在吗", address=BO)).duplicate


async def test_the_same_message_is_taken_once_there_is_room(small):
    await fill(small)
    with pytest.raises(Busy):
        await writes(small, "还有", "late")
    worker = Worker(small)
    lease = await worker.takes(MEI.partition)
    for entry in await small.inbox([lease], 0):
        await worker.answers(lease, entry)
    assert not (await writes(small, "还有", "late")).duplicate


async def test_who_talks_to_a_person_is_always_heard_and_so_is_the_person(small):
    await fill(small)
    held = await small.claim((await small.open_conversation(MEI)).id, LIN)
    assert not (await writes(small, "还有", "late")).duplicate
    assert (await small.say(held.id, LIN, held.epoch, "a1", "您好")).text == "您好"


async def test_what_has_only_just_come_keeps_nobody_out(settings, clock):
    async with await Desk.connect(replace(settings, busy_messages=3, busy_seconds=60), clock) as desk:
        await fill(desk, 10)


async def test_the_limit_can_be_off(settings, clock):
    async with await Desk.connect(replace(settings, busy_messages=0, busy_seconds=0), clock) as desk:
        await fill(desk, 30)
