"""A master dies or stands still in the middle of everything: what was acknowledged is there, and all goes on."""

import asyncio

import pytest

from desk import PARTITIONS, Desk, Incoming, NotAcknowledged, Settings
from desk.check import differences
from tests.cluster.people import Customer, answered, from_customer, living_at, pages
from tests.cluster.servers import Servers
from tests.worker.conftest import plain_logs, shop
from tests.worker.shop import Shop, replies_to

__all__ = ["plain_logs", "shop"]

LONGEST_CALL = 8.0


@pytest.fixture(autouse=True)
async def whole_again(cluster: Servers):
    yield
    await cluster.heal()


def one_at_each_master(cluster: Servers) -> list[int]:
    by_master: dict[int, int] = {}
    for partition in range(PARTITIONS):
        by_master.setdefault(cluster.master_of(partition).port, partition)
    return list(by_master.values())


async def fails_over(cluster: Servers, partition: int, how: str) -> None:
    """The master of the partition is lost, its replica takes over, and the lost one comes back as a replica."""
    master, replica = cluster.master_of(partition), cluster.replica_of(partition)
    master.kill() if how == "killed" else master.freeze()
    await cluster.until_promoted(replica)
    await cluster.heal()


@pytest.mark.parametrize("how", ["killed", "frozen"])
async def test_a_lost_master_costs_no_acknowledged_message_and_the_others_nothing(
    cluster: Servers, shop: Shop, how: str
) -> None:
    hit, *others = one_at_each_master(cluster)
    addresses = living_at([hit, *others], each=2)
    enough = asyncio.Event()
    customers = [Customer(shop.desk, address) for address in addresses]
    async with (
        await Desk.connect(shop.desk_settings, shop.clock) as reading,
        pages(reading, addresses) as screens,
        shop.worker(),
    ):
        writing = [asyncio.create_task(customer.writes_until(enough)) for customer in customers]
        await asyncio.sleep(0.5)
        await fails_over(cluster, hit, how)
        await asyncio.sleep(0.5)
        enough.set()
        await asyncio.gather(*writing)
        await shop.idle()
        logs = [await customer.log() for customer in customers]
        for screen, log in zip(screens, logs, strict=True):
            await screen.until(log[-1].seq, 10)
        assert await differences(shop.desk) == []
    for customer, log, screen in zip(customers, logs, screens, strict=True):
        assert from_customer(log) == customer.acknowledged
        assert answered(log) == customer.acknowledged
        assert screen.heard == log
        assert customer.slowest < LONGEST_CALL
        assert (customer.silent > 1) == (customer.address.partition == hit)


@pytest.mark.parametrize("acks", [0, 1])
async def test_only_what_a_replica_has_outlives_the_master(cluster: Servers, namespace: str, acks: int) -> None:
    """Without waiting for replicas a message is lost: that is what REPLICA_ACKS is for, and that this test sees it."""
    settings = Settings(cluster.url, namespace, replica_acks=acks)
    (address,) = living_at([7])
    async with await Desk.connect(settings) as desk:
        await desk.receive(Incoming(address, "m0", "在吗"))
        master, replica = cluster.master_of(7), cluster.replica_of(7)
        replica.kill()
        if acks:
            with pytest.raises(NotAcknowledged):
                await desk.receive(Incoming(address, "m1", "我的快递三天没动了"))
        else:
            await desk.receive(Incoming(address, "m1", "我的快递三天没动了"))
        master.kill()
        await cluster.takes_over(replica)
        await cluster.heal()
        conversation = await desk.open_conversation(address)
        assert conversation is not None
        assert from_customer(await desk.events(conversation.id)) == ["m0"]


async def test_an_answer_that_the_new_master_lacks_is_given_again(cluster: Servers, shop: Shop) -> None:
    receipt = await shop.say("在吗")
    partition = (await shop.conversation()).partition
    master, replica = cluster.master_of(partition), cluster.replica_of(partition)
    replica.kill()
    async with shop.worker():
        await shop.until(receipt.conversation, lambda log: replies_to(log, "m1"))
        master.kill()
        await cluster.takes_over(replica)
        assert replies_to(await shop.desk.events(receipt.conversation), "m1") == []
        await cluster.heal()
        await shop.until(receipt.conversation, lambda log: replies_to(log, "m1"))
        await shop.idle()
        assert answered(await shop.desk.events(receipt.conversation)) == ["m1"]
