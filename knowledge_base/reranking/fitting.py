"""How much a reranker may say: measured on phrasings of the base that were held back, in a process that gives way."""

from __future__ import annotations

import asyncio
import json
import math
import sys
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from knowledge_base.calibration import Calibration, calibrate, shipped_calibration
from knowledge_base.confirmed.hearing import usable
from knowledge_base.crossvalidation import Trial, cross_validate
from knowledge_base.encoder import prepared
from knowledge_base.faiss_index import FaissIndex
from knowledge_base.learning import MOST_CALIBRATED, Lesson, packed, unpacked
from knowledge_base.process_aside import done_aside
from knowledge_base.reranking.reranker import Passages, Reranker, load_reranker
from knowledge_base.reranking.voice import SECOND_LOOKS, SURE, Voice, joined, log_shares
from knowledge_base.search import shares
from reading.language import read_language

_MOST_LOOKS = 600  # questions read again to measure: minutes for a large model
_LEAST_LOOKS = 30
_PARTS = 5
_TEMPERATURES = tuple(float(one) for one in np.geomspace(0.05, 50, 31))
_WEIGHTS = (0.0, 0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 1.0)
_CLEARLY = 1.64  # standard deviations: one useless reranker in twenty gets in, and that one does little


@dataclass(frozen=True)
class Look:
    """A trial that search is not sure of, with the reranker's scores for the first of its candidates."""

    trial: Trial
    scores: tuple[float, ...]

    @property
    def place(self) -> int | None:
        """Where the right article stands among those that were read again."""
        ids = [candidate.article_id for candidate in self.trial.candidates[: len(self.scores)]]
        return ids.index(self.trial.right) if self.trial.right in ids else None

    def right_first(self, temperature: float, weight: float) -> bool:
        return joined(self.trial.candidates, self.scores, temperature, weight)[0].article_id == self.trial.right


def fit(lesson: Lesson, reranker: Reranker, passages: Passages) -> Voice:
    """How the reranker's voice counts in this base; of weight 0 unless held-back phrasings are clearly better off."""
    calibration = lesson.calibration or shipped_calibration(lonely=False)
    left_out = Voice(reranker.identity, calibration.base_version)
    phrasings = sum(len(entry.phrasings) for entry in lesson.entries)
    if not lesson.entries or phrasings * len(lesson.entries) > MOST_CALIBRATED:
        return left_out
    dimension = lesson.entries[0].vectors.shape[1]
    heard = usable(lesson.entries, lesson.confirmed) if lesson.hearing.heard else []
    trials = cross_validate(lesson.entries, lesson.out_of_scope, lambda: FaissIndex(dimension), confirmed=heard)
    sure, unsure = _sample(trials, calibration, passages)
    looks = [_look(trial, reranker, passages) for trial in unsure]
    fair = [look for look in looks if look.trial.right is not None and not look.trial.familiar]
    gained, lost = held_back(fair)
    measured = replace(left_out, trials=len(fair), gained=gained, lost=lost)
    if len(fair) < _LEAST_LOOKS or gained - lost <= _CLEARLY * math.sqrt(gained + lost):
        return measured
    temperature, weight = choose(fair)
    together = [*sure, *(_rejoined(look, temperature, weight) for look in looks)]
    return replace(
        measured, temperature=temperature, weight=weight, calibration=_calibrated(together, calibration.base_version)
    )


def choose(looks: Sequence[Look]) -> tuple[float, float]:
    """The temperature at which the scores are probabilities, and the weight that gives the right articles most."""
    known = [(look, look.place) for look in looks]
    seen = [(np.array(look.scores), place) for look, place in known if place is not None]
    if not seen:
        return 1.0, 0.0

    def told(temperature: float) -> float:
        return math.fsum(float(log_shares(scores, temperature)[place]) for scores, place in seen)

    temperature = max(_TEMPERATURES, key=told)
    return temperature, max(_WEIGHTS, key=lambda weight: _given_to_right(looks, temperature, weight))


