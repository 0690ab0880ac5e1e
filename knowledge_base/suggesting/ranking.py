"""How sure we are that a reply serves: one probability for articles, macros and past answers alike.

The numbers were fitted (logistic regression, by conversation) on tests/assist/development.jsonl; docs/assist.md.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

ARTICLE, MACRO, ANSWERED = "article", "macro", "answered"

UNSEEN = 0.25  # the score of what is not among the nearest: about that of any two texts
_UNLIKELY = 0.002
_LEAST = 1e-4


@dataclass(frozen=True)
class Likeness:
    """How well something fits what is to be answered (`asked`), and the same with what was said before (`whole`)."""

    asked: float
    whole: float


def of_article(confidence: Likeness) -> float:
    """From the probabilities that the knowledge base gives an article."""
    return _sigmoid(0.28 * _logit(confidence.asked) + 0.4 * _logit(confidence.whole) + 0.5)


def of_macro(score: Likeness, lift: float) -> float:
    """From the scores of its wordings, and what the moment adds."""
    return _sigmoid(8.8 * score.asked + 4.4 * score.whole + 1.3 * lift - 6.0)


def of_answered(score: Likeness) -> float:
    """From the scores of the situation in which it was said: one wording only, so it has to fit better."""
    return _sigmoid(8.8 * score.asked + 2.4 * score.whole - 7.3)


def topics(asked: Mapping[str, float], whole: Mapping[str, float]) -> dict[str, float]:
    """How likely each category of articles is what this is about."""
    found: dict[str, float] = {}
    for share in (asked, whole):
        for category, confidence in share.items():
            found[category] = min(1.0, found.get(category, 0.0) + confidence / 2)
    return found


def likeness(asked: Mapping[str, float], whole: Mapping[str, float], key: str, unseen: float = UNSEEN) -> Likeness:
    return Likeness(asked.get(key, unseen), whole.get(key, unseen))


def article_likeness(asked: Mapping[str, float], whole: Mapping[str, float], key: str) -> Likeness:
    return likeness(asked, whole, key, _UNLIKELY)


def _logit(probability: float) -> float:
    bounded = min(max(probability, _LEAST), 1 - _LEAST)
    return math.log(bounded / (1 - bounded))


def _sigmoid(value: float) -> float:
    return 1 / (1 + math.exp(-value))
