"""Articles with few ways of asking are found by their answers too, as far as these tell what is asked.

In some bases nearly every answer says its question again, in others it is what somebody wrote in a forum. So each of
some questions is held against its own answer and those of others: the mean reciprocal rank says how far answers are to
be trusted (docs/retrieval.md has the measurement behind the numbers).
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from knowledge_base.lexical import LexicalIndex, Wordings
from knowledge_base.vectors import Vectors

_ASKED, _AMONG = 200, 150  # questions, and answers that each is held against: the same for bases of every size
_FULL = 0.7  # the mean reciprocal rank from which on answers are heard in full
_STEEPNESS = 1.5
_CHANGED = 0.02  # of the answers: then it is measured anew
_LEAST = 20  # answers; fewer tell nothing of the base
_FEW_TOLD = 0.5  # what is taken to hold of these
_PHRASING, _WORDING = 0.45, 0.15  # weights where answers tell nothing ...
_LESS_PHRASING, _LESS_WORDING = 0.15, 0.03  # ... less of it where they tell much ...
_ANSWER, _ANSWER_WORDING = 0.39, 0.19  # ... and what they have then


@dataclass(frozen=True)
class Heard:
    """What the answers say to one text; `told` is how much they are trusted, 0-1."""

    told: float
    vector: Vectors
    wordings: Wordings
    held: Mapping[str, Vectors]
    usual: tuple[float, float] = (0.0, 0.0)

    def among(self, article_ids: Sequence[str]) -> Heard:
        """The same, an article without an answer having what those of `article_ids` have on average."""
        known = [self._own(one) for one in article_ids if one in self.held]
        usual = tuple(float(one) for one in np.mean(known, axis=0)) if known else (0.0, 0.0)
        return Heard(self.told, self.vector, self.wordings, self.held, (usual[0], usual[1]))

    def score(self, article_id: str, similarity: float, wording: float) -> float:
        """The article's score: likeness and wording of its question, and those of its answer."""
        alike, worded = self._own(article_id) if article_id in self.held else self.usual
        question = (_PHRASING - _LESS_PHRASING * self.told) * similarity + (
            _WORDING - _LESS_WORDING * self.told
        ) * wording
        return question + self.told * (_ANSWER * alike + _ANSWER_WORDING * worded)

    def wording(self, article_id: str) -> float:
        """How much of its wording the text shares with the article's answer."""
        return self.wordings[article_id] if article_id in self.held else 0.0

    def _own(self, article_id: str) -> tuple[float, float]:
        return float(self.held[article_id] @ self.vector), self.wordings[article_id]


class Answers:
    """The answers of all articles that have few phrasings; used by one thread."""

    def __init__(self, question_of: Callable[[str], Vectors]) -> None:
        """`question_of` gives the vector of an article's first phrasing."""
        self._question_of = question_of
        self._held: dict[str, Vectors] = {}
        self._lexical = LexicalIndex()
        self._told: float | None = None
        self._changes = 0

    def __len__(self) -> int:
        return len(self._held)

    def put(self, article_id: str, answer: str, vector: Vectors) -> None:
        """Take in the answer of an article."""
        self._held[article_id] = vector
        self._lexical.put(article_id, (answer,))
        self._changes += 1

    def remove(self, article_id: str) -> None:
        """Forget an article; an unknown one is ignored."""
        if self._held.pop(article_id, None) is not None:
            self._lexical.remove(article_id)
            self._changes += 1

    def heard(self, text: str, vector: Vectors) -> Heard:
        """What they say to a prepared text."""
        if self._told is None or self._changes > _CHANGED * len(self._held):
            self._told, self._changes = self._measured(), 0
        return Heard(self._told, vector, self._lexical.scores(text), self._held)

    def _measured(self) -> float:
        """0-1, from how well the questions of some articles find their own answers among others."""
        if len(self._held) < _LEAST:
            return _FEW_TOLD
        drawn = sorted(self._held, key=lambda one: zlib.crc32(one.encode()))[: _ASKED + _AMONG]
        answers = np.stack([self._held[one] for one in drawn])
        ranks = []
        for place, one in enumerate(drawn[:_ASKED]):
            alike = answers @ self._question_of(one)
            ranks.append(1 + int((np.delete(alike, place)[:_AMONG] > alike[place]).sum()))
        found = float(np.mean(1 / np.array(ranks)))  # 1: every question finds its own answer first
        return float(min(1.0, (found / _FULL) ** _STEEPNESS))