def held_back(looks: Sequence[Look]) -> tuple[int, int]:
    """How many texts it puts right, and wrong, each part of the articles under the choice made on the others."""
    gained = lost = 0
    for part in range(_PARTS):
        others = [look for look in looks if _part_of(look) != part]
        temperature, weight = choose(others)
        for look in looks:
            if _part_of(look) == part:
                before, after = look.right_first(1.0, 0.0), look.right_first(temperature, weight)
                gained, lost = gained + (after and not before), lost + (before and not after)
    return gained, lost


async def fit_aside(lesson: Lesson, reranker: Reranker, name: str, passages: Passages) -> Voice:
    """What `fit` gives, in a process that gives way and loads `name` itself; cancelling ends it.

    Raises RuntimeError when it fails.
    """
    if lesson.small:
        return await asyncio.to_thread(fit, lesson, reranker, passages)
    head = json.dumps({"reranker": name, "passages": passages}).encode() + b"\n"
    written = await done_aside("knowledge_base.reranking.fitting", lambda: head + packed(lesson))
    return Voice.from_json(json.loads(written.splitlines()[-1]))


def main() -> None:
    """Measure what standard input names."""
    head, _, lesson = sys.stdin.buffer.read().partition(b"\n")
    asked = json.loads(head)
    voice = fit(unpacked(lesson), load_reranker(asked["reranker"]), asked["passages"])
    sys.stdout.write("\n" + json.dumps(voice.as_json()))


def _sample(trials: Sequence[Trial], calibration: Calibration, passages: Passages) -> tuple[list[Trial], list[Trial]]:
    """Trials that search is sure of, and those that it is not, in the proportion in which they come.

    A text that is an article's own question is left out: the passage says it word for word.
    """
    own = {
        (article_id, prepared(said.split("\n")[0])) for article_id in passages for said in passages[article_id].values()
    }
    sure: list[Trial] = []
    unsure: list[Trial] = []
    for trial in sorted(trials, key=lambda one: zlib.crc32(one.text.encode())):
        if len(unsure) == _MOST_LOOKS:
            break
        if trial.candidates and (trial.right, trial.text) not in own:
            first = calibration.confidences(trial.candidates, trial.scope)[0]
            (sure if first >= SURE else unsure).append(trial)
    return sure, unsure


def _look(trial: Trial, reranker: Reranker, passages: Passages) -> Look:
    language = "en" if read_language(trial.text) == "en" else "zh-Hans"
    first = trial.candidates[:SECOND_LOOKS]
    scores = reranker.scores(trial.text, [passages[candidate.article_id][language] for candidate in first])
    return Look(trial, tuple(scores))


def _rejoined(look: Look, temperature: float, weight: float) -> Trial:
    return replace(look.trial, candidates=tuple(joined(look.trial.candidates, look.scores, temperature, weight)))


def _given_to_right(looks: Sequence[Look], temperature: float, weight: float) -> float:
    """The mean logarithm of the share that the right article gets, where it is among the candidates."""
    logs = []
    for look in looks:
        ranked = joined(look.trial.candidates, look.scores, temperature, weight)
        places = [place for place, candidate in enumerate(ranked) if candidate.article_id == look.trial.right]
        if places:
            share = shares(np.array([candidate.score for candidate in ranked]))
            logs.append(math.log(max(float(share[places[0]]), 1e-9)))
    return math.fsum(logs) / max(1, len(logs))


def _calibrated(trials: Sequence[Trial], base_version: str) -> Calibration | None:
    """The calibration of both together; None where `calibrate` has too little to go by."""
    found = calibrate(trials, base_version)
    return None if found.right == shipped_calibration(lonely=False).right else found


def _part_of(look: Look) -> int:
    return zlib.crc32(str(look.trial.right).encode()) % _PARTS
