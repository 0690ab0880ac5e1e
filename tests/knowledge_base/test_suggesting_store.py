"""Macros, past answers and outcomes in a real Redis."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timezone

import pytest

from knowledge_base.suggesting.answered import Answered, BadAnswer, parse_answered
from knowledge_base.suggesting.macro import parse_macro
from knowledge_base.suggesting.store import MacroChanged, Places, SuggestingStore
from tests.knowledge_base.test_macros import GOOD, changed

NOW = datetime(2026, 11, 22, tzinfo=timezone.utc)
MACRO = parse_macro(GOOD)
OTHER = parse_macro(changed(title={"zh-Hans": "另一个", "en": "Another"}))


@pytest.fixture
async def store(redis_url: str, namespace: str) -> AsyncIterator[SuggestingStore]:
    store = SuggestingStore(redis_url, namespace)
    yield store
    await store.aclose()


async def test_of_two_editors_one_is_told_that_somebody_was_faster(store: SuggestingStore) -> None:
    await store.put(MACRO.id, MACRO, 0, "mei", NOW)
    results = await asyncio.gather(
        *(store.put(MACRO.id, OTHER, 1, name, NOW) for name in ("bo", "lin")), return_exceptions=True
    )
    assert sorted(map(type, results), key=str) == sorted([int, MacroChanged], key=str)
    assert [one.version for one in await store.macros()] == [2]


async def test_what_an_editor_changed_or_deleted_is_not_shipped_again(store: SuggestingStore) -> None:
    assert await store.ship([MACRO], NOW) == 1
    assert await store.ship([MACRO], NOW) == 0
    assert await store.ship([OTHER], NOW) == 1  # shipped content that changed
    await store.put(MACRO.id, MACRO, 2, "mei", NOW)
    assert await store.ship([OTHER], NOW) == 0
    await store.put(MACRO.id, None, 3, "mei", NOW)
    assert await store.ship([MACRO], NOW) == 0
    (edition,) = await store.macros()
    assert (edition.macro, edition.version) == (None, 4)
    assert await store.put(MACRO.id, MACRO, 0, "mei", NOW) == 5  # an id that was deleted may be made anew


async def test_who_follows_hears_of_macros_and_answers(store: SuggestingStore) -> None:
    answer = Answered("c1-x", 7, "猫拆了包裹还能退吗", "商品完好就可以退。", "zh-Hans")
    waiting = asyncio.create_task(store.news(Places(), 2000))
    await store.put(MACRO.id, MACRO, 0, "mei", NOW)
    places, changed_ids, answers = await waiting
    assert (changed_ids, answers) == (["ask-order-number"], [])
    await store.add_answered([answer])
    places, changed_ids, answers = await store.news(places, 2000)
    assert (changed_ids, answers) == ([], [answer])
    assert await store.all_answered((await store.last()).answered) == [answer]
    assert await store.news(places, 10) == (places, [], [])


async def test_outcomes_are_counted_with_what_was_kept(store: SuggestingStore) -> None:
    entry = {"conversation": "c1-x", "for_seq": "4"}
    for outcome, kept in (("shown", 0.0), ("shown", 0.0), ("used", 1.0), ("edited", 0.4)):
        await store.note("macro:greet", outcome, kept, entry)
    records = await store.records(["macro:greet", "article:none"])
    assert (records["macro:greet"].shown, records["macro:greet"].used, records["macro:greet"].edited) == (2, 1, 1)
    assert records["macro:greet"].kept == pytest.approx(1.4)
    assert records["article:none"].shown == 0


def test_an_answer_without_words_is_refused() -> None:
    with pytest.raises(BadAnswer):
        parse_answered({"conversation": "c1", "seq": 1, "asked": " ", "reply": "好", "language": "zh-Hans"})
