"""Baselines are fair: they see every known text, and answer as much as they are compared with."""

import numpy as np
import pytest

from knowledge_base.understanding import EncoderIdentity
from zhiban.evaluating.nearest import Nearest, as_many_answered
from zhiban.evaluating.result import ANSWERED, Result, System
from zhiban.evaluating.rows import Question

KNOWN = ["退款多久到账", "钱什么时候退", "怎么开发票", "我要一张发票", "how do I get an invoice"]
LABELS = ["refund", "refund", "invoice", "invoice", "invoice"]


class Letters:
    """Vectors of which letters a text has."""

    identity = EncoderIdentity("letters", "1", 64)

    def encode(self, texts):
        rows = np.zeros((len(texts), 64), np.float32)
        for row, text in zip(rows, texts, strict=True):
            for letter in text:
                row[ord(letter) % 64] += 1
        return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)


@pytest.fixture
def systems():
    questions = [
        Question("退款到账要多久", frozenset({"refund"})),
        Question("開發票", frozenset({"invoice"})),  # the other script
        Question("☀☀", frozenset()),
    ]
    return list(Nearest(KNOWN, LABELS, questions).systems(Letters()))


def test_each_finds_what_has_the_same_words(systems):
    assert [one.name for one in systems] == ["BM25", "TF-IDF, characters 1-4", "nearest, letters"]
    for system in systems:
        assert [one.guessed for one in system.results[:2]] == ["refund", "invoice"], system.name


def test_every_label_is_ranked_once(systems):
    assert all(sorted(one.found) == ["invoice", "refund"] for system in systems for one in system.results)


def test_a_text_without_words_is_no_error(systems):
    assert systems[0].results[2].sure == 0


def made(sure, outcome="", right="a"):
    return Result("", frozenset({right} if right else ()), ("a",), sure, outcome)


def test_a_baseline_answers_as_many_in_scope_and_what_is_as_sure_out_of_it():
    ours = System("ours", [made(0.9, ANSWERED), made(0.8, ANSWERED), made(0.1, "choice"), made(0.5, "", "")])
    theirs = System("theirs", [made(3.0), made(1.0), made(2.0), made(2.5, "", "")])
    assert [one.outcome for one in as_many_answered(theirs, ours).results] == [ANSWERED, "unknown", ANSWERED, ANSWERED]


def test_where_nothing_is_answered_nothing_is_answered():
    ours = System("ours", [made(0.1, "choice")])
    assert [one.outcome for one in as_many_answered(System("t", [made(9.0)]), ours).results] == ["unknown"]
