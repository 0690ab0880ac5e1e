"""When Redis is gone, stands still, or has too few replicas, the desk says so in time."""

import asyncio
import os
import signal
import time
from dataclasses import replace

import pytest
from redis.asyncio import Redis
from redis.exceptions import RedisError

from desk import Desk, DeskError, NotAcknowledged, Settings, StoreUnavailable
from desk.store.link import MAX_CONNECTIONS
from tests.desk.cast import MEI, Worker, writes
from tests.redis_server import redis_server, start_redis, stop_redis


async def test_every_way_in_says_unavailable_and_never_raises_redis_own_errors(tmp_path_factory, clock):
    with redis_server() as url:
        desk = await Desk.connect(Settings(redis_url=url), clock)
        receipt = await writes(desk, "在吗")
        lease = await Worker(desk).takes(MEI.partition)
        (entry,) = await desk.inbox([lease], 0)
    conversation = receipt.conversation
    calls = [
        writes(desk, "在吗", "m2"),
        desk.conversation(conversation),
        desk.events(conversation),
        desk.waiting(),
        desk.claim(conversation, "lin"),
        desk.on_duty(),
        desk.tickets(),
        desk.lease(1, "w1"),
        desk.inbox([lease], 100),
        desk.finish(lease, entry),
        desk.secret(),
        desk.agents.verify("lin", "wrong password"),
        desk.ready(),
    ]
    try:
        for call in calls:
            with pytest.raises(StoreUnavailable):
                await call
    finally:
        await desk.aclose()


async def test_more_at_once_than_there_are_connections_wait_for_one(desk):
    receipt = await writes(desk, "在吗")
    found = await asyncio.gather(*(desk.conversation(receipt.conversation) for _ in range(3 * MAX_CONNECTIONS)))
    assert len(found) == 3 * MAX_CONNECTIONS


async def test_server_without_memory_is_unavailable_and_what_it_has_stays_readable(clock):
    with redis_server() as url:
        async with await Desk.connect(Settings(redis_url=url), clock) as desk:
            receipt = await writes(desk, "在吗")
            await desk.store.ask("CONFIG", "SET", "maxmemory", 1)
            with pytest.raises(StoreUnavailable, match="Redis refuses"):
                await writes(desk, "在吗", "m2")
            assert len(await desk.events(receipt.conversation)) == 2


async def test_acknowledged_message_survives_kill_nine_and_the_desk_goes_on(tmp_path_factory, clock):
    folder = tmp_path_factory.mktemp("z")
    with redis_server(folder=folder) as url:
        desk = await Desk.connect(Settings(redis_url=url), clock)
        receipt = await writes(desk, "我的快递三天没动了")
        pid = (await desk.store.ask("INFO", "server"))["process_id"]
        os.kill(pid, signal.SIGKILL)  # the server that this test started
    with redis_server(folder=folder):
        assert [e.text for e in await desk.events(receipt.conversation)][1:] == ["我的快递三天没动了"]
        assert (await writes(desk, "我的快递三天没动了")).duplicate
        await desk.aclose()


async def test_write_that_too_few_replicas_confirm_is_not_acknowledged_and_may_be_repeated(settings, clock):
    async with await Desk.connect(replace(settings, replica_acks=1), clock) as desk:
        began = time.monotonic()
        with pytest.raises(NotAcknowledged):
            await writes(desk, "在吗")
        assert 0.25 < time.monotonic() - began < 3
    async with await Desk.connect(settings, clock) as desk:
        again = await writes(desk, "在吗")
        assert (again.seq, again.duplicate) == (2, True)


async def test_write_that_a_replica_confirms_is_acknowledged(clock, tmp_path_factory):
    with redis_server("--repl-diskless-sync-delay", "0") as url:
        folder = tmp_path_factory.mktemp("z")
        primary = Redis.from_url(url, decode_responses=True)
        await primary.config_set("port", await _free_port())
        port = (await primary.config_get("port"))["port"]
        replica = start_redis(folder, "--replicaof", f"127.0.0.1 {port}")
        try:
            async with asyncio.timeout(20):
                while (await primary.info("replication"))["connected_slaves"] == 0 or not await primary.wait(0, 1):
                    await primary.set("warm", "up")
                    await primary.wait(1, 500)
            async with await Desk.connect(Settings(redis_url=url, replica_acks=1), clock) as desk:
                first = await writes(desk, "在吗")
                assert (await writes(desk, "在吗")).seq == first.seq
        finally:
            stop_redis(replica)
            await primary.aclose()


async def _free_port():
    server = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()
    return port


async def test_refusals_are_one_tree_without_redis_in_it():
    def below(kind):
        return {kind, *(deeper for each in kind.__subclasses__() for deeper in below(each))}

    assert all(not issubclass(kind, RedisError) for kind in below(DeskError))
    codes = [kind.code for kind in below(DeskError)]
    assert len(set(codes)) == len(codes)
