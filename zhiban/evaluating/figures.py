"""Figures with their uncertainty: shares, differences, calibration, risk; numbers in, numbers out."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SEED = 1
RESAMPLES = 2000
BINS = 10
_SLOW_RESAMPLES = 500  # of what is not a mean
_LEVEL = (2.5, 97.5)

Floats = NDArray[np.float64]
Places = NDArray[np.int64]


@dataclass(frozen=True)
class Figure:
    """A value with its 95 % interval, and of how many; NaN where there is nothing to measure."""

    value: float
    low: float
    high: float
    of: int

    def __str__(self) -> str:
        return "-" if math.isnan(self.value) else f"{short(self.value)} [{short(self.low)}, {short(self.high)}]"


@dataclass(frozen=True)
class Bin:
    """Texts of about one confidence: the mean promised, the share that was right with its interval, how many."""

    promised: float
    right: float
    low: float
    high: float
    texts: int


NOTHING = Figure(math.nan, math.nan, math.nan, 0)


def short(value: float) -> str:
    """Three decimals, without the zero before the point."""
    if math.isnan(value):
        return "-"
    return f"{value:.3f}".replace("0.", ".", 1) if abs(value) < 1 else f"{value:.3f}".rstrip("0").rstrip(".")


def mean(values: Sequence[float] | Floats) -> Figure:
    """The mean, its interval by drawing as many values again."""
    given = np.asarray(values, float)
    if not len(given):
        return NOTHING
    drawn = given[_chance().integers(0, len(given), (RESAMPLES, len(given)))].mean(axis=1)
    return _figure(float(given.mean()), drawn, len(given))


def of_rows(statistic: Callable[[Places], float], rows: int) -> Figure:
    """Any figure of the rows at the given places, its interval by drawing rows."""
    if not rows:
        return NOTHING
    chance = _chance()
    drawn = [statistic(chance.integers(0, rows, rows)) for _ in range(_SLOW_RESAMPLES)]
    return _figure(statistic(np.arange(rows)), np.array(drawn), rows)


def auroc(inside: Sequence[float], outside: Sequence[float]) -> Figure:
    """How often one of `inside` is above one of `outside`; both are drawn anew, ties count half."""
    ours, theirs = np.asarray(inside, float), np.asarray(outside, float)
    if not len(ours) or not len(theirs):
        return NOTHING
    chance = _chance()
    drawn = [
        _above(ours[chance.integers(0, len(ours), len(ours))], theirs[chance.integers(0, len(theirs), len(theirs))])
        for _ in range(_SLOW_RESAMPLES)
    ]
    return _figure(_above(ours, theirs), np.array(drawn), len(ours) + len(theirs))


def macro_f1(right: Sequence[str], guessed: Sequence[str]) -> Figure:
    """The mean of F1 over all labels that are right or were guessed."""
    names = {name: place for place, name in enumerate(sorted({*right, *guessed}))}
    ours, theirs = np.array([names[one] for one in right]), np.array([names[one] for one in guessed])

    def score(places: Places) -> float:
        wanted, given = (np.bincount(one[places], minlength=len(names)) for one in (ours, theirs))
        hits = np.bincount(ours[places][ours[places] == theirs[places]], minlength=len(names))
        there = (wanted + given) > 0
        return float((2 * hits[there] / (wanted + given)[there]).mean())

    return of_rows(score, len(right))


def calibration_error(confidence: Sequence[float] | Floats, right: Sequence[bool] | Floats, bins: int = BINS) -> Figure:
    """Expected calibration error over bins of equally many texts."""
    sure, hits = np.asarray(confidence, float), np.asarray(right, float)
    return of_rows(lambda places: _error(sure[places], hits[places], bins), len(sure))


def error_by_chance(confidence: Sequence[float] | Floats, bins: int = BINS) -> Figure:
    """The calibration error of these confidences if each were exactly the chance of being right: what noise alone
    gives."""
    sure = np.asarray(confidence, float)
    if not len(sure):
        return NOTHING
    chance = _chance()
    drawn = np.array([_error(sure, (chance.random(len(sure)) < sure).astype(float), bins) for _ in range(RESAMPLES)])
    return _figure(float(drawn.mean()), drawn, len(sure))


def reliability(confidence: Sequence[float] | Floats, right: Sequence[bool] | Floats, bins: int = BINS) -> list[Bin]:
    """Bins of equally many texts, the least sure first."""
    sure, hits = np.asarray(confidence, float), np.asarray(right, float)
    found = []
    for group in _groups(sure, bins):
        share = mean(hits[group])
        found.append(Bin(float(sure[group].mean()), share.value, share.low, share.high, len(group)))
    return found


def risk_coverage(confidence: Sequence[float] | Floats, right: Sequence[bool] | Floats) -> Floats:
    """Rows (share of texts answered, share of these wrong), the surest answered first; ties are answered together."""
    sure, wrong = np.asarray(confidence, float), 1 - np.asarray(right, float)
    order = np.argsort(-sure, kind="stable")
    answered = np.arange(1, len(sure) + 1)
    last = np.append(np.diff(sure[order]) != 0, True) if len(sure) else np.zeros(0, bool)
    found: Floats = np.stack([answered / max(1, len(sure)), np.cumsum(wrong[order]) / answered], axis=1)[last]
    return found


def risk_area(confidence: Sequence[float] | Floats, right: Sequence[bool] | Floats) -> Figure:
    """The mean share wrong over all coverages (AURC: Geifman and El-Yaniv, 2017); lower is better."""
    sure, hits = np.asarray(confidence, float), np.asarray(right, float)

    def area(places: Places) -> float:
        wrong = 1 - hits[places][np.argsort(-sure[places], kind="stable")]
        return float((np.cumsum(wrong) / np.arange(1, len(wrong) + 1)).mean())

    return of_rows(area, len(sure))


def gain(ours: Sequence[float] | Floats, theirs: Sequence[float] | Floats) -> Figure:
    """By how much the mean of `ours` is above that of `theirs` on the same texts, drawn in pairs."""
    return mean(np.asarray(ours, float) - np.asarray(theirs, float))


def _error(sure: Floats, hits: Floats, bins: int) -> float:
    parts = [abs(sure[group].mean() - hits[group].mean()) * len(group) for group in _groups(sure, bins)]
    return float(sum(parts) / len(sure))


def _groups(sure: Floats, bins: int) -> list[Places]:
    return [group for group in np.array_split(np.argsort(sure, kind="stable"), bins) if len(group)]


def _above(ours: Floats, theirs: Floats) -> float:
    order = np.sort(ours)
    below = np.searchsorted(order, theirs, side="left")
    equal = np.searchsorted(order, theirs, side="right") - below
    return float(((len(order) - below - equal) + equal / 2).mean() / len(order))


def _figure(value: float, drawn: Floats, of: int) -> Figure:
    low, high = np.percentile(drawn, _LEVEL)
    return Figure(value, float(low), float(high), of)


def _chance() -> np.random.Generator:
    return np.random.default_rng(SEED)
