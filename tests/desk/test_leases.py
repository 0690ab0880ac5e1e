"""A partition belongs to one worker at a time, and what it left unfinished goes to the next."""

import asyncio

import pytest

from desk import Desk, Reply, StoreUnavailable, Turn
from tests.desk.cast import BO, MEI, Worker, writes


async def expires(redis, desk, lease):
    """The lease runs out now rather than in two seconds."""
    await redis.delete(desk.keys.partition(lease.partition).lease)


async def test_one_worker_at_a_time_has_the_lease(desk):
    leases = await asyncio.gather(*(desk.lease(3, f"w{n}") for n in range(20)))
    assert sum(lease is not None for lease in leases) == 1


async def test_lease_ends_by_itself(desk, redis):
    lease = await desk.lease(3, "w1", ttl_ms=1500)
    assert 0 < await redis.pttl(desk.keys.partition(3).lease) <= 1500
    assert await desk.renew(lease, 60_000)
    assert await redis.pttl(desk.keys.partition(3).lease) > 1500


async def test_token_rises_with_every_lease(desk, redis):
    tokens = []
    for name in ("w1", "w2", "w1"):
        lease = await desk.lease(3, name)
        tokens.append(lease.token)
        await expires(redis, desk, lease)
    assert tokens == sorted(set(tokens))


async def test_lost_lease_cannot_be_renewed_nor_given_back(desk, redis):
    old = await desk.lease(3, "w1")
    await expires(redis, desk, old)
    new = await desk.lease(3, "w1", ttl_ms=60_000)
    assert not await desk.renew(old)
    await desk.give_back(old)
    assert await desk.renew(new)


async def test_lease_given_back_is_free_at_once(desk):
    lease = await desk.lease(3, "w1", ttl_ms=60_000)
    await desk.give_back(lease)
    assert await desk.lease(3, "w2") is not None


async def test_each_entry_is_handed_out_once_and_in_order(desk, worker):
    for number in range(40):
        await writes(desk, str(number), f"m{number}")
    lease = await worker.takes(MEI.partition)
    handed = []
    while entries := await desk.inbox([lease], 0):
        handed += entries
    assert [entry.seq for entry in handed] == list(range(2, 42))
    assert [entry.message_id for entry in handed] == [f"m{n}" for n in range(40)]


async def test_next_holder_gets_the_unfinished_ones_first(desk, worker, redis, settings, clock):
    for number in range(20):
        await writes(desk, str(number), f"m{number}")
    lease = await worker.takes(MEI.partition)
    in_hand = await desk.inbox([lease], 0)
    await worker.answers(lease, in_hand[0])
    await worker.answers(lease, in_hand[1])
    await expires(redis, desk, lease)  # the worker died
    async with await Desk.connect(settings, clock) as other:
        second = await Worker(other, "w2").takes(MEI.partition)
        handed = []
        while entries := await other.inbox([second], 0):
            handed += entries
    assert [entry.message_id for entry in handed] == [f"m{n}" for n in range(2, 20)]


async def test_same_process_may_take_the_lease_again_and_sees_them_too(desk, worker, redis):
    await writes(desk, "在吗")
    lease = await worker.takes(MEI.partition)
    entry = await worker.next_entry(lease)
    await expires(redis, desk, lease)
    again = await worker.takes(MEI.partition)
    assert await worker.next_entry(again) == entry


async def test_one_read_serves_several_partitions_and_new_messages_follow_the_backlog(desk, worker, redis):
    await writes(desk, "旧的")
    left = await worker.takes(MEI.partition)
    await worker.next_entry(left)
    await expires(redis, desk, left)
    await writes(desk, "新的", "m2")
    await writes(desk, "别人", address=BO)
    leases = [await worker.takes(MEI.partition), await worker.takes(BO.partition)]
    handed = []
    while entries := await desk.inbox(leases, 0):
        handed += entries
    mine = [e.message_id for e in handed if e.conversation.startswith(f"c{MEI.partition}-")]
    assert mine == ["m1", "m2"]
    assert len(handed) == 3


async def test_waiting_read_ends_when_a_message_comes(desk, worker):
    lease = await worker.takes(MEI.partition)
    assert await desk.inbox([lease], 0) == []
    read = asyncio.create_task(desk.inbox([lease], 2000))
    await asyncio.sleep(0)
    receipt = await writes(desk, "在吗")
    entries = await asyncio.wait_for(read, 1.5)
    assert [(e.conversation, e.seq) for e in entries] == [(receipt.conversation, receipt.seq)]


async def test_entry_whose_answer_was_lost_on_its_way_is_handed_out_again_and_none_twice(desk, worker, monkeypatch):
    await writes(desk, "在手里", "m1")
    lease = await worker.takes(MEI.partition)
    await worker.next_entry(lease)
    await writes(desk, "答复丢了", "m2")
    with monkeypatch.context() as broken:
        link = desk.store.link
        broken.setattr(link, "together", loses_the_answers(link.together))
        broken.setattr(link, "each", loses_the_answers(link.each))
        with pytest.raises(StoreUnavailable):
            await desk.inbox([lease], 0)
    assert (await worker.next_entry(lease)).message_id == "m2"
    assert await desk.inbox([lease], 0) == []


def loses_the_answers(ask):
    async def asked_in_vain(commands, *more, **options):
        await ask(commands, *more, **options)
        return [ConnectionError("the connection broke") for _ in commands]

    return asked_in_vain


async def test_what_the_last_holder_still_reads_is_not_lost_to_the_next_nor_out_of_order(desk, worker, settings, clock):
    old = await worker.takes(MEI.partition)
    still_waiting = asyncio.create_task(desk.inbox([old], 2000))
    await asyncio.sleep(0.1)
    await desk.give_back(old)
    async with await Desk.connect(settings, clock) as other:
        new = await Worker(other, "w2").takes(MEI.partition)
        assert await other.inbox([new], 0) == []
        await writes(desk, "一", "m1")
        assert len(await still_waiting) == 1
        await writes(desk, "二", "m2")
        handed = await other.inbox([new], 0)
    assert [entry.message_id for entry in handed] == ["m1", "m2"]


async def test_reading_without_a_lease_gives_nothing(desk):
    assert await desk.inbox([], 0) == []


async def test_two_workers_who_both_think_they_hold_it_answer_once(desk, worker, redis):
    receipt = await writes(desk, "在吗")
    old = await worker.takes(MEI.partition)
    entry = await worker.next_entry(old)
    await expires(redis, desk, old)
    new = await Worker(desk, "w2").takes(MEI.partition)
    (same,) = await desk.inbox([new], 0)
    results = await asyncio.gather(
        desk.commit_turn(old, entry, Turn(1, [Reply("旧")])),
        desk.commit_turn(new, same, Turn(1, [Reply("新")])),
        return_exceptions=True,
    )
    assert type(results[0]).__name__ == "LeaseLost"
    assert [e.text for e in await desk.events(receipt.conversation, after=2)] == ["新"]
