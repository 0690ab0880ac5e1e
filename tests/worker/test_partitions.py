"""Workers share the 64 partitions, take over what a dead one held, and make room for one that comes later."""

from gateway.worker.partitions import Partitions
from tests.worker.shop import Shop


class Seconds:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


async def test_one_alone_takes_all_at_once(shop: Shop) -> None:
    alone = Partitions(shop.desk, "one", 1, Seconds())
    await alone.keep()
    assert len(alone.leases) == 64


async def test_two_take_half_each_and_one_takes_all_when_the_other_stays_away(shop: Shop) -> None:
    seconds = Seconds()
    one, two = (Partitions(shop.desk, name, 2, seconds) for name in ("one", "two"))
    await one.keep()
    assert len(one.leases) == 32
    await two.keep()
    assert len(two.leases) == 32
    await two.give_back()
    await one.keep()
    assert len(one.leases) == 32
    seconds.now += 3.1
    await one.keep()
    assert len(one.leases) == 64


async def test_who_has_too_many_makes_room_for_one_that_comes_later(shop: Shop) -> None:
    seconds = Seconds()
    one, two = (Partitions(shop.desk, name, 2, seconds) for name in ("one", "two"))
    await one.keep()
    seconds.now += 3.1
    await one.keep()
    rounds = 0
    while len(two.leases) < 32:
        rounds += 1
        seconds.now += 0.5
        await one.keep()
        await one.offer(lambda _: True)
        await two.keep()
    assert rounds < 40
    assert len(one.leases) == 32


async def test_only_idle_partitions_are_offered(shop: Shop) -> None:
    seconds = Seconds()
    one = Partitions(shop.desk, "one", 2, seconds)
    seconds.now += 3.1
    await one.keep()
    await one.offer(lambda _: False)
    assert len(one.leases) == 64
    await one.offer(lambda lease: lease.partition == 7)
    seconds.now += 1.1
    await one.offer(lambda lease: lease.partition == 7)
    assert 7 not in {lease.partition for lease in one.leases}


async def test_offers_that_nobody_takes_become_rare(shop: Shop) -> None:
    seconds = Seconds()
    one = Partitions(shop.desk, "one", 2, seconds)
    seconds.now += 3.1
    offers = 0
    for _ in range(60):
        seconds.now += 0.5
        await one.keep()
        before = len(one.leases)
        await one.offer(lambda _: True)
        offers += len(one.leases) < before
    assert 0 < offers <= 6


async def test_a_lost_lease_comes_back_only_under_a_new_token(shop: Shop) -> None:
    one = Partitions(shop.desk, "one", 1, Seconds())
    await one.keep()
    lost = one.leases[0]
    await shop.desk.give_back(lost)
    assert one.holds(lost)
    await one.keep()
    assert not one.holds(lost)
    assert lost.partition in {lease.partition for lease in one.leases}
