"""The figures say what they are called."""

import math
from pathlib import Path

import pytest
import yaml

from knowledge_base.article import CUSTOMER
from knowledge_base.evaluation import Asked, Query, evaluate, summarise
from knowledge_base.shipped import read_articles
from knowledge_base.understanding import ArticleMatch, EncoderIdentity, Understanding
from tests.knowledge_base.letters import LetterEncoder
from tests.knowledge_base.shop import OUT_OF_SCOPE, SHOP

HELDOUT = Path(__file__).parent.parent / "heldout"


def asked(relevant: set[str], outcome: str, *found: tuple[str, float]) -> Asked:
    matches = tuple(ArticleMatch(article_id, 1, confidence, "", "", "") for article_id, confidence in found)
    understanding = Understanding("", EncoderIdentity("e", "1", 1), "1", outcome, matches)
    return Asked(Query("?", frozenset(relevant)), understanding, 0.01)


def test_figures_of_five_questions_counted_by_hand():
    figures = summarise(
        [
            asked({"a"}, "answer", ("a", 1.0), ("b", 0.0)),
            asked({"a"}, "answer", ("b", 1.0), ("a", 0.0)),
            asked({"a", "c"}, "choice", ("b", 0.5), ("d", 0.2), ("c", 0.1)),
            asked({"a"}, "unknown", ("b", 0.1)),
            asked(set(), "choice", ("a", 0.5)),
        ],
        articles=4,
    )
    assert (figures.recall_at_1, figures.recall_at_3, figures.recall_at_5) == (0.25, 0.75, 0.75)
    assert figures.mrr == pytest.approx((1 + 1 / 2 + 1 / 3 + 0) / 4)
    assert (figures.answered, figures.choice, figures.refused) == (0.5, 0.25, 0.25)
    assert (figures.answered_precision, figures.choice_recall) == (0.5, 1.0)
    assert (figures.oos_passed, figures.oos_choice) == (0.0, 1.0)
    assert figures.auroc == pytest.approx((1 + 1 + 0.5 + 0) / 4)
    assert figures.brier == pytest.approx((0 + 1 + 0.25 + 0.01 + 0.25) / 5)
    assert "recall_at_1 0.25" in figures.lines()


def test_nothing_to_measure_is_not_a_number():
    assert math.isnan(summarise([], 0).recall_at_1)


def test_a_base_is_evaluated_from_its_articles():
    queries = [
        Query("快递三天没动", frozenset({"parcel"})),
        Query("我要发票", frozenset({"invoice"})),
        Query("下雪了", frozenset()),
    ]
    figures = evaluate(SHOP, queries, LetterEncoder(), OUT_OF_SCOPE)
    assert (figures.recall_at_1, figures.queries, figures.articles) == (1.0, 3, 4)


def test_every_held_out_situation_names_articles_that_exist():
    situations: dict[str, list[str]] = yaml.safe_load((HELDOUT / "situations.yml").read_text(encoding="utf-8"))
    visible = {one.id for one in read_articles() if one.audience == CUSTOMER}
    assert {article_id for ids in situations.values() for article_id in ids} <= visible
    assert [name for name, ids in situations.items() if not ids] == ["out-of-scope"]
