"""Which articles are most like a text: nearest phrasing, nearest centroid, and a light lexical partner."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from knowledge_base.article import Article
from knowledge_base.encoder import Encoder, Vectors, prepared
from knowledge_base.lexical import LexicalIndex
from knowledge_base.vector_index import Index

_FIRST_LOOK = 64  # phrasings; widened until enough different articles are found
ENOUGH = 8


@dataclass(frozen=True)
class Weights:
    """How much each part of the score counts; docs/retrieval.md has the measurement behind the numbers."""

    phrasing: float = 0.3
    centroid: float = 0.6
    lexical: float = 0.1


@dataclass(frozen=True)
class Entry:
    """An article as search knows it: its phrasings of all languages, prepared, with their vectors."""

    article_id: str
    phrasings: tuple[str, ...]
    vectors: Vectors


@dataclass(frozen=True)
class Candidate:
    """An article with its score, about 0-1; a score orders, it is no probability."""

    article_id: str
    score: float


def make_entry(article: Article, encoder: Encoder) -> Entry:
    """The article read and encoded; phrasings that are the same once prepared count once."""
    asked = (prepared(text) for wording in article.texts.values() for text in wording.asked())
    phrasings = tuple(dict.fromkeys(text for text in asked if text))
    return Entry(article.id, phrasings, encoder.encode(phrasings))


class Search:
    """All entries, searched one text at a time; used by one thread."""

    def __init__(self, index: Index, weights: Weights | None = None) -> None:
        self._index = index
        self._weights = weights or Weights()
        self._lexical = LexicalIndex()
        self._entries: dict[str, Entry] = {}
        self._centroids: dict[str, Vectors] = {}
        self._numbers: dict[str, list[int]] = {}
        self._owner: dict[int, str] = {}
        self._next = 0

    def entries(self) -> tuple[Entry, ...]:
        return tuple(self._entries.values())

    def put(self, entry: Entry) -> None:
        """Take in an entry, in the place of the one of the same article."""
        self.remove(entry.article_id)
        numbers = list(range(self._next, self._next + len(entry.phrasings)))
        self._next += len(numbers)
        self._index.add(numbers, entry.vectors)
        self._owner.update(dict.fromkeys(numbers, entry.article_id))
        self._numbers[entry.article_id] = numbers
        self._entries[entry.article_id] = entry
        self._centroids[entry.article_id] = _centroid(entry)
        self._lexical.put(entry.article_id, entry.phrasings)

    def remove(self, article_id: str) -> None:
        """Forget an article; an unknown one is ignored."""
        if self._entries.pop(article_id, None) is None:
            return
        numbers = self._numbers.pop(article_id)
        self._index.remove(numbers)
        for number in numbers:
            del self._owner[number]
        del self._centroids[article_id]
        self._lexical.remove(article_id)

    def candidates(
        self, text: str, vector: Vectors, allowed: Callable[[str], bool] = lambda _: True
    ) -> list[Candidate]:
        """At least the best articles for a prepared text and its vector, best first; empty only for an empty base."""
        lexical = self._lexical.scores(text)
        nearest = self._nearest_phrasings(vector, allowed)
        found = [
            Candidate(article_id, self._score(article_id, similarity, vector, lexical))
            for article_id, similarity in nearest.items()
        ]
        return sorted(found, key=lambda candidate: candidate.score, reverse=True)

    def _nearest_phrasings(self, vector: Vectors, allowed: Callable[[str], bool]) -> dict[str, float]:
        most = _FIRST_LOOK
        while True:
            best: dict[str, float] = {}
            for number, similarity in self._index.nearest(vector, most):
                article_id = self._owner[number]
                if article_id not in best and allowed(article_id):
                    best[article_id] = similarity
            if len(best) >= ENOUGH or most >= len(self._index):
                return best
            most *= 4

    def _score(self, article_id: str, similarity: float, vector: Vectors, lexical: dict[str, float]) -> float:
        weights = self._weights
        centroid = float(self._centroids[article_id] @ vector)
        return (
            weights.phrasing * similarity + weights.centroid * centroid + weights.lexical * lexical.get(article_id, 0.0)
        )


def build(entries: Iterable[Entry], index: Index, weights: Weights | None = None) -> Search:
    """A search over `entries`."""
    search = Search(index, weights)
    for entry in entries:
        search.put(entry)
    return search


def _centroid(entry: Entry) -> Vectors:
    """The direction in which an article's phrasings of all languages lie; one a language did worse."""
    mean = entry.vectors.mean(axis=0)
    unit: Vectors = (mean / max(float(np.linalg.norm(mean)), 1e-9)).astype(np.float32)
    return unit
