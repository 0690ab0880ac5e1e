"""Nothing is acknowledged before a replica has it; whoever asks again gets the acknowledgement, once."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator

import httpx2
import pytest

from desk import PARTITIONS, Desk, NotAcknowledged
from gateway.doors.app import create_app
from gateway.doors.settings import DoorSettings
from tests.cluster.servers import Servers
from tests.desk.cast import MEI, writes
from tests.gateway.conftest import doors_over, running, visitor


@pytest.fixture
async def customer(desk: Desk, cluster: Servers, namespace: str) -> AsyncIterator[httpx2.AsyncClient]:
    """A customer at a door."""
    doors = doors_over(desk, cluster.url, DoorSettings(namespace=namespace))
    try:
        async with running(create_app(doors)) as app, visitor(app) as client:
            opened = await client.post("/v1/sessions", json={})
            client.headers["Authorization"] = f"Bearer {opened.json()['session']}"
            yield client
    finally:
        await doors.rates.aclose()


def test_every_master_has_its_share_of_the_partitions(cluster: Servers) -> None:
    shares = Counter(cluster.master_of(partition).port for partition in range(PARTITIONS))
    assert len(shares) == 3
    assert min(shares.values()) >= PARTITIONS / 3 * 0.75


async def test_with_its_replica_away_a_write_is_not_acknowledged_until_it_is_back(cluster: Servers, desk: Desk) -> None:
    first = await writes(desk, "在吗")
    replica = cluster.replica_of(MEI.partition)
    replica.freeze()
    try:
        with pytest.raises(NotAcknowledged, match="0 of 1"):
            await writes(desk, "能退款吗", "m2")
        with pytest.raises(NotAcknowledged):
            await writes(desk, "能退款吗", "m2")
    finally:
        replica.thaw()
    again = await writes(desk, "能退款吗", "m2")
    assert (again.seq, again.duplicate) == (first.seq + 1, True)


async def test_the_door_says_503_with_retry_after_and_the_retry_is_acknowledged(
    cluster: Servers, customer: httpx2.AsyncClient
) -> None:
    first = (await customer.post("/v1/messages", json={"message_id": "m1", "text": "在吗"})).json()
    replica = cluster.replica_of(int(first["conversation"][1:].split("-")[0]))
    replica.freeze()
    try:
        refused = await customer.post("/v1/messages", json={"message_id": "m2", "text": "能退款吗"})
    finally:
        replica.thaw()
    assert (refused.status_code, refused.json()["code"]) == (503, "not_acknowledged")
    assert int(refused.headers["Retry-After"]) >= 1
    again = await customer.post("/v1/messages", json={"message_id": "m2", "text": "能退款吗"})
    assert (again.status_code, again.json()) == (202, {**first, "seq": first["seq"] + 1, "duplicate": True})


async def test_a_claim_that_is_repeated_is_acknowledged_only_when_a_replica_has_it(
    cluster: Servers, desk: Desk
) -> None:
    conversation = (await writes(desk, "转人工")).conversation
    replica = cluster.replica_of(MEI.partition)
    replica.freeze()
    try:
        with pytest.raises(NotAcknowledged):
            await desk.claim(conversation, "lin")
        with pytest.raises(NotAcknowledged):
            await asyncio.wait_for(desk.claim(conversation, "lin"), 5)
    finally:
        replica.thaw()
    assert (await desk.claim(conversation, "lin")).holder == "lin"
