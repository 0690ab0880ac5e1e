"""Bases of few phrasings, cut from the shipped content, and how the held-out questions do in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from knowledge_base.article import Article
from knowledge_base.confirmed.hearing import Hearing
from knowledge_base.crossvalidation import Confirmed
from knowledge_base.encoder import Encoder, prepared
from knowledge_base.evaluation import Query, ask, summarise
from knowledge_base.learning import Lesson, learn_at_once
from knowledge_base.search import Entry
from knowledge_base.shipped import read_out_of_scope
from zhiban.evaluating.base import make_retriever
from zhiban.evaluating.rows import Question

SHOWN = ("recall_at_1", "recall_at_5", "answered", "answered_precision", "oos_passed", "auroc")


def short(article: Article, count: int, chinese_alone: bool = False) -> Article:
    """With the first `count` phrasings of each language."""
    chinese = {name: text for name, text in article.texts.items() if name == "zh-Hans"} if chinese_alone else {}
    kept = {
        name: replace(text, phrasings=text.phrasings[: count - 1]) for name, text in (chinese or article.texts).items()
    }
    return replace(article, texts=kept)


def figures(
    articles: Sequence[Article],
    entries: Sequence[Entry],
    encoder: Encoder,
    asked: Sequence[Question],
    confirmed: Sequence[Confirmed] = (),
) -> tuple[list[float], Hearing]:
    """Those of `SHOWN`, of a base that has learned and was calibrated as the server does it."""
    strange = [prepared(text) for text in read_out_of_scope()]
    outside = list(zip(strange, encoder.encode(strange), strict=True))
    learned = learn_at_once(Lesson("benchmark", entries, outside, None, confirmed, "all"))
    retriever = make_retriever(articles, entries, encoder, learned)
    encoder.encode([retriever.read(one.text) for one in asked])
    found = summarise(ask(retriever, encoder, [Query(one.text, one.right) for one in asked]), len(articles))
    return [getattr(found, name) for name in SHOWN], learned.hearing


def said(values: Sequence[float]) -> str:
    return " ".join(f"{name} {value:.3f}" for name, value in zip(SHOWN, values, strict=True))
