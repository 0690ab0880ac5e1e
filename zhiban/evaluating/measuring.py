"""Zhiban and its baselines asked the same texts in the same run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from knowledge_base.article import Article
from zhiban.evaluating.base import ask_all, entries_of, learned, make_retriever
from zhiban.evaluating.intent_model import IntentModel, Labelled
from zhiban.evaluating.kept_encoder import KeptEncoder, Tell
from zhiban.evaluating.nearest import Nearest
from zhiban.evaluating.result import System
from zhiban.evaluating.rows import Question

__all__ = ["Measured", "Tell", "intents", "retrieval"]

ZHIBAN = "Zhiban"


@dataclass(frozen=True)
class Measured:
    """Zhiban and the baselines, in the order of the report."""

    ours: System
    baselines: Sequence[System]


def retrieval(
    articles: Sequence[Article],
    questions: Sequence[Question],
    encoder: KeptEncoder,
    folder: Path,
    baselines: bool = True,
) -> Measured:
    """`articles` asked `questions`; what they teach is kept in `folder`."""
    entries = entries_of(articles, encoder)
    retriever = make_retriever(articles, entries, encoder, learned(entries, encoder, folder))
    ours = System(ZHIBAN, ask_all(retriever, encoder, questions), probabilities=True)
    texts = [(text, one.id) for one in articles for wording in one.texts.values() for text in wording.asked()]
    return Measured(ours, _nearest(texts, questions, encoder) if baselines else ())


def intents(
    examples: Sequence[Labelled], questions: Sequence[Question], encoder: KeptEncoder, baselines: bool = True
) -> Measured:
    """The classifier that learned `examples` asked `questions`."""
    ours = System(ZHIBAN, IntentModel(encoder, examples).ask_all(questions), probabilities=True)
    return Measured(ours, _nearest(examples, questions, encoder) if baselines else ())


def _nearest(known: Sequence[Labelled], questions: Sequence[Question], encoder: KeptEncoder) -> list[System]:
    texts, labels = [text for text, _ in known], [label for _, label in known]
    return list(Nearest(texts, labels, questions).systems(encoder))
