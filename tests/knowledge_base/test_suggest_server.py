"""Suggestions over HTTP, from the real server with its real encoder."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest

from knowledge_base.client import KnowledgeUnavailable
from knowledge_base.editing_client import EditingClient, KnowledgeRefused
from knowledge_base.suggesting.answered import Answered
from knowledge_base.suggesting.candidate import Candidate
from knowledge_base.suggesting.client import Outcome, SuggestingClient
from knowledge_base.suggesting.moment import Moment
from tests.knowledge_base.test_macros import GOOD, changed


@pytest.fixture
async def client(server_url: str) -> AsyncIterator[SuggestingClient]:
    async with SuggestingClient(server_url) as client:
        for _ in range(600):
            try:
                await client.macros()
                break
            except KnowledgeUnavailable:  # macros come just after the articles
                await asyncio.sleep(0.05)
        yield client


async def until(client: SuggestingClient, moment: Moment, wanted: str) -> Candidate:
    """The candidate, once the server has heard of it."""
    for _ in range(100):
        for candidate in await client.suggest(moment, seconds=5):
            if candidate.id == wanted:
                return candidate
        await asyncio.sleep(0.05)
    raise AssertionError(f"{wanted} was never suggested")


async def test_a_stuck_parcel_finds_its_article_and_its_macro(client: SuggestingClient) -> None:
    found = await client.suggest(Moment(("快递三天没动了，怎么回事",)), seconds=5)
    assert {"macro:parcel-stuck", "article:logistics-no-movement"} <= {one.source for one in found}
    assert found == sorted(found, key=lambda one: one.confidence, reverse=True)
    article = next(one for one in found if one.kind == "article")
    assert article.text
    assert article.version >= 1


async def test_the_situation_counts_and_not_the_last_line_alone(client: SuggestingClient) -> None:
    before = ("微信扣了我128 说是会员费", "我压根没点过开通")
    alone = await client.suggest(Moment(("能退不",)), seconds=5)
    told = await client.suggest(Moment(("能退不",), before), seconds=5)
    sure = {one.source: one.confidence for one in alone}
    assert next(one for one in told if one.id.startswith("membership")).confidence > sure.get(
        "macro:membership-renewal", 0.0
    )


async def test_a_number_just_given_is_looked_up_and_not_asked_for(client: SuggestingClient) -> None:
    known = frozenset({"order_number"})
    found = await client.suggest(Moment(("QH20260411902",), ("快递没动",), known=known, gave=known), seconds=5)
    assert found[0].id == "checking"
    assert "ask-order-number" not in [one.id for one in found]


async def test_nonsense_is_suggested_nothing_with_confidence(client: SuggestingClient) -> None:
    found = await client.suggest(Moment(("阿斯顿发斯蒂芬啦啦啦",)), seconds=5)
    assert max(one.confidence for one in found) < 0.15


async def test_traditional_characters_and_english_are_answered_in_kind(client: SuggestingClient) -> None:
    traditional = await client.suggest(Moment(("包裹三天沒有更新",), language="zh-Hant"), seconds=5)
    assert "訂單" in traditional[0].text or "承運方" in traditional[0].text
    english = await client.suggest(Moment(("my parcel has not moved for days",), language="en"), seconds=5)
    assert english[0].text.isascii()


async def test_what_an_agent_answered_is_suggested_in_a_similar_situation(client: SuggestingClient) -> None:
    answer = Answered("c9-y", 12, "我家猫把快递箱抓烂了还能退吗", "猫咪抓坏外箱不要紧，商品完好就能退。", "zh-Hans")
    await client.add_answered([answer])
    found = await until(client, Moment(("猫把箱子抓破了可以退货吗",)), answer.id)
    assert (found.kind, found.conversation, found.text) == ("answered", "c9-y", answer.reply)
    assert found.confidence > 0.3


async def test_what_agents_do_with_a_suggestion_moves_it_a_little(client: SuggestingClient) -> None:
    moment = Moment(("孩子拿我手机乱买东西",))
    before = next(one for one in await client.suggest(moment, seconds=5) if one.id == "child-purchase")
    noted = [Outcome("macro:child-purchase", what, "c1-x", 3, kept) for what, kept in (("shown", 0.0), ("used", 1.0))]
    for _ in range(10):
        await client.note(noted)
    after = next(one for one in await client.suggest(moment, seconds=5) if one.id == "child-purchase")
    assert after.prior is not None
    assert (after.prior.shown, after.prior.used) == (10, 10)
    assert 0 < after.prior.shift <= 0.5
    assert after.confidence > before.confidence


async def test_an_edited_macro_is_live_at_once_and_a_deleted_one_gone(
    client: SuggestingClient, server_url: str
) -> None:
    wanted = changed(id="parrot", asked={"zh-Hans": ["我的鹦鹉学会了骂人"]}, when={})
    moment = Moment(("鹦鹉会骂人怎么办",))
    async with EditingClient(server_url) as editing:
        saved = await editing.save_macro("parrot", {**wanted, "by": "mei"}, 0)
        assert (await client.suggest(moment, seconds=5))[0].id == "parrot"
        with pytest.raises(KnowledgeRefused) as late:
            await editing.save_macro("parrot", {**wanted, "by": "bo"}, 0)
        assert (late.value.status, late.value.code) == (412, "macro_changed")
        with pytest.raises(KnowledgeRefused) as bad:
            await editing.save_macro("parrot", {**GOOD, "id": "parrot", "text": {}, "by": "bo"}, saved["version"])
        assert (bad.value.status, bad.value.code) == (422, "bad_macro")
        await editing.delete_macro("parrot", saved["version"], "mei")
    assert "parrot" not in [one.id for one in await client.suggest(moment, seconds=5)]


async def test_macros_are_found_while_an_agent_types(client: SuggestingClient) -> None:
    assert (await client.search_macros("退货邮费", "zh-Hans"))[0].id == "return-fee"
    assert await client.search_macros("👍", "zh-Hans") == []


async def test_suggestions_come_in_time(client: SuggestingClient) -> None:
    took = []
    for number in range(30):
        moment = Moment((f"第{number}次问了，我的空调修好没有",), (f"我是{number}号约的师傅",))
        began = time.perf_counter()
        await client.suggest(moment, seconds=5)
        took.append(time.perf_counter() - began)
    assert sorted(took)[len(took) // 2] < 0.25


async def test_a_request_that_makes_no_sense_is_told_so(server_url: str) -> None:
    async with SuggestingClient(server_url) as client:
        with pytest.raises(KnowledgeUnavailable):
            await client._post("/suggest", 2.0, {"asked": "no list"})
