"""Which articles are most like a text: nearest phrasing, centroid, a light lexical partner, and what was learned."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from knowledge_base.answers import Answers, Heard
from knowledge_base.article import Article
from knowledge_base.classifier import FEWEST_PHRASINGS, NOTHING_LEARNED, Classifier, key_of
from knowledge_base.encoder import Encoder, prepared
from knowledge_base.lexical import LexicalIndex, Wordings
from knowledge_base.vector_index import Index
from knowledge_base.vectors import Halved, Vectors

_FIRST_LOOK = 64  # phrasings; widened until enough different articles are found
_WIDEST = 4096  # ... and in a large base no further: what is no nearer than so many is no answer either
_LARGE = 16_384
ENOUGH = 8
SHARPNESS = 30.0  # from differences of scores to log-odds, by cross-validation; the same with and without classifier
_LOG_RANGE = 12.0  # a probability below e^-12 counts as none


@dataclass(frozen=True)
class Weights:
    """How much each part of the score counts; docs/retrieval.md has the measurement behind the numbers."""

    phrasing: float = 0.3
    centroid: float = 0.6
    lexical: float = 0.1
    classifier: float = 0.0


ALIKE = Weights()  # without a classifier
LEARNED = Weights(0.2, 0.0, 0.1, 0.7)  # with one, which knows of the centroid what there is to know
_FEW = 20  # phrasings: an article with fewer is found by its answer too
_LONGEST_ANSWER = 400  # characters: what it is about stands at its beginning
_MARKS = re.compile(r"\]\([^)]*\)|[*_#>`|\[\]]+")


@dataclass(frozen=True)
class Entry:
    """An article as search knows it: its phrasings of all languages, prepared, with their vectors.

    Where these are few, also its `answer` with the vector of that: it says in other words what is asked.
    """

    article_id: str
    phrasings: tuple[str, ...]
    vectors: Vectors | Halved
    answer: str = ""
    answer_vector: Vectors | None = None


@dataclass(frozen=True)
class Candidate:
    """An article with its score, about 0-1, and the parts of it; a score orders, it is no probability.

    `classifier` is the probability that the classifier gives, None when it does not know the article; `reranker` the
    one that a reranker gives among those it has read, None when it has not.
    """

    article_id: str
    score: float
    phrasing: str = ""
    similarity: float = 0.0
    centroid: float = 0.0
    lexical: float = 0.0
    classifier: float | None = None
    reranker: float | None = None


def make_entry(article: Article, encoder: Encoder) -> Entry:
    """The article read and encoded; phrasings that are the same once prepared count once."""
    return entry_of(article, encoder.encode(texts_of(article)))


def texts_of(article: Article) -> tuple[str, ...]:
    """All of an article that is encoded: its phrasings, and where they are few its answer."""
    answer = _answer_of(article)
    return (*phrasings_of(article), answer) if answer else phrasings_of(article)


def entry_of(article: Article, vectors: Vectors) -> Entry:
    """The entry of an article and the vectors of its `texts_of`."""
    phrasings, answer = phrasings_of(article), _answer_of(article)
    if not answer:
        return Entry(article.id, phrasings, vectors)
    return Entry(article.id, phrasings, vectors[:-1], answer, vectors[-1])


def _answer_of(article: Article) -> str:
    if len(phrasings_of(article)) >= _FEW:
        return ""
    answers = (prepared(_MARKS.sub(" ", wording.answer)) for wording in article.texts.values())
    return " ".join(answer[:_LONGEST_ANSWER] for answer in answers)


def phrasings_of(article: Article) -> tuple[str, ...]:
    """Every way of asking in every language, prepared, each once."""
    asked = (prepared(text) for wording in article.texts.values() for text in wording.asked())
    return tuple(dict.fromkeys(text for text in asked if text))


class Search:
    """All entries, searched one text at a time; used by one thread."""

    def __init__(self, index: Index, weights: Weights | None = None) -> None:
        self._index = index
        self._given = weights
        self._lexical = LexicalIndex()
        self._answers = Answers(lambda article_id: self._entries[article_id].vectors[0])
        self._entries: dict[str, Entry] = {}
        self._centroids: dict[str, Vectors] = {}
        self._numbers: dict[str, list[int]] = {}
        self._owner: dict[int, tuple[str, int]] = {}
        self._next = 0
        self._phrasings = 0
        self._classifier = NOTHING_LEARNED
        self._rows: dict[str, int] | None = None  # by article; made at the first look-up after a change

    def entries(self) -> tuple[Entry, ...]:
        return tuple(self._entries.values())

    def phrasings(self, article_id: str) -> tuple[str, ...]:
        """What is held of an article's phrasings; none of an unknown one."""
        entry = self._entries.get(article_id)
        return entry.phrasings if entry else ()

    @property
    def lonely(self) -> bool:
        """Whether articles have too few phrasings to learn from."""
        return self._phrasings < FEWEST_PHRASINGS * len(self._entries)

    def put(self, entry: Entry) -> None:
        """Take in an entry, in the place of the one of the same article."""
        self.remove(entry.article_id)
        numbers = list(range(self._next, self._next + len(entry.phrasings)))
        self._next += len(numbers)
        self._phrasings += len(numbers)
        kept = replace(entry, vectors=self._index.add(numbers, entry.vectors.astype(np.float32, copy=False)))
        self._owner.update({number: (entry.article_id, place) for place, number in enumerate(numbers)})
        self._numbers[entry.article_id] = numbers
        self._entries[entry.article_id] = kept
        self._centroids[entry.article_id] = _centroid(entry)
        self._lexical.put(entry.article_id, (*entry.phrasings, entry.answer) if entry.answer else entry.phrasings)
        if entry.answer_vector is not None:
            self._answers.put(entry.article_id, entry.answer_vector)
        self._rows = None

    def remove(self, article_id: str) -> None:
        """Forget an article; an unknown one is ignored."""
        if self._entries.pop(article_id, None) is None:
            return
        numbers = self._numbers.pop(article_id)
        self._index.remove(numbers)
        self._phrasings -= len(numbers)
        for number in numbers:
            del self._owner[number]
        del self._centroids[article_id]
        self._lexical.remove(article_id)
        self._answers.remove(article_id)
        self._rows = None

    def learn(self, classifier: Classifier) -> None:
        """Use `classifier` from now on, for the articles that it knows as they stand."""
        self._classifier, self._rows = classifier, None

    def in_scope(self, vector: Vectors) -> float:
        """Log-odds of the text asking for any article, for an even mix of both; 0 when that was not learned."""
        return self._classifier.in_scope(vector)

    def candidates(
        self, text: str, vector: Vectors, allowed: Callable[[str], bool] = lambda _: True
    ) -> list[Candidate]:
        """At least the best articles for a prepared text and its vector, best first.

        Empty for an empty base, and in a large one when none of the nearest `_WIDEST` phrasings is allowed.
        """
        lexical = self._lexical.scores(text)
        nearest = self._nearest_phrasings(vector, allowed)
        logits = self._logits(vector, allowed)
        likely = sorted(logits, key=logits.__getitem__, reverse=True)[:ENOUGH]
        for article_id in (*likely, *lexical.best(ENOUGH)):
            if article_id not in nearest and allowed(article_id):
                nearest[article_id] = self._nearest_of(article_id, vector)
        heard = None
        if self.lonely and self._given is None:
            alike = {article_id: similarity for article_id, (_, similarity) in nearest.items()}
            heard = self._answers.heard(vector, alike)
        found = [
            self._alike(article_id, place, similarity, vector, lexical, heard)
            for article_id, (place, similarity) in nearest.items()
        ]
        if logits:
            found = _learned(found, logits)
        return sorted(found, key=lambda candidate: candidate.score, reverse=True)

    def _nearest_phrasings(self, vector: Vectors, allowed: Callable[[str], bool]) -> dict[str, tuple[int, float]]:
        """The best phrasing of each article that has one among the nearest: its place and similarity."""
        most = _FIRST_LOOK
        while True:
            best: dict[str, tuple[int, float]] = {}
            for number, similarity in self._index.nearest(vector, most):
                article_id, place = self._owner[number]
                if article_id not in best and allowed(article_id):
                    best[article_id] = place, similarity
            if len(best) >= ENOUGH or most >= (_WIDEST if len(self._index) > _LARGE else len(self._index)):
                return best
            most *= 4

    def _nearest_of(self, article_id: str, vector: Vectors) -> tuple[int, float]:
        similarities = self._entries[article_id].vectors @ vector
        place = int(similarities.argmax())
        return place, float(similarities[place])

    def _logits(self, vector: Vectors, allowed: Callable[[str], bool]) -> dict[str, float]:
        if self._rows is None:
            places = {key: row for row, key in enumerate(self._classifier.keys)}
            learned = self._entries.values() if places else ()  # a large base has no classifier: nothing to look up
            keys = {entry.article_id: key_of(entry.article_id, entry.phrasings) for entry in learned}
            self._rows = {article_id: places[key] for article_id, key in keys.items() if key in places}
        if not self._rows:
            return {}
        logits = self._classifier.logits(vector)
        return {article_id: float(logits[row]) for article_id, row in self._rows.items() if allowed(article_id)}

    def _alike(
        self, article_id: str, place: int, similarity: float, vector: Vectors, lexical: Wordings, heard: Heard | None
    ) -> Candidate:
        centroid, wording = float(self._centroids[article_id] @ vector), lexical[article_id]
        if heard:
            score = heard.score(article_id, similarity, wording)
        else:
            weights = self._given or ALIKE
            score = weights.phrasing * similarity + weights.centroid * centroid + weights.lexical * wording
        phrasing = self._entries[article_id].phrasings[place]
        return Candidate(article_id, score, phrasing, similarity, centroid, wording)


