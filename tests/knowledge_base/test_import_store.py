"""An import is switched in at one moment: every crash leaves either all of it or none."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import datetime, timezone
from pathlib import Path

import pytest

from knowledge_base.bulk_store import BulkStore
from knowledge_base.store import ArticleChanged, StoreUnavailable
from tests.knowledge_base.shop import PARCEL, REFUND, SHOP, article
from tests.redis_server import start_redis, stop_redis

NOON = datetime(2026, 11, 22, 12, tzinfo=timezone.utc)
MANY = 3000


def many(number: int = MANY):
    return [(article(f"a{place}", f"第{place}个问题"), 0) for place in range(number)]


@pytest.fixture
async def store(redis_url, namespace) -> AsyncIterator[BulkStore]:
    store = BulkStore(redis_url, namespace)
    yield store
    await store.aclose()


async def test_new_and_changed_articles_come_in_together_with_history_and_changes(store):
    await store.put(REFUND, 0, "lin", NOON)
    edited = article("refund", "退款到账要多久")
    assert await store.put_all([(edited, 1), (PARCEL, 0)], "王芳", NOON) == 2
    assert await store.versions() == {"refund": 2, "parcel": 1}
    assert await store.revision() == 3
    assert [(one.version, one.article, one.by) for one in await store.history("refund")] == [
        (1, REFUND, "lin"),
        (2, edited, "王芳"),
    ]
    assert [(one.revision, one.article_id) for one in await store.changes("1-0", 10)] == [(2, "refund"), (3, "parcel")]
    await store.put(REFUND, 2, "lin", NOON)  # and single edits go on after it


async def test_one_article_edited_meanwhile_refuses_the_whole_import(store):
    await store.put(REFUND, 0, "lin", NOON)
    with pytest.raises(ArticleChanged) as refused:
        await store.put_all([(PARCEL, 0), (article("refund", "改过的"), 0)], "wang", NOON)
    assert (refused.value.article_id, refused.value.version, refused.value.by) == ("refund", 1, "lin")
    assert await store.versions() == {"refund": 1}
    assert await store.revision() == 1


async def test_whoever_looks_sees_nothing_of_it_or_all(store, redis, namespace):
    seen: set[int] = set()
    over = asyncio.Event()

    async def watch() -> None:
        while not over.is_set():
            await asyncio.sleep(0.001)
            seen.add(await redis.scard(f"{{{namespace}:kb}}:articles"))

    seen.add(await redis.scard(f"{{{namespace}:kb}}:articles"))  # the connection is open: it looks while this goes on
    watching = asyncio.create_task(watch())
    assert await store.put_all(many(1200), "lin", NOON) == 1200
    seen.add(len(await store.versions()))
    over.set()
    await watching
    assert seen == {0, 1200}


async def test_a_repeated_switch_happens_once(store, monkeypatch):
    switch = store._switch

    async def twice(keys, arguments):
        await switch(keys, arguments)
        return await switch(keys, arguments)  # as the connection does when the answer was lost

    monkeypatch.setattr(store, "_switch", twice)
    assert await store.put_all([(PARCEL, 0)], "lin", NOON) == 1
    assert await store.versions() == {"parcel": 1}


async def test_staged_articles_that_expired_are_not_switched(store, redis, namespace):
    async def forget() -> None:
        async for key in redis.scan_iter(match=f"*{namespace}*import*"):
            await redis.delete(key)

    original = store._switch_in

    async def late(*arguments):
        await forget()
        return await original(*arguments)

    store._switch_in = late
    with pytest.raises(StoreUnavailable):
        await store.put_all([(PARCEL, 0)], "lin", NOON)
    assert await store.versions() == {}


async def test_what_an_import_leaves_behind_expires(store, redis, namespace):
    await store.put_all(many(3), "lin", NOON)
    keys = [key async for key in redis.scan_iter(match=f"*{namespace}*import*")]
    assert keys
    assert all([await redis.ttl(key) > 0 for key in keys])


async def test_the_name_of_shipped_content_is_nobodys(store):
    with pytest.raises(ValueError, match="shipped"):
        await store.put_all([(PARCEL, 0)], "shipped", NOON)


IMPORTER = """
import asyncio, os, signal, sys
from datetime import datetime, timezone
from knowledge_base.bulk_store import BulkStore
from tests.knowledge_base.test_import_store import many

def progress(step, done, total):
    if [step, str(done)] == sys.argv[3:]:
        os.kill(os.getpid(), signal.SIGKILL)

async def main():
    await BulkStore(sys.argv[1], sys.argv[2]).put_all(many(), "lin", datetime.now(timezone.utc), progress)

asyncio.run(main())
"""


@pytest.mark.parametrize(
    ("step", "done", "left"), [("staging", 1500, 0), ("switching", 0, 0), ("switching", MANY, MANY)]
)
async def test_an_importer_killed_halfway_leaves_all_or_nothing(redis_url, namespace, store, step, done, left):
    command = [sys.executable, "-c", IMPORTER, redis_url, namespace, step, str(done)]
    killed = await asyncio.to_thread(subprocess.run, command, timeout=60)
    assert killed.returncode == -signal.SIGKILL
    assert len(await store.versions()) == left
    assert await store.revision() == left
    if not left:
        assert await store.put_all(many(), "lin", NOON) == MANY  # and the next import is not in its way


@pytest.mark.parametrize("milliseconds", [0, 20, 60, 150])
async def test_a_server_killed_during_the_switch_comes_back_with_all_or_nothing(
    tmp_path_factory, namespace, milliseconds
):
    folder = Path(tmp_path_factory.mktemp("k"))
    server = start_redis(folder)
    url = f"unix://{folder}/s"
    store = BulkStore(url, namespace)
    try:
        await answering(store)
        await store.put_all([(one, 0) for one in SHOP], "lin", NOON)
        kill: list[asyncio.TimerHandle] = []

        def when_switching(step: str, done: int, total: int) -> None:
            if (step, done) == ("switching", 0):
                kill.append(
                    asyncio.get_running_loop().call_later(milliseconds / 1000, os.kill, server.pid, signal.SIGKILL)
                )

        try:
            written = await store.put_all(many(), "lin", NOON, when_switching)
        except StoreUnavailable:
            written = None
        await asyncio.to_thread(server.wait, 10)
        server = start_redis(folder)
        await answering(store)
        versions = await store.versions()
        assert len(versions) in ({len(SHOP), len(SHOP) + MANY} if written is None else {len(SHOP) + MANY})
        assert await store.revision() == len(versions)
        assert len(await store.editions(sorted(versions))) == len(versions)
    finally:
        await store.aclose()
        stop_redis(server)


async def answering(store: BulkStore) -> None:
    async with asyncio.timeout(10):
        while True:
            try:
                await store.revision()
            except StoreUnavailable:
                await asyncio.sleep(0.02)
            else:
                return
