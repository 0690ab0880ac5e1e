"""Scores of examples as if they had never been seen: neither by the lens nor by nearness."""

import math

import numpy as np

from bot.lens import lens
from bot.nearness import Examples, Kernel, Voices, learn

# A lens pays below so many examples an intent. Above, it gains on texts of the hand that wrote the examples and loses
# on those of others (docs/understanding.md).
FEW = 20
_FOLDS = 5
_ENOUGH = 1000  # scores, to fit two numbers on; each further fold costs as much as all of learning


def learned_with_vectors(
    plain: Examples, intents: "np.ndarray", count: int, kernel: Kernel
) -> tuple[Examples, Voices, "np.ndarray", "np.ndarray"]:
    """The examples, through a lens where there are few; their voices; scores unseen, and which examples they are of."""
    if len(plain) >= FEW * count:
        voices, left_out = learn(plain, intents, count, kernel)
        return plain, voices, left_out, np.arange(len(plain))
    examples = plain.through(lens(plain.vectors, intents))
    voices, _ = learn(examples, intents, count, kernel)
    return examples, voices, *scores_unseen(plain, intents, count, kernel)


def scores_unseen(
    plain: Examples, intents: "np.ndarray", count: int, kernel: Kernel
) -> tuple["np.ndarray", "np.ndarray"]:
    """Scores, a row each, and which of the examples they are of: all of them, or, of many, some folds.

    A lens is learned without the fold. Through it all examples are near as they will be, the fold's like any new text,
    and each of these is left out by itself.
    """
    fold_of = folds(intents)
    scores, rows = list[np.ndarray](), list[np.ndarray]()
    for fold in range(min(_FOLDS, math.ceil(_ENOUGH * _FOLDS / len(intents)))):
        rest = fold_of != fold
        _, left_out = learn(plain.through(lens(plain.vectors[rest], intents[rest])), intents, count, kernel)
        scores.append(left_out[~rest])
        rows.append(np.flatnonzero(~rest))
    return np.concatenate(scores), np.concatenate(rows)


def folds(intents: "np.ndarray") -> "np.ndarray":
    """The fold of each example; every intent is spread evenly over them."""
    shuffled = np.random.default_rng(0).permutation(len(intents))
    dealt = shuffled[np.argsort(intents[shuffled], kind="stable")]
    fold_of = np.empty(len(intents), dtype=int)
    fold_of[dealt] = np.arange(len(intents)) % _FOLDS
    return fold_of
