"""What a reading of labelled texts was worth: figures from the truth and what was guessed."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

KEPT = 0.95  # of the texts in scope, when out-of-scope texts are to be caught
_MOST_CONFUSIONS, _MOST_EXAMPLES, _BINS = 25, 3, 10


@dataclass(frozen=True)
class Read:
    """One text as it was understood; `right` is None for a text that is out of scope."""

    text: str
    right: str | None
    guessed: str
    confidence: float
    familiarity: float


def figures(inside: Sequence[Read], outside: Sequence[Read]) -> dict[str, float]:
    """Fractions 0-1 by name; those of out-of-scope texts only when there are some."""
    hits = np.array([one.guessed == one.right for one in inside])
    found = {
        "accuracy": float(hits.mean()),
        "macro_f1": macro_f1([str(one.right) for one in inside], [one.guessed for one in inside]),
        "ece": calibration_error(np.array([one.confidence for one in inside]), hits),
    }
    if outside:
        kept = np.array([one.familiarity for one in inside])
        caught = np.array([one.familiarity for one in outside])
        found |= {"oos_auroc": auroc(kept, caught), "oos_recall_at_95": recall_at(kept, caught)}
    return found


def macro_f1(right: Sequence[str], guessed: Sequence[str]) -> float:
    """The mean of F1 over all intents that are right or were guessed."""
    both = Counter(one for one, other in zip(right, guessed, strict=True) if one == other)
    wanted, given = Counter(right), Counter(guessed)
    names = wanted.keys() | given.keys()
    return float(np.mean([2 * both[name] / (wanted[name] + given[name]) for name in names]))


def calibration_error(confidence: "np.ndarray", hits: "np.ndarray") -> float:
    """Expected calibration error over ten equal bins: how far confidence and share of hits lie apart, on average."""
    bins = np.minimum((confidence * _BINS).astype(int), _BINS - 1)
    groups = [bins == number for number in range(_BINS) if (bins == number).any()]
    return float(sum(abs(confidence[group].mean() - hits[group].mean()) * group.mean() for group in groups))


def auroc(kept: "np.ndarray", caught: "np.ndarray") -> float:
    """How often a text in scope is more familiar than one out of scope; ties count half."""
    order = np.sort(kept)
    below = np.searchsorted(order, caught, side="left")
    equal = np.searchsorted(order, caught, side="right") - below
    return float(((len(order) - below - equal) + equal / 2).mean() / len(order))


def recall_at(kept: "np.ndarray", caught: "np.ndarray", share: float = KEPT) -> float:
    """The share of `caught` below the score that `share` of `kept` reach."""
    return float((caught < np.quantile(kept, 1 - share, method="lower")).mean())


def confusions(inside: Sequence[Read]) -> list[dict[str, Any]]:
    """Which intents are taken for which, most often first, with some of the texts."""
    by_pair: dict[tuple[str, str], list[Read]] = {}
    for one in inside:
        if one.guessed != one.right:
            by_pair.setdefault((str(one.right), one.guessed), []).append(one)
    worst = sorted(by_pair.items(), key=lambda item: (-len(item[1]), item[0]))[:_MOST_CONFUSIONS]
    return [
        {
            "intent": right,
            "guessed": guessed,
            "count": len(group),
            "examples": [
                {"text": one.text, "confidence": round(one.confidence, 4)}
                for one in sorted(group, key=lambda one: -one.confidence)[:_MOST_EXAMPLES]
            ],
        }
        for (right, guessed), group in worst
    ]
