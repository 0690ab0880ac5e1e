"""An edit is live everywhere within a second, and a base keeps answering while its store is away."""

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime, timedelta, timezone, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from knowledge_base.encoder_thread import EncoderThread, TooBusy
from knowledge_base.live_base import LiveBase
from knowledge_base.store import ArticleChanged, ArticleStore
from knowledge_base.vectors import Vectors
from tests.knowledge_base.letters import DIMENSION, LetterEncoder
from tests.knowledge_base.shop import OUT_OF_SCOPE, SHOP, article
from tests.redis_server import start_redis, stop_redis

NOON = datetime(2026, 11, 22, 12, tzinfo=timezone.utc)
GIFT = article("gift", "可以帮我包装成礼物吗", "有没有礼盒包装")


@contextlib.asynccontextmanager
async def live_base(
    url: str, namespace: str, clock: Callable[[], datetime] = lambda: NOON, zone: tzinfo = timezone.utc
) -> AsyncIterator[LiveBase]:
    """A base that follows the store for as long as the block runs."""
    store, thread = ArticleStore(url, namespace), EncoderThread(LetterEncoder())
    base = LiveBase(store, thread, SHOP, OUT_OF_SCOPE, clock, zone)
    await base.load()
    following = asyncio.create_task(base.follow())
    try:
        yield base
    finally:
        following.cancel()
        await asyncio.wait([following])
        thread.close()
        await store.aclose()


async def until(true: Callable[[], bool], seconds: float) -> float:
    """Wait until `true()`; gives the seconds it took, fails when they exceed `seconds`."""
    began = time.monotonic()
    while not true():
        assert time.monotonic() - began < seconds, "it did not happen in time"
        await asyncio.sleep(0.01)
    return time.monotonic() - began


async def best(base: LiveBase, text: str, audience: str = "customer") -> str:
    return (await base.understand(text, None, audience)).articles[0].id


async def test_a_fresh_base_is_ready_with_the_shipped_articles(redis_url, namespace):
    async with live_base(redis_url, namespace) as base:
        assert base.ready
        assert len(base) == len(SHOP)
        assert await best(base, "快递三天没动") == "parcel"


async def test_an_edit_is_live_on_every_process_within_a_second(redis_url, namespace):
    async with live_base(redis_url, namespace) as here, live_base(redis_url, namespace) as there:
        assert await best(there, "有没有礼盒包装") != "gift"
        assert await here.change(GIFT, 0, "lin") == 1
        assert await best(here, "有没有礼盒包装") == "gift"
        await until(lambda: there.revision == here.revision == len(SHOP) + 1, 1.0)
        assert await best(there, "有没有礼盒包装") == "gift"
        assert (await there.understand("礼盒", None, "customer")).base_version == str(len(SHOP) + 1)


async def test_an_article_is_answered_on_its_days_only_as_the_company_counts_them(redis_url, namespace):
    sale = article("sale", "双十二有什么活动", "双十二打折吗", valid_from="2026-12-12", valid_until="2026-12-12")
    moment = NOON
    async with live_base(redis_url, namespace, lambda: moment, ZoneInfo("Asia/Shanghai")) as base:
        await base.change(sale, 0, "lin")
        for at, shown in (
            ("2026-12-11T15:59:59", False),
            ("2026-12-11T16:00:00", True),  # midnight in Shanghai
            ("2026-12-12T15:59:59", True),
            ("2026-12-12T16:00:00", False),
        ):
            moment = datetime.fromisoformat(at).replace(tzinfo=timezone.utc)
            assert (await best(base, "双十二打折吗") == "sale") is shown, at
        moment += timedelta(days=400)
        found = await base.understand("双十二打折吗", None, "agent")
        assert "sale" not in [match.id for match in found.articles]
        assert base.article("sale", "zh-Hans") is not None  # an old conversation still shows what was answered


async def test_old_phrasings_are_gone_once_the_article_says_something_else(redis_url, namespace):
    async with live_base(redis_url, namespace) as here, live_base(redis_url, namespace) as there:
        before = (await there.understand("快递三天没动", None, "customer")).articles[0]
        await here.change(article("parcel", "会员生日有什么"), 1, "lin")
        await until(lambda: there.revision > len(SHOP), 1.0)
        after = await there.understand("快递三天没动", None, "customer")
        assert before.id == "parcel"
        assert after.articles[0].id != "parcel" or after.articles[0].confidence < before.confidence


async def test_a_stale_edit_leaves_the_index_as_it_was(redis_url, namespace):
    async with live_base(redis_url, namespace) as base:
        with pytest.raises(ArticleChanged):
            await base.change(article("parcel", "会员生日有什么"), 9, "lin")
        assert await best(base, "快递三天没动") == "parcel"


async def test_customers_never_see_what_is_for_agents(redis_url, namespace):
    async with live_base(redis_url, namespace) as base:
        seen = await base.understand("欺诈怎么上报", None, "customer")
        assert "fraud" not in [match.id for match in seen.articles]
        assert await best(base, "欺诈怎么上报", "agent") == "fraud"


