"""From scores to probabilities of being right, and from probabilities to one of three outcomes."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge_base.crossvalidation import Trial
from knowledge_base.search import Candidate, shares
from knowledge_base.understanding import ANSWER, CHOICE, UNKNOWN

RANKED = 5  # articles that get a confidence
METHOD = 3  # raised when the same trials give another calibration, so that stored ones are not mistaken for ours
SHIPPED = Path(__file__).parent / "calibration" / "shipped.json"

_LEAST_TRIALS = 200
_LEAST_OUTSIDE = 30
_OUT_OF_SCOPE_SHARE = 0.2  # of what customers write; the shipped examples are weighted to this share
_ANSWERED_PRECISION = 0.95  # of what is answered straight away, this share must be right
_OUT_OF_SCOPE_ANSWERED = 0.03  # at most this share of out-of-scope texts gets an answer ...
_OUT_OF_SCOPE_OFFERED = 0.2  # ... and at most this share an answer or a choice
_CLIP = 6.0  # log-odds further out say no more
_REASONABLE = (1, -1, 1, 1, 1, 1, 1)  # the sign that the weight of each feature may have
_NEIGHBOURS = slice(3, 8)  # the candidates that tell how crowded it is around a text

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Calibration:
    """What trials found out about one kind of base; `base_version` names the base, "" for what is shipped.

    `right` and `inside` are logistic weights over `features`, the offset first: the best article being the right one,
    and the text being in scope at all. The outcome is `answer` when the first probability reaches `answer_from`,
    else `choice` when the second reaches `choice_from`.
    """

    base_version: str
    right: tuple[float, ...]
    inside: tuple[float, ...]
    answer_from: float
    choice_from: float
    trials: int = 0

    def confidences(self, candidates: Sequence[Candidate], scope: float = 0.0) -> list[float]:
        """Probability of being the right article, for the best `RANKED` candidates; never more than 1 in all."""
        if not candidates:
            return []
        first, inside = self._probabilities(candidates, scope)
        share = shares(np.array([candidate.score for candidate in candidates]))
        rest = max(0.0, inside - first) / max(1e-9, 1 - float(share[0]))
        return [first, *(min(first, rest * float(one)) for one in share[1:RANKED])]

    def outcome(self, candidates: Sequence[Candidate], scope: float = 0.0) -> str:
        """`answer`, `choice` or `unknown`."""
        if not candidates:
            return UNKNOWN
        first, inside = self._probabilities(candidates, scope)
        if first >= self.answer_from:
            return ANSWER
        return CHOICE if inside >= self.choice_from else UNKNOWN

    def _probabilities(self, candidates: Sequence[Candidate], scope: float) -> tuple[float, float]:
        seen = features(candidates, scope)
        right, inside = (_logistic(weights, seen) for weights in (self.right, self.inside))
        return right, max(right, inside)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Calibration:
        return cls(**{**data, "right": tuple(data["right"]), "inside": tuple(data["inside"])})


def shipped_calibration(lonely: bool, base_version: str = "") -> Calibration:
    """What serves until a base is measured, and bases whose articles have too few phrasings (`lonely`) to measure."""
    kinds = json.loads(SHIPPED.read_text(encoding="utf-8"))
    return replace(Calibration.from_json(kinds["lonely" if lonely else "usual"]), base_version=base_version)


def features(candidates: Sequence[Candidate], scope: float) -> tuple[float, ...]:
    """What is known of the best candidate's chances, in measures that mean the same in every base."""
    best = candidates[0]
    share = shares(np.array([candidate.score for candidate in candidates]))
    first = min(max(float(share[0]), 1e-6), 1 - 1e-6)
    doubt = -float((share * np.log(np.maximum(share, 1e-12))).sum())
    around = [candidate.similarity for candidate in candidates[_NEIGHBOURS]]
    return (
        max(-_CLIP, min(_CLIP, math.log(first / (1 - first)))),
        doubt,
        best.similarity,
        best.lexical,
        max(candidate.lexical for candidate in candidates),  # tells of the scope, whichever article it is
        best.similarity - (math.fsum(around) / len(around) if around else 0.0),
        max(-_CLIP, min(_CLIP, scope)),
    )


