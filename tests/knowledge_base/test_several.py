"""Several questions in one message: told apart, each read, and answered together where each is sure."""

from dataclasses import replace

import pytest

from knowledge_base.several import Part, asks, parts_of, together
from knowledge_base.understanding import (
    ANSWER,
    CHOICE,
    UNKNOWN,
    ArticleMatch,
    EncoderIdentity,
    ReadPart,
    Understanding,
)


@pytest.mark.parametrize(
    ("message", "parts"),
    [
        ("运费谁出\n发票怎么开", ["运费谁出", "发票怎么开"]),
        ("运费谁出？另外发票怎么开", ["运费谁出?", "发票怎么开"]),
        ("運費誰出？順便問一下發票怎麼開", ["運費誰出?", "發票怎麼開"]),
        ("能退吗，还有多久到账", ["能退吗", "多久到账"]),
        ("How do I return this? Also, where is my parcel?", ["How do I return this?", "where is my parcel?"]),
        ("我昨天买的。收到是坏的。你们怎么赔？", ["我昨天买的", "收到是坏的", "你们怎么赔?"]),
    ],
)
def test_questions_are_told_apart(message: str, parts: list[str]) -> None:
    assert parts_of(message) == parts


@pytest.mark.parametrize(
    "message",
    [
        "运费谁出",
        "你好！运费谁出？",
        "快递三天没动静了，我能不能申请退款？",
        "还有什么优惠",
        "我还有一个问题：发票怎么开",
        "",
        "\n\n？？",
        "一件事。" * 40,
    ],
)
def test_one_question_stays_whole(message: str) -> None:
    assert parts_of(message) == []


def test_what_asks_is_told_from_what_tells() -> None:
    assert all(map(asks, ("发票怎么开", "發票能不能補開", "can I return it")))
    assert not asks("我昨天买的手机壳")


def match(article: str, confidence: float = 0.95) -> ArticleMatch:
    return ArticleMatch(article, 1, confidence, f"{article}?", f"{article}.", "shop")


def understood(outcome: str, *articles: ArticleMatch) -> Understanding:
    return Understanding("AAAA", EncoderIdentity("e", "1", 1), "7", outcome, articles)


def part(outcome: str, *articles: ArticleMatch, asks: bool = True) -> Part:
    return Part(understood(outcome, *articles), asks)


def test_both_are_answered_in_the_order_of_the_message() -> None:
    whole = understood(ANSWER, match("b"), match("a", 0.3))
    found = together(whole, [part(ANSWER, match("a")), part(ANSWER, match("b"))])
    assert (found.outcome, found.articles[0].id, [one.id for one in found.also]) == (ANSWER, "a", ["b"])


def test_what_is_unsure_as_a_whole_is_answered_by_its_parts() -> None:
    whole = understood(UNKNOWN, match("c", 0.1))
    found = together(whole, [part(UNKNOWN, match("c", 0.1)), part(ANSWER, match("b"))])
    assert (found.outcome, found.articles[0].id, found.also) == (ANSWER, "b", ())


def test_one_question_in_several_sentences_has_the_answer_of_the_whole() -> None:
    whole = understood(ANSWER, match("w"))
    assert together(whole, [part(ANSWER, match("a")), part(ANSWER, match("b"))]) == whole


def test_parts_that_are_not_sure_change_nothing() -> None:
    whole = understood(CHOICE, match("a", 0.5), match("b", 0.4))
    assert together(whole, [part(ANSWER, match("a", 0.7)), part(CHOICE, match("b", 0.9))]) == whole


def test_what_only_tells_something_must_be_surer() -> None:
    whole = understood(ANSWER, match("a"))
    parts = [part(ANSWER, match("a")), part(ANSWER, match("b", 0.85), asks=False)]
    assert together(whole, parts).also == ()
    parts = [part(ANSWER, match("a")), part(ANSWER, match("b", 0.95), asks=False)]
    assert [one.id for one in together(whole, parts).also] == ["b"]


def test_a_wish_that_a_flow_fulfils_is_no_question() -> None:
    wish = part(ANSWER, replace(match("b"), flow="request_invoice"), asks=False)
    whole = understood(ANSWER, match("a"))
    assert together(whole, [part(ANSWER, match("a")), wish]).also == ()
    unsure = understood(UNKNOWN, match("a", 0.2))
    assert together(unsure, [part(UNKNOWN, match("a", 0.2)), wish]) == unsure


def test_a_statement_that_the_whole_answers_is_answered_first() -> None:
    whole = understood(ANSWER, match("a"))
    found = together(whole, [part(ANSWER, match("a"), asks=False), part(ANSWER, match("b"))])
    assert [found.articles[0].id, *(one.id for one in found.also)] == ["a", "b"]


def test_the_same_answer_is_given_once_and_never_more_than_three() -> None:
    whole = understood(ANSWER, match("a"))
    parts = [part(ANSWER, match(name)) for name in ("a", "a", "b", "c", "d")]
    found = together(whole, parts)
    assert [found.articles[0].id, *(one.id for one in found.also)] == ["a", "b", "c"]


def test_it_survives_the_way_over_the_wire() -> None:
    found = together(understood(ANSWER, match("a")), [part(ANSWER, match("a")), part(ANSWER, match("b"))])
    assert Understanding.from_json(found.as_json()) == found
    old = found.as_json()
    del old["also"]
    assert Understanding.from_json(old).also == ()


def test_the_parts_travel_with_their_vectors() -> None:
    whole = replace(
        understood(ANSWER, match("a")), parts=(ReadPart("运费谁出?", "AAAA"), ReadPart("发票怎么开", "BBBB"))
    )
    assert Understanding.from_json(whole.as_json()) == whole
    older = {key: value for key, value in whole.as_json().items() if key != "parts"}
    assert Understanding.from_json(older).parts == ()
