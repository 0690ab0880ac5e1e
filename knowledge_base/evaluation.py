"""How well a knowledge base answers a set of questions whose right articles are known."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np
from sklearn.metrics import roc_auc_score

from knowledge_base import several
from knowledge_base.article import SIMPLIFIED, Article
from knowledge_base.encoder import Encoder, prepared
from knowledge_base.faiss_index import FaissIndex
from knowledge_base.learning import Lesson, learn_at_once
from knowledge_base.retriever import Edition, Retriever
from knowledge_base.search import Search, entry_of, texts_of
from knowledge_base.understanding import ANSWER, CHOICE, UNKNOWN, Understanding


@dataclass(frozen=True)
class Query:
    """A question and the articles that answer it; none for a question out of scope."""

    text: str
    relevant: frozenset[str]


@dataclass(frozen=True)
class Figures:
    """Fractions 0-1 unless the name says otherwise; NaN where there is nothing to measure."""

    recall_at_1: float
    recall_at_3: float
    recall_at_5: float
    mrr: float  # over the five articles returned
    answered: float  # of the questions in scope, as are choice and refused
    choice: float
    refused: float
    answered_precision: float  # of the questions in scope that were answered, those answered rightly
    choice_recall: float  # of the choices offered in scope, those that offer a right article
    oos_passed: float  # of the questions out of scope, those answered straight away
    oos_choice: float  # ... and those that got a choice
    auroc: float  # best confidence, in scope against out of scope
    brier: float  # best confidence against having been right, all questions: lower is better, 0 is best
    latency_p50_ms: float
    latency_p95_ms: float
    queries: int
    articles: int

    def lines(self) -> list[str]:
        """One line a figure, `recall_at_1 0.934`."""
        return [f"{name} {value:.4g}" for name, value in asdict(self).items()]


@dataclass(frozen=True)
class Asked:
    """A query with what came back."""

    query: Query
    understanding: Understanding
    seconds: float

    @property
    def rank(self) -> int | None:
        """Place of the first right article, from 1."""
        ids = [match.id for match in self.understanding.articles]
        return next((place for place, found in enumerate(ids, start=1) if found in self.query.relevant), None)

    @property
    def confidence(self) -> float:
        return self.understanding.articles[0].confidence if self.understanding.articles else 0.0


def evaluate(
    articles: Sequence[Article], queries: Sequence[Query], encoder: Encoder, out_of_scope: Sequence[str]
) -> Figures:
    """Ask a base made of `articles`, calibrated as the server does it, all `queries`."""
    return summarise(ask(make_retriever(articles, encoder, out_of_scope), encoder, queries), len(articles))


def make_retriever(articles: Sequence[Article], encoder: Encoder, out_of_scope: Sequence[str]) -> Retriever:
    """A calibrated base in memory."""
    dimension = encoder.identity.dimension
    retriever = Retriever(encoder.identity, Search(FaissIndex(dimension)))
    read = [texts_of(article) for article in articles]
    vectors = encoder.encode([text for texts in read for text in texts])
    ends = np.cumsum([len(texts) for texts in read])
    for article, part in zip(articles, np.split(vectors, ends[:-1]), strict=True):
        retriever.put(Edition(article, 1), entry_of(article, part))
    outside = [prepared(text) for text in out_of_scope]
    taught = list(zip(outside, encoder.encode(outside), strict=True))
    retriever.learn(learn_at_once(Lesson("evaluation", retriever.entries(), taught)))
    return retriever


def ask(retriever: Retriever, encoder: Encoder, queries: Sequence[Query]) -> list[Asked]:
    """Each query asked as a customer's message is."""
    asked = []
    for query in queries:
        began = time.perf_counter()
        understanding = several.understand(retriever, lambda text: encoder.encode([text])[0], query.text, SIMPLIFIED)
        asked.append(Asked(query, understanding, time.perf_counter() - began))
    return asked


def summarise(asked: Sequence[Asked], articles: int) -> Figures:
    """The figures of what was asked."""
    inside = [one for one in asked if one.query.relevant]
    outside = [one for one in asked if not one.query.relevant]
    answers = [one for one in inside if one.understanding.outcome == ANSWER]
    choices = [one for one in inside if one.understanding.outcome == CHOICE]
    milliseconds = [one.seconds * 1000 for one in asked]
    return Figures(
        recall_at_1=_recall(inside, 1),
        recall_at_3=_recall(inside, 3),
        recall_at_5=_recall(inside, 5),
        mrr=_share([1 / one.rank if one.rank else 0.0 for one in inside]),
        answered=_with(inside, ANSWER),
        choice=_with(inside, CHOICE),
        refused=_with(inside, UNKNOWN),
        answered_precision=_recall(answers, 1),
        choice_recall=_recall(choices, 3),
        oos_passed=_with(outside, ANSWER),
        oos_choice=_with(outside, CHOICE),
        auroc=_auroc(inside, outside),
        brier=_share([(one.confidence - float(one.rank == 1)) ** 2 for one in asked]),
        latency_p50_ms=_percentile(milliseconds, 50),
        latency_p95_ms=_percentile(milliseconds, 95),
        queries=len(asked),
        articles=articles,
    )


def _recall(asked: Sequence[Asked], within: int) -> float:
    return _share([float(one.rank is not None and one.rank <= within) for one in asked])


def _with(asked: Sequence[Asked], outcome: str) -> float:
    return _share([float(one.understanding.outcome == outcome) for one in asked])


def _share(values: Sequence[float]) -> float:
    return float(np.mean(values)) if values else float("nan")


def _percentile(values: Sequence[float], percent: int) -> float:
    return float(np.percentile(values, percent)) if values else float("nan")


def _auroc(inside: Sequence[Asked], outside: Sequence[Asked]) -> float:
    if not inside or not outside:
        return float("nan")
    truth = [1] * len(inside) + [0] * len(outside)
    return float(roc_auc_score(truth, [one.confidence for one in (*inside, *outside)]))