def calibrate(trials: Sequence[Trial], base_version: str, lonely: bool = False) -> Calibration:
    """The calibration that fits these trials; the shipped one when they are too few."""
    asked = [trial for trial in trials if trial.candidates]
    right = np.array([trial.candidates[0].article_id == trial.right for trial in asked], bool)
    inside = np.array([trial.right is not None for trial in asked], bool)
    if len(asked) < _LEAST_TRIALS or (~inside).sum() < _LEAST_OUTSIDE or not right.any() or right[inside].all():
        return replace(shipped_calibration(lonely, base_version), trials=len(asked))
    weights = np.where(inside, 1.0, _outside_weight(int(inside.sum()), int((~inside).sum())))
    seen = np.array([features(trial.candidates, trial.scope) for trial in asked])
    fitted = Calibration(base_version, _fit(seen, right, weights), _fit(seen, inside, weights), 0, 0, len(asked))
    answer_from, choice_from = _thresholds(fitted, asked)
    return replace(fitted, answer_from=answer_from, choice_from=choice_from)


def _fit(seen: Floats, truth: NDArray[np.bool_], weights: Floats) -> tuple[float, ...]:
    """Logistic weights over the features as they are, fitted on them made comparable.

    What would count against reason, such as likeness against being right, is left out: it belongs to these trials
    and not to the next base.
    """
    from sklearn.linear_model import LogisticRegression  # here, so that serving need not wait for its import

    middle, spread = seen.mean(axis=0), seen.std(axis=0) + 1e-9
    used = [place for place in range(seen.shape[1]) if spread[place] > 1e-6]
    slopes, offset = np.zeros(seen.shape[1]), 0.0
    while used:
        comparable = ((seen - middle) / spread)[:, used]
        model = LogisticRegression(C=1.0, max_iter=500).fit(comparable, truth, sample_weight=weights)
        slopes = np.zeros(seen.shape[1])
        slopes[used], offset = model.coef_[0] / spread[used], float(model.intercept_[0])
        wrong = [place for place in used if slopes[place] * _REASONABLE[place] < 0]
        if not wrong:
            break
        used = [place for place in used if place != min(wrong, key=lambda at: -abs(slopes[at] * spread[at]))]
    return (float(offset - slopes @ middle), *(float(slope) for slope in slopes))


def _logistic(weights: Sequence[float], seen: Sequence[float]) -> float:
    exponent = weights[0] + math.fsum(w * x for w, x in zip(weights[1:], seen, strict=True))
    return 1 / (1 + math.exp(-max(-50.0, min(50.0, exponent))))


def _outside_weight(inside: int, outside: int) -> float:
    return _OUT_OF_SCOPE_SHARE / (1 - _OUT_OF_SCOPE_SHARE) * inside / outside if outside else 1.0


def _thresholds(calibration: Calibration, trials: Sequence[Trial]) -> tuple[float, float]:
    """The lowest two probabilities from which the promises at the top of this file are kept."""
    known = [(trial, *calibration._probabilities(trial.candidates, trial.scope)) for trial in trials]  # noqa: SLF001
    inside = [(sure, trial.candidates[0].article_id == trial.right) for trial, sure, _ in known if trial.right]
    outside = [(sure, scope) for trial, sure, scope in known if trial.right is None]
    answer_from = max(_precise_from(inside), exceeded_by([sure for sure, _ in outside], _OUT_OF_SCOPE_ANSWERED))
    return answer_from, exceeded_by([scope for _, scope in outside], _OUT_OF_SCOPE_OFFERED)


def _precise_from(results: Sequence[tuple[float, bool]]) -> float:
    """The lowest confidence from which on `_ANSWERED_PRECISION` of the answers are right; above 1 if there is none."""
    best, right = 1.01, 0
    ordered = sorted(results, reverse=True)
    for answered, ((confidence, is_right), (following, _)) in enumerate(pairwise([*ordered, (-1.0, False)]), start=1):
        right += is_right
        if confidence != following and right >= _ANSWERED_PRECISION * answered:
            best = confidence
    return best


def exceeded_by(values: Sequence[float], share: float) -> float:
    """The lowest threshold that at most `share` of `values` reach; a half where there is nothing to go by."""
    if not values:
        return 0.5
    ordered = sorted(values, reverse=True)
    return math.nextafter(ordered[int(share * len(ordered))], math.inf)
