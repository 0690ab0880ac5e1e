"""A slot moves to another master while its customers write: nothing is lost, repeated or stuck."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from desk import Desk
from desk.check import differences
from tests.cluster.moving import moves_at_once, moves_key_by_key
from tests.cluster.people import Customer, answered, from_customer, living_at, pages
from tests.cluster.servers import Node, Servers, slot_of
from tests.worker.conftest import plain_logs, shop
from tests.worker.shop import Shop

__all__ = ["plain_logs", "shop"]

PARTITION = 11
Moves = Callable[[Servers, int, Node], Awaitable[None]]


@pytest.mark.parametrize("moves", [moves_key_by_key, moves_at_once])
async def test_a_partition_that_moves_under_load_goes_on(cluster: Servers, shop: Shop, moves: Moves) -> None:
    slot = slot_of(PARTITION)
    here = cluster.master(slot)
    there = next(node for node in cluster.masters() if node is not here)
    addresses = living_at([PARTITION], each=4)
    customers = [Customer(shop.desk, address) for address in addresses]
    for earlier in living_at([PARTITION], each=60)[4:]:  # what there is to move
        await Customer(shop.desk, earlier).writes("m0")
    here.client.config_resetstat()
    enough = asyncio.Event()
    async with (
        await Desk.connect(shop.desk_settings, shop.clock) as reading,
        pages(reading, addresses) as screens,
        shop.worker(),
    ):
        writing = [asyncio.create_task(customer.writes_until(enough)) for customer in customers]
        await asyncio.sleep(0.3)
        await moves(cluster, slot, there)
        assert cluster.master(slot) is there
        before = [len(customer.acknowledged) for customer in customers]
        while any(len(customer.acknowledged) < count + 2 for customer, count in zip(customers, before, strict=True)):
            await asyncio.sleep(0.05)
        met = here.errors_met()
        await moves(cluster, slot, here)
        enough.set()
        await asyncio.gather(*writing)
        await shop.idle()
        logs = [await customer.log() for customer in customers]
        for screen, log in zip(screens, logs, strict=True):
            await screen.until(log[-1].seq, 10)
        assert await differences(shop.desk) == []
    assert {"MOVED"} <= met if moves is moves_at_once else {"MOVED", "TRYAGAIN", "ASK"} <= met
    for customer, log, screen in zip(customers, logs, screens, strict=True):
        assert from_customer(log) == customer.acknowledged
        assert answered(log) == customer.acknowledged
        assert screen.heard == log
        assert customer.slowest < 5
