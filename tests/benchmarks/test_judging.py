"""Whether an answer was right is judged alike for both sides, whatever they do with the text."""

import json
from dataclasses import replace

import pytest

from benchmarks.judging import Judge
from benchmarks.workload import Message
from knowledge_base.shipped import read_articles

ARTICLES = {article.id: article for article in read_articles()}
RIGHT, OTHER = ARTICLES["orders-track-status"], ARTICLES["orders-not-shipped"]
ASKED = Message("faq", "订单在哪里看", articles=(RIGHT.id,))


@pytest.fixture(scope="module")
def judge():
    return Judge.of_shipped()


def said(*texts, buttons=()):
    return [{"recipient_id": "a", "text": text} for text in texts[:-1]] + [
        {"recipient_id": "a", "text": texts[-1], "buttons": list(buttons)}
    ]


def choice(article):
    payload = "/choose_article" + json.dumps({"article_id": article, "article_version": 1})
    return {"title": "?", "payload": payload}


def test_the_right_answer_counts_in_every_language(judge):
    for language in ("zh-Hans", "zh-Hant", "en"):
        assert judge.outcome(ASKED, said(RIGHT.render(language, 1).answer)) == "right"


def test_an_answer_in_paragraphs_with_a_word_before_it_is_still_that_answer(judge):
    lines = [line for line in RIGHT.texts["zh-Hans"].answer.replace("**", "").splitlines() if line]
    assert judge.outcome(ASKED, said("您好，我是智能客服。", *lines)) == "right"


def test_another_article_is_wrong(judge):
    assert judge.outcome(ASKED, said(OTHER.texts["zh-Hans"].answer)) == "wrong"


def test_a_choice_counts_as_one_only_with_the_right_article_in_it(judge):
    assert judge.outcome(ASKED, said("您想问的是？", buttons=[choice(OTHER.id), choice(RIGHT.id)])) == "choice"
    assert judge.outcome(ASKED, said("您想问的是？", buttons=[choice(OTHER.id)])) == "none"


def test_silence_is_no_answer(judge):
    assert judge.outcome(ASKED, []) == "silent"


def test_an_order_is_right_when_the_answer_names_it(judge):
    last = Message("order", "1234", order="QH20260412345")
    assert judge.outcome(last, said("订单 **QH20260412345**：运输中")) == "right"
    assert judge.outcome(last, said("没有查到这笔订单")) == "none"


def test_an_article_in_answer_to_something_unknown_is_seen(judge):
    assert judge.outcome(Message("unknown", "明天下雨吗"), said(RIGHT.texts["zh-Hans"].answer)) == "article"
    assert judge.outcome(Message("unknown", "明天下雨吗"), said("这个我不会")) == "none"


def test_two_articles_that_begin_alike_are_refused():
    with pytest.raises(ValueError, match="begin alike"):
        Judge.of([RIGHT, replace(RIGHT, id="twin")])
