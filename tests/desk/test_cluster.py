"""The same desk on Redis Cluster: every script stays in one slot, and nothing else changes."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from desk import Desk, Reply, Settings, Turn
from desk.check import differences
from tests.desk.cast import BO, LIN, MEI, Worker, writes
from tests.redis_server import redis_server


async def free_port() -> int:
    """Below 55536: a cluster node also listens on port + 10000."""
    while True:
        server = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        server.close()
        await server.wait_closed()
        if port <= 55535:
            return port


@pytest.fixture
async def cluster(clock) -> AsyncIterator[Desk]:
    """A cluster of one node: slots, redirections and refusals across slots are as with many."""
    port = await free_port()
    with redis_server("--port", str(port), "--bind", "127.0.0.1", "--cluster-enabled", "yes") as url:
        async with Redis.from_url(url, decode_responses=True) as node:
            await node.execute_command("CLUSTER ADDSLOTSRANGE", 0, 16383)
            async with asyncio.timeout(10):
                while (await node.execute_command("CLUSTER INFO"))["cluster_state"] != "ok":
                    await asyncio.sleep(0.05)
        settings = Settings(redis_url=f"redis+cluster://127.0.0.1:{port}", replica_acks=0)
        async with await Desk.connect(settings, clock) as desk:
            yield desk


async def test_a_customers_whole_story_on_a_cluster(cluster, clock):
    desk, worker = cluster, Worker(cluster)
    follower = desk.follow()
    async with asyncio.timeout(5):
        assert await anext(follower) == ("", 0)
    receipt = await writes(desk, "我要投诉")
    assert (await writes(desk, "我要投诉")).duplicate
    await writes(desk, "在吗", address=BO)
    async with asyncio.timeout(5):
        assert await anext(follower) == (receipt.conversation, 2)
    await follower.aclose()
    leases = [await worker.takes(MEI.partition), await worker.takes(BO.partition)]
    entries = await desk.inbox(leases, 500)
    assert len(entries) == 2
    entry = next(e for e in entries if e.conversation == receipt.conversation)
    ticket = await desk.reserve_ticket(MEI.partition)
    commands = [
        {"command": "ticket.open", "ticket": ticket, "kind": "complaint", "fields": {}},
        {"command": "handoff.request", "reason": "complaint"},
    ]
    await desk.commit_turn(leases[0], entry, Turn(1, [Reply("已登记")], commands))
    assert [w.conversation for w in await desk.waiting()] == [receipt.conversation]
    await desk.set_presence(LIN, available=True)
    await desk.claim(receipt.conversation, LIN)
    await desk.say(receipt.conversation, LIN, 3, "a1", "您好")
    assert [c.id for c in await desk.held_by(LIN)] == [receipt.conversation]
    await desk.update_ticket(ticket, LIN, 1, state="done")
    assert [t.id for t in await desk.tickets("done")] == [ticket]
    picture = await desk.save_attachment(MEI, "image/png", b"\xff\x00")
    assert (await desk.attachment(picture.id)).data == b"\xff\x00"
    await desk.release(receipt.conversation, LIN, 3)
    clock.advance(minutes=31)
    assert [t.kind for t in await desk.due_timers(leases[0], clock.now)] == ["silence"]
    assert (await desk.on_duty()).open
    password = await desk.agents.ensure_first()
    assert (await desk.agents.verify("admin", password)).is_admin
    assert await desk.inbox(leases, 60) == []
    assert await differences(desk) == []


async def test_waiting_for_replicas_goes_to_the_node_that_has_the_slot(cluster, clock):
    from desk import NotAcknowledged
    from desk.store.connection import Store

    strict = Store(cluster.store.redis, 1)
    desk = Desk(strict, Settings(redis_url="", namespace="zb"), cluster._hours, clock)
    with pytest.raises(NotAcknowledged, match="0 of 1"):
        await writes(desk, "在吗")
    assert (await writes(cluster, "在吗")).duplicate
