"""Questions that an article would share with another one: word for word, or as the encoder sees it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from knowledge_base.importing.report import Collision
from knowledge_base.vectors import Vectors

_QUESTIONS_AT_ONCE, _KNOWN_AT_ONCE = 1024, 4096
_DISTINCT_SHARE = 0.99  # of questions that are known to be distinct, this share is less alike than the threshold


@dataclass(frozen=True)
class Asked:
    """A text by which an article is asked for; `text` is prepared, `shown` is as it was written."""

    article: str
    text: str
    shown: str = ""
    row: int = 0


@dataclass(frozen=True)
class Texts:
    """Texts with one vector each."""

    asked: Sequence[Asked]
    vectors: Vectors


def threshold(distinct: Texts) -> float:
    """How alike two questions must be to be worth a word, measured on articles that answer different things."""
    nearest = [likeness for _, likeness in _nearest(distinct, ())]
    return float(np.quantile(nearest, _DISTINCT_SHARE)) if nearest else 1.0


def collisions(new: Texts, known: Iterable[Texts], from_likeness: float) -> list[Collision]:
    """For each new question at most one: the likest text of another article, known or new. The likest come first.

    `known` is gone through several times.
    """
    words: dict[str, list[Asked]] = {}
    for texts in chain(known, (new,)):
        for one in texts.asked:
            words.setdefault(one.text, []).append(one)
    found = []
    for question, (other, likeness) in zip(new.asked, _nearest(new, known), strict=True):
        same = next((one for one in words[question.text] if one.article != question.article), None)
        if same is not None:
            found.append(_collision(question, same, 1.0, same=True))
        elif other is not None and likeness >= from_likeness:
            found.append(_collision(question, other, likeness, same=False))
    return sorted(found, key=lambda one: (not one.same, -one.similarity, one.row))


def _collision(question: Asked, other: Asked, likeness: float, same: bool) -> Collision:
    similarity = round(min(1.0, likeness), 4)
    return Collision(
        question.row, question.article, question.shown, other.article, other.shown or other.text, similarity, same
    )


def _nearest(new: Texts, known: Iterable[Texts]) -> Iterator[tuple[Asked | None, float]]:
    """The likest text of another article for each new one; in blocks, so that memory stays small."""
    for start in range(0, len(new.asked), _QUESTIONS_AT_ONCE):
        questions = new.asked[start : start + _QUESTIONS_AT_ONCE]
        vectors = new.vectors[start : start + _QUESTIONS_AT_ONCE]
        best: list[tuple[Asked | None, float]] = [(None, -1.0)] * len(questions)
        for texts in chain(known, (new,)):
            for block in range(0, len(texts.asked), _KNOWN_AT_ONCE):
                others = texts.asked[block : block + _KNOWN_AT_ONCE]
                _improve(best, questions, others, vectors @ texts.vectors[block : block + _KNOWN_AT_ONCE].T)
        yield from best


def _improve(
    best: list[tuple[Asked | None, float]], questions: Sequence[Asked], others: Sequence[Asked], likeness: Vectors
) -> None:
    numbers: dict[str, int] = {}
    owners = np.asarray([numbers.setdefault(one.article, len(numbers)) for one in others])
    own = np.asarray([numbers.get(one.article, -1) for one in questions])
    alike = np.where(own[:, None] == owners[None, :], -1.0, likeness)
    for place, found in enumerate(alike.argmax(axis=1)):
        if alike[place, found] > best[place][1]:
            best[place] = (others[int(found)], float(alike[place, found]))
