"""From scores to probabilities of being right, and from probabilities to one of three outcomes."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from knowledge_base.crossvalidation import Trial
from knowledge_base.search import Candidate
from knowledge_base.understanding import ANSWER, CHOICE, UNKNOWN

_LONG_LEAD = 0.1  # a lead much longer than this says no more: far-fetched texts have lonely matches too
RANKED = 5  # articles that get a confidence
METHOD = 2  # raised when the same trials give another calibration, so that stored ones are not mistaken for ours

_LEAST_TRIALS = 30
_OUT_OF_SCOPE_SHARE = 0.2  # of what customers write; the shipped examples are weighted to this share
_ANSWERED_PRECISION = 0.85  # of what is answered straight away, this share must be right
_OUT_OF_SCOPE_ANSWERED = 0.05  # at most this share of out-of-scope texts gets an answer ...
_OUT_OF_SCOPE_OFFERED = 0.2  # ... and at most this share an answer or a choice

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Calibration:
    """What cross-validation found out about one base and one encoder; `base_version` names the base.

    The confidence of an article is logistic in its score and in its bounded lead over the best other article; both
    slopes are positive. An outcome is `answer` when the best confidence reaches `answer_from`, and `choice` when the
    best score reaches `choice_from`: scores tell better than confidences whether a text is in scope at all.
    The defaults were measured on the shipped base and serve bases too small to measure.
    """

    base_version: str = ""
    slope: float = 6.4
    lead_slope: float = 3.0
    intercept: float = -4.4
    answer_from: float = 0.75
    choice_from: float = 0.5
    trials: int = 0

    def confidences(self, candidates: Sequence[Candidate]) -> list[float]:
        """Probability of being the right article, for the best `RANKED` candidates; never more than 1 in all."""
        raw = [self._confidence(*features) for features in _features(candidates)]
        total = max(1.0, math.fsum(raw))
        return [confidence / total for confidence in raw]

    def outcome(self, candidates: Sequence[Candidate]) -> str:
        """`answer`, `choice` or `unknown`."""
        if not candidates:
            return UNKNOWN
        if self.confidences(candidates)[0] >= self.answer_from:
            return ANSWER
        return CHOICE if candidates[0].score >= self.choice_from else UNKNOWN

    def _confidence(self, score: float, lead: float) -> float:
        return 1 / (1 + math.exp(-(self.intercept + self.slope * score + self.lead_slope * lead)))

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Calibration:
        return cls(**data)


def calibrate(trials: Sequence[Trial], base_version: str) -> Calibration:
    """The calibration that fits these cross-validation trials."""
    features, right, weights = _observations(trials)
    if len(trials) < _LEAST_TRIALS or right.all() or not right.any():
        return Calibration(base_version, trials=len(trials))
    model = LogisticRegression(C=100.0, max_iter=1000).fit(features, right, sample_weight=weights)
    slope, lead_slope = (max(0.0, float(value)) for value in model.coef_[0])
    fitted = Calibration(base_version, slope, lead_slope, float(model.intercept_[0]), trials=len(trials))
    answer_from, choice_from = _thresholds(fitted, trials)
    return Calibration(base_version, slope, lead_slope, fitted.intercept, answer_from, choice_from, len(trials))


def _features(candidates: Sequence[Candidate]) -> list[tuple[float, float]]:
    """Score, and bounded lead over the best other article (negative for all but the first), of the best few."""
    scores = [candidate.score for candidate in candidates[:RANKED]]
    rivals = [scores[1] if len(scores) > 1 else 0.0] + scores[:1] * (len(scores) - 1)
    return [(score, math.tanh((score - rival) / _LONG_LEAD)) for score, rival in zip(scores, rivals, strict=False)]


def _observations(trials: Sequence[Trial]) -> tuple[Floats, NDArray[np.bool_], Floats]:
    outside = sum(trial.right is None for trial in trials)
    weight = _outside_weight(len(trials) - outside, outside)
    features, right, weights = [], [], []
    for trial in trials:
        for candidate, pair in zip(trial.candidates, _features(trial.candidates), strict=False):
            features.append(pair)
            right.append(candidate.article_id == trial.right)
            weights.append(1.0 if trial.right else weight)
    return np.asarray(features, float), np.asarray(right, bool), np.asarray(weights, float)


def _outside_weight(inside: int, outside: int) -> float:
    return _OUT_OF_SCOPE_SHARE / (1 - _OUT_OF_SCOPE_SHARE) * inside / outside if outside else 1.0


def _thresholds(calibration: Calibration, trials: Sequence[Trial]) -> tuple[float, float]:
    """The lowest confidence and the lowest score from which the promises at the top of this file are kept."""
    best = [(trial, calibration.confidences(trial.candidates)[0]) for trial in trials if trial.candidates]
    inside = [(sure, trial.candidates[0].article_id == trial.right) for trial, sure in best if trial.right]
    outside = [(sure, trial.candidates[0].score) for trial, sure in best if trial.right is None]
    answer_from = max(_precise_from(inside), _exceeded_by([sure for sure, _ in outside], _OUT_OF_SCOPE_ANSWERED))
    return answer_from, _exceeded_by([score for _, score in outside], _OUT_OF_SCOPE_OFFERED)


def _precise_from(results: Sequence[tuple[float, bool]]) -> float:
    """The lowest confidence from which on `_ANSWERED_PRECISION` of the results are right; above 1 if there is none."""
    best, right = 1.01, 0
    ordered = sorted(results, reverse=True)
    for answered, ((confidence, is_right), (following, _)) in enumerate(pairwise([*ordered, (-1.0, False)]), start=1):
        right += is_right
        if confidence != following and right >= _ANSWERED_PRECISION * answered:
            best = confidence
    return best


def _exceeded_by(values: Sequence[float], share: float) -> float:
    """The lowest threshold that at most `share` of `values` reach; a half where there is nothing to go by."""
    if not values:
        return 0.5
    ordered = sorted(values, reverse=True)
    return math.nextafter(ordered[int(share * len(ordered))], math.inf)
