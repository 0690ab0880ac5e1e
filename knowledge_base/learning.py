"""What one base teaches: classifier and calibration, measured in a process of their own that gives way to all others.

The process reads a lesson from its input and writes what was learned to its output.
"""

from __future__ import annotations

import asyncio
import io
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from knowledge_base.calibration import Calibration, calibrate, shipped_calibration
from knowledge_base.classifier import NOTHING_LEARNED, Classifier
from knowledge_base.confirmed.hearing import NOTHING_HEARD, Hearing, measure, usable
from knowledge_base.crossvalidation import Confirmed, Trial, cross_validate, learn
from knowledge_base.faiss_index import FaissIndex
from knowledge_base.process_aside import done_aside
from knowledge_base.search import Entry, is_lonely
from knowledge_base.vectors import Vectors

_AT_HAND = 300  # phrasings
_MOST_TAUGHT = 50_000  # phrasings: more have too many articles for a classifier, and to tell what is in scope ...
_OF_MANY = 20_000  # ... so many do, in seconds and 70 MB instead of minutes and gigabytes
MOST_CALIBRATED = 1_000_000  # phrasings times articles: cross-validation trains ten classifiers


@dataclass(frozen=True)
class Lesson:
    """A base at one moment, and the confirmed questions that `mark` names.

    `calibration` is the one to keep, None to measure anew; `hearing` is what it was measured with.
    """

    base_version: str
    entries: Sequence[Entry]
    out_of_scope: Sequence[tuple[str, Vectors]]
    calibration: Calibration | None = None
    confirmed: Sequence[Confirmed] = ()
    mark: str = ""
    hearing: Hearing = NOTHING_HEARD

    @property
    def small(self) -> bool:
        """Whether all of it is learned sooner than a process starts."""
        return sum(len(entry.phrasings) for entry in self.entries) + len(self.confirmed) <= _AT_HAND

    def thinned(self) -> Lesson:
        """Of a base of very many phrasings some of each article, of very many articles some; others as they are."""
        phrasings = sum(len(entry.phrasings) for entry in self.entries)
        if phrasings <= _MOST_TAUGHT:
            return self
        every, apart = -(-phrasings // _OF_MANY), -(-len(self.entries) // _OF_MANY)
        taught = self.entries[::apart]
        some = [replace(one, phrasings=one.phrasings[::every], vectors=one.vectors[::every]) for one in taught]
        shipped = shipped_calibration(is_lonely(self.entries), self.base_version)  # too large to be measured
        return replace(self, entries=some, calibration=self.calibration or shipped, confirmed=())


@dataclass(frozen=True)
class Learned:
    """What is in force: the classifier of the base `base_version`, and a calibration, which may be a little older."""

    base_version: str
    classifier: Classifier
    calibration: Calibration
    hearing: Hearing = NOTHING_HEARD

    def as_json(self) -> dict[str, Any]:
        return {
            "base_version": self.base_version,
            "classifier": self.classifier.as_json(),
            "calibration": self.calibration.as_json(),
            "hearing": self.hearing.as_json(),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Learned:
        """Raises BadClassifier when the weights are damaged."""
        classifier = Classifier.from_json(data["classifier"])
        calibration, hearing = Calibration.from_json(data["calibration"]), Hearing.from_json(data.get("hearing") or {})
        return cls(str(data["base_version"]), classifier, calibration, hearing)


def nothing_learned() -> Learned:
    """What serves an empty base."""
    return Learned("", NOTHING_LEARNED, shipped_calibration(lonely=True))


def learn_at_once(lesson: Lesson) -> Learned:
    """What the lesson teaches, in this process."""
    confirmed, hearing, trials = usable(lesson.entries, lesson.confirmed), lesson.hearing, list[Trial]()
    if lesson.calibration is None or hearing.mark != lesson.mark:
        hearing, trials = measure(lesson.entries, lesson.out_of_scope, confirmed, lesson.mark)
    heard = confirmed if hearing.heard else []
    calibration = lesson.calibration if hearing.heard == lesson.hearing.heard else None
    return Learned(
        lesson.base_version,
        learn(lesson.entries, lesson.out_of_scope, heard),
        calibration or _measured(lesson, heard, trials),
        hearing,
    )


async def learn_aside(lesson: Lesson) -> Learned:
    """What the lesson teaches, in a process that gives way; cancelling ends it. Raises RuntimeError when it fails."""
    if lesson.small:
        return await asyncio.to_thread(learn_at_once, lesson)
    written = await done_aside("knowledge_base.learning", lambda: packed(lesson.thinned()))
    return Learned.from_json(json.loads(written))


def _measured(lesson: Lesson, heard: Sequence[Confirmed], trials: Sequence[Trial]) -> Calibration:
    """`trials` are those of the confirmed questions that are `heard`."""
    phrasings = sum(len(entry.phrasings) for entry in lesson.entries)
    if is_lonely(lesson.entries) and heard:
        return calibrate(trials, lesson.base_version, lonely=True)
    if is_lonely(lesson.entries) or phrasings * len(lesson.entries) > MOST_CALIBRATED or not lesson.entries:
        return shipped_calibration(is_lonely(lesson.entries), lesson.base_version)
    dimension = lesson.entries[0].vectors.shape[1]
    trials = cross_validate(lesson.entries, lesson.out_of_scope, lambda: FaissIndex(dimension), confirmed=heard)
    return calibrate(trials, lesson.base_version)


def packed(lesson: Lesson) -> bytes:
    """A line of JSON, then four arrays."""
    head = {
        "base_version": lesson.base_version,
        "articles": [[entry.article_id, *entry.phrasings] for entry in lesson.entries],
        "answers": [entry.answer if entry.answer_vector is not None else "" for entry in lesson.entries],
        "out_of_scope": [text for text, _ in lesson.out_of_scope],
        "calibration": lesson.calibration.as_json() if lesson.calibration else None,
        "confirmed": [[one.article_id, one.text] for one in lesson.confirmed],
        "mark": lesson.mark,
        "hearing": lesson.hearing.as_json(),
    }
    packed = io.BytesIO()
    packed.write(json.dumps(head).encode() + b"\n")
    np.save(packed, np.concatenate([entry.vectors for entry in lesson.entries], dtype=np.float32), allow_pickle=False)
    answers = [entry.answer_vector for entry in lesson.entries if entry.answer_vector is not None]
    outside, confirmed = [vector for _, vector in lesson.out_of_scope], [one.vector for one in lesson.confirmed]
    for vectors in (answers, outside, confirmed):
        np.save(packed, np.array(vectors, np.float32), allow_pickle=False)
    return packed.getvalue()


def unpacked(data: bytes) -> Lesson:
    packed = io.BytesIO(data)
    head = json.loads(packed.readline())
    vectors, answers, outside, asked = (np.load(packed, allow_pickle=False) for _ in range(4))
    answer = iter(answers)
    ends = np.cumsum([len(article) - 1 for article in head["articles"]])
    entries = [
        Entry(article[0], tuple(article[1:]), part, said, next(answer) if said else None)
        for article, part, said in zip(head["articles"], np.split(vectors, ends[:-1]), head["answers"], strict=True)
    ]
    calibration = Calibration.from_json(head["calibration"]) if head["calibration"] else None
    return Lesson(
        head["base_version"],
        entries,
        list(zip(head["out_of_scope"], outside, strict=True)),
        calibration,
        [
            Confirmed(article_id, text, vector)
            for (article_id, text), vector in zip(head["confirmed"], asked, strict=True)
        ],
        head["mark"],
        Hearing.from_json(head["hearing"]),
    )


def main() -> None:
    """Learn what standard input teaches."""
    learned = learn_at_once(unpacked(sys.stdin.buffer.read()))
    sys.stdout.write(json.dumps(learned.as_json()))
