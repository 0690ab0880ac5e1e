"""Articles keep their versions: a stale edit is refused with who was faster, and nothing that was written is lost."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timezone

import pytest

from knowledge_base.store import ArticleChanged, ArticleStore, StoreUnavailable
from tests.knowledge_base.shop import PARCEL, REFUND, SHOP, article

NOON = datetime(2026, 11, 22, 12, tzinfo=timezone.utc)
EDITED = article("refund", "退款到账要多久", "退款时间")


@pytest.fixture
async def store(redis_url, namespace) -> AsyncIterator[ArticleStore]:
    store = ArticleStore(redis_url, namespace)
    yield store
    await store.aclose()


async def test_each_edit_raises_the_version_of_the_article_and_of_the_base(store):
    assert await store.put(REFUND, 0, "lin", NOON) == 1
    assert await store.put(EDITED, 1, "wang", NOON) == 2
    assert await store.put(PARCEL, 0, "lin", NOON) == 1
    assert await store.versions() == {"refund": 2, "parcel": 1}
    assert await store.revision() == 3
    assert [edition.article for edition in await store.editions(["refund", "nothing"])] == [EDITED]


async def test_a_stale_edit_is_refused_with_who_was_faster(store):
    await store.put(REFUND, 0, "lin", NOON)
    await store.put(EDITED, 1, "wang", NOON)
    with pytest.raises(ArticleChanged) as refused:
        await store.put(REFUND, 1, "lin", NOON)
    assert (refused.value.version, refused.value.by, refused.value.at) == (2, "wang", "2026-11-22T12:00:00.000Z")
    assert [edition.article for edition in await store.editions(["refund"])] == [EDITED]
    assert await store.revision() == 2


async def test_an_article_that_does_not_exist_cannot_be_changed(store):
    with pytest.raises(ArticleChanged) as refused:
        await store.put(REFUND, 3, "lin", NOON)
    assert refused.value.version == 0
    assert await store.versions() == {}


async def test_of_twenty_simultaneous_edits_one_wins(store):
    await store.put(REFUND, 0, "lin", NOON)
    await asyncio.gather(*(store.revision() for _ in range(20)))  # the connections are open: the race is real
    edits = [store.put(article("refund", f"问题{number}"), 1, f"editor-{number}", NOON) for number in range(20)]
    results = await asyncio.gather(*edits, return_exceptions=True)
    assert [result for result in results if not isinstance(result, ArticleChanged)] == [2]
    assert len(await store.history("refund")) == 2


async def test_history_keeps_every_version_with_its_author(store):
    await store.put(REFUND, 0, "lin", NOON)
    await store.put(EDITED, 1, "王芳", NOON)
    past = await store.history("refund")
    assert [(one.version, one.article, one.by) for one in past] == [(1, REFUND, "lin"), (2, EDITED, "王芳")]


async def test_shipping_again_changes_nothing(store):
    assert await store.ship(SHOP, NOON) == len(SHOP)
    assert await store.ship(SHOP, NOON) == 0
    assert await store.revision() == len(SHOP)


async def test_a_new_release_updates_what_nobody_edited_and_leaves_edits_alone(store):
    await store.ship([REFUND, PARCEL], NOON)
    await store.put(EDITED, 1, "lin", NOON)
    released = [article("refund", "新版退款问题"), article("parcel", "新版快递问题")]
    assert await store.ship(released, NOON) == 1
    stored = {edition.article.id: edition.article for edition in await store.editions(["refund", "parcel"])}
    assert stored == {"refund": EDITED, "parcel": released[1]}


async def test_followers_see_each_change_once_and_in_order(store):
    await store.put(REFUND, 0, "lin", NOON)
    await store.put(PARCEL, 0, "lin", NOON)
    await store.keep_calibration("letters", 2, {"slope": 1})
    changes = await store.changes("0-0", 10)
    assert [(one.revision, one.article_id, one.encoder) for one in changes] == [
        (1, "refund", None),
        (2, "parcel", None),
        (2, None, "letters"),
    ]
    assert await store.changes(changes[-1].place, 10) == []


async def test_an_older_calibration_does_not_replace_a_newer_one(store):
    await store.keep_calibration("letters", 7, {"slope": 7})
    await store.keep_calibration("letters", 5, {"slope": 5})
    assert await store.calibration("letters") == (7, {"slope": 7})
    assert await store.calibration("another") is None


async def test_one_process_at_a_time_calibrates(store):
    assert [await store.may_calibrate("letters") for _ in range(3)] == [True, False, False]


async def test_every_key_carries_the_namespace_and_one_hash_tag(store, redis, namespace):
    await store.put(REFUND, 0, "lin", NOON)
    keys = [key async for key in redis.scan_iter(match=f"*{namespace}*")]
    assert len(keys) == 5
    assert all(key.startswith(f"{{{namespace}:kb}}:") for key in keys)


async def test_a_missing_redis_is_said_to_be_missing():
    store = ArticleStore("unix:///nowhere/s")
    with pytest.raises(StoreUnavailable):
        await store.revision()
    await store.aclose()
