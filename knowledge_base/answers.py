"""Articles with few ways of asking are found by their answers too, as far as these tell what is asked.

A base of single phrasings hears them beside each question; one that has more teaches them to its classifier.

In some bases nearly every answer says its question again, in others it is what somebody wrote in a forum. So each of
some questions is held against its own answer and those of others: the mean reciprocal rank says how far answers are to
be trusted (docs/retrieval.md has the measurement behind the numbers).
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from knowledge_base.vectors import Vectors

_ASKED, _AMONG = 200, 150  # questions, and answers that each is held against: the same for bases of every size
_FULL = 0.7  # the mean reciprocal rank from which on answers are heard in full
_STEEPNESS = 1.5
_CHANGED = 0.02  # of the answers: then it is measured anew
_LEAST = 20  # answers; fewer tell nothing of the base
_FEW_TOLD = 0.5  # what is taken to hold of these
_QUESTION = (0.45, 0.30)  # weights of the question's likeness: where answers tell nothing, and where they tell much
_WORDING = (0.15, 0.30)  # ... of the wording of both together
_ANSWER = (0.0, 0.39)  # ... of the answer's likeness
_ASKED_BEFORE = (0.6, 0.9)  # likeness of a question to the text: from here answers fade, from there it decides


@dataclass(frozen=True)
class Heard:
    """What the answers say to one text: how much they are heard (`told`, 0-1), and the likeness of each.

    An article without an answer has what the others have on average: `usual`.
    """

    told: float
    alike: Mapping[str, float]
    usual: float

    def score(self, article_id: str, similarity: float, wording: float) -> float:
        """The article's score, from the likeness of its question, all of its wording, and what its answer says."""
        answer = self.alike.get(article_id, self.usual)
        return self._weight(_QUESTION) * similarity + self._weight(_WORDING) * wording + self._weight(_ANSWER) * answer

    def _weight(self, ends: tuple[float, float]) -> float:
        return ends[0] + self.told * (ends[1] - ends[0])


class Answers:
    """The answers of all articles that have few phrasings; used by one thread."""

    def __init__(self, question_of: Callable[[str], Vectors]) -> None:
        """`question_of` gives the vector of an article's first phrasing."""
        self._question_of = question_of
        self._held: dict[str, Vectors] = {}
        self._told: float | None = None
        self._changes = 0

    def put(self, article_id: str, vector: Vectors) -> None:
        """Take in the answer of an article."""
        self._held[article_id] = vector
        self._changes += 1

    def remove(self, article_id: str) -> None:
        """Forget an article; an unknown one is ignored."""
        if self._held.pop(article_id, None) is not None:
            self._changes += 1

    @property
    def told(self) -> float:
        """How far they tell what is asked, 0-1; measured anew when some have changed."""
        if self._told is None or self._changes > _CHANGED * len(self._held):
            self._told, self._changes = self._measured(), 0
        return self._told

    def heard(self, vector: Vectors, nearest: Mapping[str, float]) -> Heard:
        """What they say to a text, beside the likeness of each article's question: the nearer one is, the less."""
        fading, decided = _ASKED_BEFORE
        left = (decided - max(nearest.values(), default=0.0)) / (decided - fading)
        alike = {one: float(self._held[one] @ vector) for one in nearest if one in self._held}
        usual = float(np.mean(list(alike.values()))) if alike else 0.0
        return Heard(self.told * min(1.0, max(0.0, left)), alike, usual)

    def _measured(self) -> float:
        """0-1, from how well the questions of some articles find their own answers among others."""
        if len(self._held) < _LEAST:
            return _FEW_TOLD if self._held else 0.0
        drawn = sorted(self._held, key=lambda one: zlib.crc32(one.encode()))[: _ASKED + _AMONG]
        answers = np.stack([self._held[one] for one in drawn])
        ranks = []
        for place, one in enumerate(drawn[:_ASKED]):
            alike = answers @ self._question_of(one)
            others = np.delete(alike, place)[:_AMONG]
            ranks.append(1 + int((others >= alike[place]).sum()))  # the same answer everywhere tells nothing
        found = float(np.mean(1 / np.array(ranks)))  # 1: every question finds its own answer first
        return float(min(1.0, (found / _FULL) ** _STEEPNESS))
