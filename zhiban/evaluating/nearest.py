"""Baselines: the label of the nearest known text, by BM25, by character n-grams, or by an encoder alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import bm25s
import numpy as np
import rjieba
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer

from knowledge_base.encoder import Encoder, prepared
from knowledge_base.encoders.packaged import PARTS
from zhiban.evaluating.result import ANSWERED, Result, System, inside
from zhiban.evaluating.rows import Question

BEST = 5
_USE_DIMENSION = 512
_BLOCK = 256

Scores = NDArray[np.float32]


class Nearest:
    """Known texts with their labels, and questions; every baseline scores each question against each text."""

    def __init__(self, texts: Sequence[str], labels: Sequence[str], questions: Sequence[Question]) -> None:
        """`texts` as they stand in the base; all are `prepared` here."""
        self._known, self._labels, self._questions = [prepared(text) for text in texts], labels, questions
        self._asked = [prepared(one.text) for one in questions]
        self._names = sorted(set(labels))
        places = {name: place for place, name in enumerate(self._names)}
        owners = np.array([places[label] for label in labels])
        self._order = np.argsort(owners, kind="stable")
        self._starts = np.searchsorted(owners[self._order], np.arange(len(self._names)))

    def systems(self, encoder: Encoder) -> Iterator[System]:
        yield System("BM25", self._results(self._bm25()))
        yield System("TF-IDF, characters 1-4", self._results(self._tfidf()))
        known, asked = encoder.encode(self._known), encoder.encode(self._asked)
        for name, part in _parts(encoder):
            yield System(f"nearest, {name}", self._results(_cosines(known[:, part], asked[:, part])))

    def _bm25(self) -> Iterator[Scores]:
        index = bm25s.BM25()
        index.index([_words(text) for text in self._known], show_progress=False)
        nothing = np.zeros((1, len(self._known)), np.float32)
        for text in self._asked:
            words = [word for word in _words(text) if word in index.vocab_dict]
            yield index.get_scores(words)[None] if words else nothing

    def _tfidf(self) -> Iterator[Scores]:
        vectorizer = TfidfVectorizer(analyzer="char_wb", ngram_range=(1, 4), sublinear_tf=True, dtype=np.float32)
        known = vectorizer.fit_transform(self._known).T.tocsr()
        for start in range(0, len(self._asked), _BLOCK):
            yield (vectorizer.transform(self._asked[start : start + _BLOCK]) @ known).toarray()

    def _results(self, blocks: Iterator[Scores]) -> list[Result]:
        """A label has the score of its best text."""
        rows = (row for block in blocks for row in np.maximum.reduceat(block[:, self._order], self._starts, axis=1))
        return [self._result(question, row) for question, row in zip(self._questions, rows, strict=True)]

    def _result(self, question: Question, scores: Scores) -> Result:
        best = np.argsort(-scores, kind="stable")[:BEST]
        sure = float(scores[best[0]])
        found = tuple(self._names[place] for place in best)
        return Result(question.text, question.right, found, sure, familiarity=sure, groups=question.groups)


def as_many_answered(theirs: System, ours: System) -> System:
    """Theirs, answering what it is surest of: as many texts in scope as ours does. Lenient: no threshold need hold."""
    count = sum(one.outcome == ANSWERED for one in inside(ours.results))
    scores = sorted((one.sure for one in inside(theirs.results)), reverse=True)
    least = scores[count - 1] if count else float("inf")
    return replace(
        theirs,
        results=[replace(one, outcome=ANSWERED if one.sure >= least else "unknown") for one in theirs.results],
    )


def _parts(encoder: Encoder) -> list[tuple[str, slice]]:
    """The encoders that the vectors are joined of, each alone."""
    if encoder.identity.name not in PARTS:
        return [(encoder.identity.name, slice(None))]
    first, second = PARTS[encoder.identity.name]
    return [(first, slice(0, _USE_DIMENSION)), (second, slice(_USE_DIMENSION, None))]


def _cosines(known: Scores, asked: Scores) -> Iterator[Scores]:
    known, asked = (part / np.maximum(np.linalg.norm(part, axis=1, keepdims=True), 1e-9) for part in (known, asked))
    for start in range(0, len(asked), _BLOCK):
        yield asked[start : start + _BLOCK] @ known.T


def _words(text: str) -> list[str]:
    """Words and their single characters: short messages share few whole words."""
    words = [word for word in rjieba.cut(text) if word.strip()]
    return [*words, *(character for word in words if len(word) > 1 and not word.isascii() for character in word)]