async def test_answers_come_in_the_language_of_the_question(redis_url, namespace):
    async with live_base(redis_url, namespace) as base:
        assert (await base.understand("發票怎麼開", None, "customer")).articles[0].question == "怎麼開發票"
        assert (await base.understand("發票怎麼開", "zh-Hans", "customer")).articles[0].question == "怎么开发票"


async def test_faces_alone_are_unknown_and_still_have_a_vector(redis_url, namespace):
    async with live_base(redis_url, namespace) as base:
        understanding = await base.understand("👍👍", "zh-Hans", "customer")
        assert (understanding.outcome, understanding.articles) == ("unknown", ())
        assert len(understanding.values()) == understanding.encoder.dimension


async def test_the_calibration_follows_an_edit_and_reaches_other_processes(redis_url, namespace, redis):
    async with live_base(redis_url, namespace) as here, live_base(redis_url, namespace) as there:
        await here.change(GIFT, 0, "lin")
        expected = str(len(SHOP) + 1)
        await until(lambda: here.calibration.base_version == there.calibration.base_version == expected, 10.0)
        assert here.calibration == there.calibration


async def test_a_second_start_finds_the_calibration_instead_of_measuring_again(redis_url, namespace, monkeypatch):
    async with live_base(redis_url, namespace) as first:
        calibration = first.calibration
    monkeypatch.setattr("knowledge_base.learner.learn_aside", lambda *_: pytest.fail("learned again"))
    monkeypatch.setattr(LetterEncoder, "encode", only_short_texts)
    async with live_base(redis_url, namespace) as second:
        assert second.calibration == calibration


def only_short_texts(_: LetterEncoder, texts: Sequence[str]) -> Vectors:
    assert len(texts) <= 1, "phrasings were encoded again"
    return np.ones((len(texts), DIMENSION), np.float32) / DIMENSION**0.5


async def test_a_damaged_classifier_is_noticed_and_learned_anew(redis_url, namespace, redis):
    async with live_base(redis_url, namespace):
        key = f"{{{namespace}:kb}}:calibrations"
        (name,) = await redis.hkeys(key)
    held = json.loads(await redis.hget(key, name))
    held["calibration"]["classifier"]["weights"]["sha256"] = "0" * 64
    await redis.hset(key, name, json.dumps(held))
    async with live_base(redis_url, namespace) as second:
        assert second.ready
        assert await best(second, "快递三天没动") == "parcel"


async def test_an_edited_article_is_scored_without_the_classifier_until_the_next(redis_url, namespace):
    async with live_base(redis_url, namespace) as base:
        known = (await base.understand("发票在哪里开", None, "customer", explain=True)).articles[0]
        assert known.why is not None
        assert known.why.classifier is not None
        await base.change(article("invoice", "怎么开发票", "票据怎么弄", "要张发票"), 1, "lin")
        edited = await base.understand("票据怎么弄", None, "customer", explain=True)
        assert edited.articles[0].id == "invoice"
        assert edited.articles[0].why is not None
        assert edited.articles[0].why.phrasing == "票据怎么弄"
        if base.calibration.base_version == str(len(SHOP)):  # the next one is not there yet
            assert edited.articles[0].why.classifier is None
        await until(lambda: base.calibration.base_version == str(len(SHOP) + 1), 10.0)
        again = await base.understand("票据怎么弄", None, "customer", explain=True)
        assert again.articles[0].why is not None
        assert again.articles[0].why.classifier is not None


async def test_a_follower_that_missed_more_than_the_stream_keeps_reads_everything(redis_url, namespace, redis):
    async with live_base(redis_url, namespace) as base:
        writer = ArticleStore(redis_url, namespace)
        await writer.put(GIFT, 0, "lin", NOON)
        await redis.delete(f"{{{namespace}:kb}}:changes")
        await writer.put(article("birthday", "会员生日有什么"), 0, "lin", NOON)
        await until(lambda: len(base) == len(SHOP) + 2, 3.0)
        await writer.aclose()


async def test_the_base_answers_while_redis_is_away_and_catches_up_after(tmp_path_factory, namespace):
    folder = Path(tmp_path_factory.mktemp("r"))
    with contextlib.ExitStack() as stack:
        url = f"unix://{folder}/s"
        server = start_redis(folder)
        stack.callback(lambda: stop_redis(server))
        await until((folder / "s").exists, 10)
        async with live_base(url, namespace) as base:
            await until(lambda: base.following, 5)
            stop_redis(server)
            await until(lambda: not base.following, 10)
            assert await best(base, "快递三天没动") == "parcel"
            server = start_redis(folder)
            await until(lambda: base.following, 10)
            writer = ArticleStore(url, namespace)
            await writer.put(GIFT, 0, "lin", NOON)
            await writer.aclose()
            await until(lambda: len(base) == len(SHOP) + 1, 2)


async def test_too_many_waiting_questions_are_refused_at_once():
    thread = EncoderThread(LetterEncoder())
    try:
        tasks = [asyncio.create_task(thread.run(lambda: None)) for _ in range(200)]
        results = await asyncio.gather(*tasks, return_exceptions=True)
        refused = [result for result in results if isinstance(result, TooBusy)]
        assert 100 < len(refused) < 200
        assert await thread.run(lambda: 7) == 7
    finally:
        thread.close()
