"""`zhiban kb evaluate`: retrieval measured on a set of its own, in memory."""

import json
import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from knowledge_base.encoder import BATCH, Encoder, load_encoder
from knowledge_base.evaluation import Asked, ask, make_retriever, summarise
from knowledge_base.importing.evaluation_set import read_articles, read_queries
from knowledge_base.importing.report import UnreadableFile
from knowledge_base.search import texts_of
from knowledge_base.settings import BadSetting
from knowledge_base.settings import Settings as KnowledgeSettings
from knowledge_base.shipped import read_out_of_scope
from knowledge_base.understanding import EncoderIdentity
from knowledge_base.vectors import Vectors
from zhiban.kb_progress import bars
from zhiban.problems import Problem
from zhiban.settings import Settings

_MOST_CONFUSIONS, _MOST_EXAMPLES = 20, 3
_DIGITS = 4
_Found = TypeVar("_Found")
_FIGURES = (
    "recall_at_1 recall_at_3 recall_at_5 mrr answered choice refused answered_precision oos_passed auroc"
).split()
_LATENCIES = {"latency_ms_p50": "latency_p50_ms", "latency_ms_p95": "latency_p95_ms"}


def evaluate(settings: Settings, articles: Path, queries: Path, report: Path | None) -> None:
    """Print one line a figure, and write the report. Raises Problem."""
    figures, confusions = measure(settings, articles, queries)
    for name, value in figures.items():
        print(f"{name} {_rounded(value)}")
    if report is not None:
        data = {name: None if math.isnan(value) else value for name, value in figures.items()}
        text = json.dumps({**data, "confusions": confusions}, ensure_ascii=False, indent=2)
        try:
            report.write_text(text + "\n", encoding="utf-8")
        except OSError as error:
            raise Problem(f"{report}: {error.strerror}.") from error


def measure(settings: Settings, articles: Path, queries: Path) -> tuple[dict[str, float], list[dict[str, Any]]]:
    """The figures by name, and the worst confusions."""
    known, questions = _read(articles, read_articles), _read(queries, read_queries)
    try:
        knowledge = KnowledgeSettings.from_environment(settings.environ)
    except BadSetting as error:
        raise Problem(f"{error}.") from error
    encoder = load_encoder(knowledge.encoder, knowledge.encoder_prompt)
    texts = [text for article in known for text in texts_of(article)]
    asked: list[Asked] = []
    with bars() as shown:
        shortest_first = sorted(dict.fromkeys(texts), key=len)  # batches of equal length waste nothing on padding
        retriever = make_retriever(known, _Ahead(encoder, shortest_first, shown.show), read_out_of_scope())
        ask(retriever, encoder, questions[:1])  # the first question pays for building the tables
        for place, question in enumerate(questions, start=1):
            asked += ask(retriever, encoder, [question])
            shown.show("asking", place, len(questions))
    found = summarise(asked, len(known))
    figures = {name: float(getattr(found, name)) for name in _FIGURES}
    figures |= {name: float(getattr(found, theirs)) for name, theirs in _LATENCIES.items()}
    return {**figures, "queries": float(len(questions)), "articles": float(len(known))}, confusions(asked)


def confusions(asked: Sequence[Asked]) -> list[dict[str, Any]]:
    """Pairs of a right and a found article that were confused most often, with some of the queries."""
    by_pair: dict[tuple[str, str], list[Asked]] = {}
    for one in asked:
        if one.query.relevant and one.understanding.articles and one.rank != 1:
            pair = min(one.query.relevant), one.understanding.articles[0].id
            by_pair.setdefault(pair, []).append(one)
    worst = sorted(by_pair.items(), key=lambda item: (-len(item[1]), -max(one.confidence for one in item[1]), item[0]))
    return [
        {
            "relevant": right,
            "found": found,
            "count": len(group),
            "examples": [
                {
                    "query": one.query.text,
                    "outcome": one.understanding.outcome,
                    "confidence": one.confidence,
                    "rank": one.rank,
                }
                for one in sorted(group, key=lambda one: -one.confidence)[:_MOST_EXAMPLES]
            ],
        }
        for (right, found), group in worst[:_MOST_CONFUSIONS]
    ]


class _Ahead:
    """An encoder that has encoded some texts ahead, many at a time, which is several times faster than one by one."""

    def __init__(self, encoder: Encoder, texts: Sequence[str], show: Callable[[str, int, int], None]) -> None:
        self._encoder = encoder
        self._known: dict[str, Vectors] = {}
        for start in range(0, len(texts), BATCH):
            batch = texts[start : start + BATCH]
            self._known.update(zip(batch, encoder.encode(batch), strict=True))
            show("encoding", min(start + BATCH, len(texts)), len(texts))

    @property
    def identity(self) -> EncoderIdentity:
        return self._encoder.identity

    def encode(self, texts: Sequence[str]) -> Vectors:
        if texts and all(text in self._known for text in texts):
            return np.stack([self._known[text] for text in texts])
        return self._encoder.encode(texts)


def _read(path: Path, reader: Callable[[Path], _Found]) -> _Found:
    try:
        return reader(path)
    except UnreadableFile as error:
        raise Problem(f"{path}: {error}.") from error


def _rounded(value: float) -> str:
    return str(int(value)) if value.is_integer() and value > 1 else f"{round(value, _DIGITS):g}"
