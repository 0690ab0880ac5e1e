"""The tables that retrieval and intents share: by group, calibration, what is confused most."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np

from zhiban.evaluating.figures import (
    Figure,
    calibration_error,
    error_by_chance,
    gain,
    mean,
    reliability,
    risk_area,
    risk_coverage,
    short,
)
from zhiban.evaluating.plots import Curve, curves_plot, dots_plot, reliability_plot
from zhiban.evaluating.report import Plot, Table
from zhiban.evaluating.result import Result, System, by_group, inside

Measure = Callable[[Sequence[Result]], Figure]
GROUPS = ("style", "language")
_MOST_CONFUSED, _MOST_WRONG = 15, 10


def first_right(results: Sequence[Result]) -> Figure:
    """The share of texts in scope whose right label came first."""
    return mean([float(one.first) for one in inside(results)])


def gains(what: str, ours: System, baselines: Sequence[System]) -> Table:
    """How much more often Zhiban's first is right than each baseline's, text by text."""
    own = [float(one.first) for one in inside(ours.results)]
    rows = [[one.name, str(gain(own, [float(other.first) for other in inside(one.results)]))] for one in baselines]
    return Table([f"{what}, Zhiban above", "by (paired)"], rows if own else [])


def group_tables(results: Sequence[Result], measures: dict[str, Measure]) -> list[Table]:
    """One table a kind of label that the texts carry."""
    tables = []
    for kind in GROUPS:
        groups = by_group(results, kind)
        if groups:
            head = [f"by {kind}", "texts", *measures]
            rows = [
                [name, str(len(those)), *(str(measure(those)) for measure in measures.values())]
                for name, those in groups.items()
            ]
            tables.append(Table(head, rows))
    return tables


def group_plot(results: Sequence[Result], name: str, what: str) -> list[Plot]:
    """First right by style, or by language where there are no styles."""
    for kind in GROUPS:
        rows = [(group, first_right(those)) for group, those in by_group(results, kind).items() if inside(those)]
        if len(rows) > 1:
            least = math.floor(max(0.0, min(figure.low for _, figure in rows) - 0.02) * 10) / 10
            caption = f"{what} by {kind}; the number of texts in brackets, 95 % intervals."
            return [Plot(f"{name}-{kind}", dots_plot(rows, caption, least), caption)]
    return []


def calibration_tables(name: str, results: Sequence[Result]) -> tuple[Table, list[Plot]]:
    """How well confidences keep what they promise: error, what noise alone would give, and each bin."""
    sure, hits = _pairs(results)
    bins = reliability(sure, hits)
    head = ["confidence, mean of the bin", "texts", "share right"]
    rows = [[short(one.promised), str(one.texts), str(Figure(one.right, one.low, one.high, one.texts))] for one in bins]
    chance = error_by_chance(sure)
    error = calibration_error(sure, hits)
    caption = (
        f"Calibration: ECE {short(error.value)} [{short(error.low)}, {short(error.high)}] over ten equal bins; "
        f"exact probabilities would show {short(chance.value)} [{short(chance.low)}, {short(chance.high)}] by "
        "chance alone (resamples too show more than there is)"
    )
    said = f"Reliability of {name}: on the diagonal confidences are exactly right; bars are 95 % intervals."
    return Table(head, rows, caption), [Plot(f"{name}-reliability", reliability_plot(bins, said), said)]


def risk_plot(name: str, systems: Sequence[System]) -> tuple[Table, list[Plot]]:
    """How much is wrong when only the surest are answered; out of scope every answer is wrong."""
    curves, rows, top = [], [], 0.0
    for system in systems:
        sure, hits = _pairs(system.results)
        points = risk_coverage(sure, hits)
        curves.append(Curve(system.name, points))
        top = max(top, float(points[-1, 1]) if len(points) else 0.0)
        shares = [short(_risk_at(points, share)) for share in (0.5, 0.7, 0.9)]
        rows.append([system.name, str(risk_area(sure, hits)), *shares])
    caption = "Risk and coverage: the share wrong among the texts answered, when the surest of all are answered."
    top = math.ceil(top * 10) / 10 or 1.0
    svg = curves_plot(curves, caption, "share of texts answered", "share of these wrong", top)
    head = ["system", "area under the curve (lower is better)", "wrong at .5", "at .7", "at .9 answered"]
    return Table(head, rows, "Risk and coverage"), [Plot(f"{name}-risk", svg, caption)]


def confused(results: Sequence[Result], what: str) -> Table:
    """Which label is taken for which, most often first."""
    pairs = Counter((min(one.right), one.guessed) for one in inside(results) if not one.first and one.found)
    rows = [[right, found, str(count)] for (right, found), count in pairs.most_common(_MOST_CONFUSED)]
    return Table([f"right {what}", "found instead", "times"], rows, "Confused most")


def wrong_texts(results: Sequence[Result], what: str) -> Table:
    """Texts that were wrong though the system was sure: for a user's own files only."""
    wrong = sorted((one for one in results if not one.first), key=lambda one: -one.sure)[:_MOST_WRONG]
    rows = [[one.text, ", ".join(sorted(one.right)) or "none", one.guessed, short(one.sure)] for one in wrong]
    return Table(["text", f"right {what}", "found first", "confidence"], rows, "Wrong, the surest first")


def _pairs(results: Sequence[Result]) -> tuple[np.ndarray, np.ndarray]:
    return np.array([one.sure for one in results]), np.array([float(one.first) for one in results])


def _risk_at(points: np.ndarray, share: float) -> float:
    reached = points[points[:, 0] >= share]
    return float(reached[0, 1]) if len(reached) else float("nan")
