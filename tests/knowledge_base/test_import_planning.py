"""What a dry run says: what would be made, changed and left alone, and which questions are taken already."""

from collections.abc import AsyncIterator
from datetime import datetime, timezone

import numpy as np
import pytest

from knowledge_base.bulk_store import BulkStore
from knowledge_base.encoder import prepared
from knowledge_base.importing.collisions import Asked, Texts, collisions, threshold
from knowledge_base.importing.importer import Importer
from knowledge_base.importing.report import MOST_LISTED, ImportRefused
from tests.knowledge_base.letters import LetterEncoder
from tests.knowledge_base.shop import PARCEL, REFUND, SHOP, article

NOON = datetime(2026, 11, 22, 12, tzinfo=timezone.utc)
HEADER = "id,language,question,phrasings,answer,category\n"
ENCODER = LetterEncoder()


def texts(*asked: Asked) -> Texts:
    return Texts(asked, ENCODER.encode([one.text for one in asked]))


async def encode(written):
    return ENCODER.encode([prepared(text) for text in written])


@pytest.fixture
async def store(redis_url, namespace) -> AsyncIterator[BulkStore]:
    store = BulkStore(redis_url, namespace)
    await store.put_all([(one, 0) for one in SHOP], "lin", NOON)
    yield store
    await store.aclose()


@pytest.fixture
def importer(store) -> Importer:
    async def known(without, _):
        shop = [one for one in SHOP if one.id not in without]
        return [texts(*(Asked(one.id, prepared(text)) for one in shop for text in one.texts["zh-Hans"].asked()))]

    return Importer(store, encode, known, SHOP)


@pytest.fixture
def plan(importer, tmp_path):
    async def planning(text: str):
        path = tmp_path / "articles.csv"
        path.write_text(text, encoding="utf-8")
        return await importer.plan(path)

    return planning


REFUND_ROW = (
    'refund,zh,退款多久到账,"退款几天到账\n退的钱什么时候到账\n退款还没到账\n多久能收到退款",'
    "关于「退款多久到账」的回答。,shop\n"
)


async def test_a_dry_run_counts_and_names_what_would_change(plan, store):
    rows = (
        REFUND_ROW
        + "parcel,zh,快递不动了怎么办,,新的回答,\ngift,zh,礼品卡怎么用,,这样用,gifts\nparcel,en,My parcel?,,Wait.,\n"
    )
    report = (await plan(HEADER + rows)).report
    assert (report.rows, report.articles, report.created, report.changed, report.unchanged) == (4, 3, 1, 1, 1)
    assert [(one.id, one.what, one.fields) for one in report.changes] == [
        ("parcel", "changed", ("texts.en", "texts.zh-Hans.phrasings", "texts.zh-Hans.answer")),
        ("gift", "created", ()),
    ]
    assert await store.revision() == len(SHOP)


async def test_columns_that_a_file_does_not_have_stay_as_they_are(plan, importer, store):
    done = await importer.apply(await plan("id,question,answer\nfraud,内部欺诈处理流程,新答案\n"), "wang", NOON)
    assert (done.applied, done.changed) == (True, 1)
    changed = (await store.editions(["fraud"]))[0]
    assert changed.version == 2
    assert changed.article.audience == "agent"
    assert changed.article.texts["zh-Hans"].phrasings == ("欺诈怎么上报",)
    assert changed.article.texts["zh-Hans"].answer == "新答案"


async def test_nothing_is_imported_when_one_row_is_broken(plan, importer, store):
    with pytest.raises(ImportRefused) as refused:
        await importer.apply(await plan(HEADER + "gift,zh,礼品卡怎么用,,这样用,g\ngift2,zh,,,答,g\n"), "wang", NOON)
    assert [(one.row, one.column) for one in refused.value.report.broken] == [(3, "question")]
    assert await store.revision() == len(SHOP)


async def test_importing_the_same_file_again_changes_nothing(plan, importer, store):
    text = HEADER + "gift,zh,礼品卡怎么用,,这样用,g\n"
    await importer.apply(await plan(text), "wang", NOON)
    again = await plan(text)
    assert (again.report.unchanged, again.writes) == (1, ())
    assert (await importer.apply(again, "wang", NOON)).applied
    assert await store.revision() == len(SHOP) + 1


async def test_questions_that_are_taken_are_named_with_the_article_that_has_them(plan):
    rows = "a,zh,快递 三天没动？,,答,c\nb,zh,要发票,,答,c\nc,zh,今天天气,,答,c\nd,zh,今天天氣,,答,c\n"
    found = (await plan(HEADER + rows)).report.collisions
    same = {(one.row, one.id, one.article) for one in found if one.same}
    assert same >= {(4, "c", "d"), (5, "d", "c")}
    assert all(one.similarity == 1.0 for one in found if one.same)
    assert [one.same for one in found] == sorted((one.same for one in found), reverse=True)


async def test_an_articles_own_wording_is_no_collision(plan):
    assert (await plan(HEADER + "parcel,zh,快递三天没动,快递不动了怎么办,答,c\n")).report.collisions == ()


def test_similar_questions_of_other_articles_collide_from_the_threshold_on():
    new = texts(Asked("new", "怎么开电子发票", "怎么开电子发票", 2), Asked("far", "qwert yuiop", "qwert yuiop", 3))
    known = [texts(Asked("invoice", "电子发票怎么开"), Asked("refund", "退款"))]
    likeness = float(np.max(new.vectors[0] @ known[0].vectors.T))
    (found,) = collisions(new, known, likeness - 0.001)
    assert (found.row, found.article, found.similar_to, found.same) == (2, "invoice", "电子发票怎么开", False)
    assert found.similarity == pytest.approx(likeness, abs=1e-4)
    assert collisions(new, known, likeness + 0.001) == []


def test_blocks_of_many_texts_give_what_one_would(monkeypatch):
    new = texts(*(Asked(f"n{place}", f"问题{place}号", "", place) for place in range(30)))
    known = [texts(*(Asked(f"k{place}", f"第{place}号问题") for place in range(40)))]
    whole = collisions(new, known, 0.1)
    monkeypatch.setattr("knowledge_base.importing.collisions._QUESTIONS_AT_ONCE", 7)
    monkeypatch.setattr("knowledge_base.importing.collisions._KNOWN_AT_ONCE", 5)
    assert collisions(new, known, 0.1) == whole != []


def test_the_threshold_is_what_distinct_questions_hardly_reach():
    asked = [Asked(one.id, prepared(one.texts["zh-Hans"].question)) for one in (*SHOP, REFUND, PARCEL)]
    asked.append(Asked("twin", asked[0].text))
    assert threshold(texts(*asked)) == pytest.approx(1.0, abs=1e-3)
    assert threshold(texts(*asked[:2])) < 0.9


async def test_long_lists_are_cut_and_counted(plan):
    rows = "".join(f"a{place},xx,问题{place},,答,c\n" for place in range(MOST_LISTED + 50))
    data = (await plan(HEADER + rows)).report.as_json()
    assert (len(data["broken"]), data["totals"]["broken"]) == (MOST_LISTED, MOST_LISTED + 50)


async def test_a_validity_that_ends_before_the_stored_start_is_a_broken_row(plan, store):
    await store.put(article("late", "何时开始", valid_from="2027-01-01"), 0, "lin", NOON)
    text = "id,language,question,answer,valid_until\nlate,zh,何时开始,答,2026-12-01\n"
    found = (await plan(text)).report.broken
    assert [(one.row, one.column) for one in found] == [(2, "valid_until")]
