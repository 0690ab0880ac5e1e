"""Confirmed questions: stored, told over HTTP, and learned by a base that is live."""

import asyncio
import contextlib
import functools
from dataclasses import replace
from datetime import datetime, timezone

import pytest

from knowledge_base.client import KnowledgeUnavailable
from knowledge_base.confirmed.question import BadConfirmed, ConfirmedQuestion, parse_confirmed
from knowledge_base.confirmed.store import ConfirmedStore
from knowledge_base.editing_client import EditingClient
from knowledge_base.encoder_thread import EncoderThread
from knowledge_base.learner import Learner
from knowledge_base.live_base import LiveBase
from knowledge_base.store import ArticleStore
from knowledge_base.suggesting.client import SuggestingClient
from tests.knowledge_base.letters import LetterEncoder
from tests.knowledge_base.shop import OUT_OF_SCOPE, SHOP
from tests.knowledge_base.test_live_base import best, until

NOON = datetime(2026, 11, 22, 12, tzinfo=timezone.utc)
ONE = ConfirmedQuestion("c1-a", 4, "宝贝还没影儿", "parcel", "agent", ("invoice",))


@pytest.fixture
async def store(redis_url, namespace):
    store = ConfirmedStore(redis_url, namespace)
    yield store
    await store.aclose()


def many(count: int) -> list[ConfirmedQuestion]:
    """What customers call a parcel here, in words that stand for an invoice elsewhere."""
    return [ConfirmedQuestion("c1", n, f"发票箱子还没影呢第{n}回", "parcel", "customer") for n in range(count)]


async def test_each_message_is_kept_once_and_a_drop_is_for_good(store, redis, namespace):
    assert (await store.mark(), await store.all()) == ("", [])
    await store.add([ONE])
    first = await store.mark()
    await store.add([ONE, ConfirmedQuestion("c2", 1, "怎么开票", "invoice", "customer")])
    assert [one.article for one in await store.all()] == ["parcel", "invoice"]
    assert await store.mark() != first
    assert await store.drop(ONE.id)
    assert not await store.drop(ONE.id)
    assert [one.article for one in await store.all()] == ["invoice"]
    await redis.xadd(f"{{{namespace}:kb}}:confirmed", {"body": '{"of": "a later program"}'})
    assert len(await store.all()) == 1


async def test_the_oldest_go_when_there_are_too_many(store, monkeypatch):
    monkeypatch.setattr("knowledge_base.confirmed.store.MOST", 3)
    await store.add(many(5))
    assert [one.seq for one in await store.all()] == [2, 3, 4]


@pytest.mark.parametrize(
    "wrong",
    [{"asked": " "}, {"asked": "长" * 301}, {"article": "No Id"}, {"by": "editor"}, {"seq": "x"}, {"conversation": ""}],
)
def test_what_is_no_confirmed_question_is_refused(wrong):
    with pytest.raises(BadConfirmed):
        parse_confirmed({**ONE.as_json(), **wrong})
    with pytest.raises(BadConfirmed):
        parse_confirmed({key: value for key, value in ONE.as_json().items() if key not in wrong})
    assert parse_confirmed(ONE.as_json()) == ONE


@contextlib.asynccontextmanager
async def learning_base(url: str, namespace: str, confirmed: ConfirmedStore):
    store, thread = ArticleStore(url, namespace), EncoderThread(LetterEncoder())
    base = LiveBase(store, thread, SHOP, OUT_OF_SCOPE, lambda: NOON, confirmed=confirmed)
    await base.load()
    following = asyncio.create_task(base.follow())
    try:
        yield base
    finally:
        following.cancel()
        await asyncio.wait([following])
        thread.close()
        await store.aclose()


async def test_a_live_base_hears_them_and_tells_the_other_processes(store, redis_url, namespace, monkeypatch):
    monkeypatch.setattr("knowledge_base.live_base.Learner", functools.partial(Learner, look_seconds=0.1))
    async with (
        learning_base(redis_url, namespace, store) as here,
        learning_base(redis_url, namespace, store) as there,
    ):
        assert await best(there, "发票箱子还没影") == "invoice"
        await store.add(many(40))
        await until(lambda: here.hearing.heard and there.hearing.heard, 20.0)
        assert here.hearing == there.hearing
        assert here.hearing.asked == 40
        for base in (here, there):
            assert await best(base, "发票箱子还没影") == "parcel"
            assert await best(base, "发票在哪里开") == "invoice"
    async with learning_base(redis_url, namespace, store) as later:
        assert later.hearing.heard
        assert await best(later, "发票箱子还没影") == "parcel"


async def test_over_http_they_are_kept_listed_by_article_and_dropped(server_url):
    one = ConfirmedQuestion("c7-http", 4, "东西不合适能换个颜色吗", "exchange-color", "agent", ("refund-time",))
    other = ConfirmedQuestion("c7-http", 9, "尺码大了一号", "exchange-color", "customer")
    async with SuggestingClient(server_url) as doors, EditingClient(server_url) as editor:
        await doors.add_confirmed([])
        await doors.add_confirmed([one, other])
        await doors.add_confirmed([one])
        listed = await editor.confirmed("exchange-color")
        assert [found["asked"] for found in listed["confirmed"]] == [other.asked, one.asked]
        assert listed["confirmed"][1]["instead_of"] == ["refund-time"]
        assert listed["hearing"]["heard"] is False
        assert (await editor.confirmed("another"))["confirmed"] == []
        await editor.drop_confirmed(one.id)
        await editor.drop_confirmed("none-such.1")
        assert [found["id"] for found in (await editor.confirmed("exchange-color"))["confirmed"]] == [other.id]
        with pytest.raises(KnowledgeUnavailable, match="422"):
            await doors.add_confirmed([replace(one, article="No Such Id")])
