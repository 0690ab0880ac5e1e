"""Articles are taken in whole or refused with the field that is wrong, and shown in the reader's language."""

import pytest

from knowledge_base.article import BadArticle, parse_article
from knowledge_base.shipped import read_articles, read_out_of_scope
from tests.knowledge_base.shop import article, article_json


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"id": "Refund Time"}, "id"),
        ({"id": None}, "id"),
        ({"id": "x" * 81}, "id"),
        ({"audience": "everyone"}, "audience"),
        ({"flow": "/check order"}, "flow"),
        ({"category": ""}, "category"),
        ({"texts": {}}, "texts"),
        ({"texts": {"fr": {"question": "a", "answer": "b"}}}, "texts"),
        ({"texts": {"en": "no object"}}, "texts.en"),
        ({"texts": {"en": {"question": " ", "answer": "b"}}}, "texts.en.question"),
        ({"texts": {"en": {"question": "a", "answer": "b" * 9000}}}, "texts.en.answer"),
        ({"texts": {"en": {"question": "a", "answer": "b", "phrasings": "c"}}}, "texts.en.phrasings"),
        ({"texts": {"en": {"question": "a", "answer": "b", "phrasings": [1]}}}, "texts.en.phrasings"),
        ({"texts": {"en": {"question": "\ud800", "answer": "b"}}}, "texts.en.question"),
    ],
)
def test_a_bad_article_is_refused_with_the_field_that_is_wrong(change, field):
    with pytest.raises(BadArticle) as refused:
        parse_article({**article_json("a", "问题"), **change})
    assert refused.value.field == field


def test_an_article_survives_being_written_and_read():
    one = article("a", "退款多久到账", "几天到账", flow="check_order", audience="agent")
    assert parse_article(one.as_json()) == one


def test_traditional_is_derived_from_simplified():
    shown = article("a", "软件的优惠券用不了").render("zh-Hant", 3)
    assert (shown.question, shown.version) == ("軟體的優惠券用不了", 3)


def test_traditional_written_by_an_editor_is_kept():
    data = article_json("a", "优惠券")
    data["texts"]["zh-Hant"] = {"question": "折價券", "answer": "折價券的回答"}
    assert parse_article(data).render("zh-Hant", 1).question == "折價券"


def test_a_reader_of_another_language_sees_what_there_is():
    assert article("a", "优惠券").render("en", 1).question == "优惠券"


def test_every_shipped_article_is_sound():
    articles = read_articles()
    assert len(articles) >= 60
    assert all({"zh-Hans", "en"} <= set(one.texts) for one in articles)


def test_no_phrasing_stands_in_two_shipped_articles_and_none_is_out_of_scope():
    owners: dict[str, set[str]] = {}
    for one in read_articles():
        for wording in one.texts.values():
            for text in wording.asked():
                owners.setdefault(text.casefold(), set()).add(one.id)
    assert [text for text, ids in owners.items() if len(ids) > 1] == []
    assert [text for text in read_out_of_scope() if text.casefold() in owners] == []