def is_lonely(entries: Sequence[Entry]) -> bool:
    """Whether articles have too few phrasings to learn from."""
    return sum(len(entry.phrasings) for entry in entries) < FEWEST_PHRASINGS * len(entries)


def build(entries: Iterable[Entry], index: Index, weights: Weights | None = None) -> Search:
    """A search over `entries`."""
    search = Search(index, weights)
    for entry in entries:
        search.put(entry)
    return search


def shares(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """What each of these scores would have of one in all, were one of them right for certain."""
    powers = np.exp((scores - scores.max()) * SHARPNESS)
    return np.asarray(powers / powers.sum(), float)


def _learned(found: list[Candidate], logits: Mapping[str, float]) -> list[Candidate]:
    """The candidates scored with the classifier; one that it does not know keeps the share that its likeness gives."""
    alike = shares(np.array([candidate.score for candidate in found]))
    known = np.array([candidate.article_id in logits for candidate in found])
    top = max(logits.values())
    total = math.fsum(math.exp(logit - top) for logit in logits.values())
    left = 1.0 - float(alike[~known].sum())
    rescored = []
    for candidate, share, knows in zip(found, alike, known, strict=True):
        learned = left * math.exp(logits[candidate.article_id] - top) / total if knows else float(share)
        counted = max(0.0, 1 + math.log(max(learned, 1e-12)) / _LOG_RANGE)
        score = (
            LEARNED.phrasing * candidate.similarity + LEARNED.lexical * candidate.lexical + LEARNED.classifier * counted
        )
        rescored.append(
            Candidate(
                candidate.article_id,
                score,
                candidate.phrasing,
                candidate.similarity,
                candidate.centroid,
                candidate.lexical,
                learned if knows else None,
            )
        )
    return rescored


def _centroid(entry: Entry) -> Vectors:
    """The direction in which an article's phrasings of all languages lie, and its answer; one a language did worse."""
    mean = entry.vectors.astype(np.float32, copy=False).mean(axis=0)
    if entry.answer_vector is not None:
        mean = (mean + entry.answer_vector) / 2
    unit: Vectors = (mean / max(float(np.linalg.norm(mean)), 1e-9)).astype(np.float32)
    return unit
