"""Order within a conversation, side by side across conversations, and what happens when workers share, die or stall."""

import asyncio
import itertools

from desk import Event, Lease
from tests.worker.scripted_rasa import heard
from tests.worker.shop import Shop, texts


async def test_bursts_are_answered_in_order_and_one_at_a_time_by_two_workers(shop: Shop) -> None:
    users = [f"user{number}" for number in range(6)]

    async def a_little(body: dict[str, str]) -> None:
        await asyncio.sleep(len(body["text"]) % 3 * 0.005)

    shop.rasa.hold = a_little
    async with shop.worker("one", workers=2), shop.worker("two", workers=2):
        for number, user in itertools.product(range(8), users):
            await shop.say(f"{number}" + "!" * (number * 7 % 5), user)
        await shop.idle()
    for user in users:
        events = await shop.desk.events((await shop.conversation(user)).id)
        bot = [event for event in events if event.author.role == "bot"]
        customers = [event for event in events if event.author.role == "customer"]
        assert texts(bot) == [f"heard {turn + 1}: {event.text}" for turn, event in enumerate(customers)]
        assert [event.body["reply_to"] for event in bot] == [[event.message_id] for event in customers]
    assert len(shop.rasa.bodies) == 48
    assert shop.rasa.most_at_once_in_one == 1
    assert shop.rasa.most_at_once > 1


async def test_two_workers_share_the_partitions(shop: Shop) -> None:
    async with shop.worker("one", workers=2) as one, shop.worker("two", workers=2) as two:
        held = await until(lambda: (count(one), count(two)), lambda counts: sum(counts) == 64)
    assert held == (32, 32)


async def test_what_a_stopped_worker_left_is_taken_over_at_once(shop: Shop) -> None:
    async with shop.worker("one"):
        await shop.ask("你好")
    async with shop.worker("two"):
        assert texts(await shop.ask("在吗")) == ["heard 2: 在吗"]


async def test_a_lease_lost_in_the_middle_of_a_turn_leaves_no_trace(shop: Shop) -> None:
    stolen: list[Lease] = []

    async def lose_lease(body: dict[str, str]) -> None:
        shop.rasa.hold = None
        partition = int(body["conversation"][1:].partition("-")[0])
        await shop.desk.store.ask("DEL", shop.desk.keys.partition(partition).lease)
        lease = await shop.desk.lease(partition, "thief", ttl_ms=700)
        assert lease is not None
        stolen.append(lease)

    answers = iter(["first", "second"])
    shop.rasa.answer = lambda body: {**heard(body), "replies": [{"text": next(answers)}]}
    shop.rasa.hold = lose_lease
    async with shop.worker():
        receipt = await shop.say("你好")
        await shop.answered(receipt)
    events = await shop.desk.events(receipt.conversation)
    assert stolen
    assert texts(bots(events)) == ["second"]
    assert [body["dialogue"] for body in shop.rasa.bodies] == [None, None]


async def test_messages_wait_in_the_inbox_until_a_worker_comes(shop: Shop) -> None:
    receipts = [await shop.say(f"第{number}句") for number in range(3)]
    async with shop.worker():
        await shop.answered(receipts[-1])
    events = await shop.desk.events(receipts[0].conversation)
    assert texts(bots(events)) == ["heard 1: 第0句", "heard 2: 第1句", "heard 3: 第2句"]


async def test_a_worker_told_to_stop_finishes_its_turn_and_leaves_the_rest(shop: Shop) -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def hold(_: object) -> None:
        begun.set()
        await go_on.wait()

    shop.rasa.hold = hold
    async with shop.worker() as worker:
        first, second = await shop.say("一"), await shop.say("二")
        await begun.wait()
        worker.stop()
        asyncio.get_running_loop().call_later(0.05, go_on.set)
    assert len(bots(await shop.desk.events(first.conversation))) == 1
    assert await shop.unfinished() == 1
    async with shop.worker():
        assert texts(await shop.answered(second)) == ["heard 2: 二"]


async def test_a_turn_that_never_ends_does_not_hold_up_the_stop(shop: Shop) -> None:
    begun = asyncio.Event()

    async def never(_: object) -> None:
        begun.set()
        await asyncio.Event().wait()

    shop.rasa.hold = never
    async with shop.worker(drain_seconds=0.1, rasa_seconds=30.0):
        receipt = await shop.say("你好")
        await begun.wait()
    shop.rasa.hold = None
    assert bots(await shop.desk.events(receipt.conversation)) == []
    async with shop.worker():
        assert texts(await shop.answered(receipt)) == ["heard 1: 你好"]


def bots(events: list[Event]) -> list[Event]:
    return [event for event in events if event.author.role == "bot"]


def count(worker) -> int:
    return len(worker._partitions.leases)


async def until(look, wanted):
    async with asyncio.timeout(12):
        while not wanted(look()):
            await asyncio.sleep(0.02)
    return look()
