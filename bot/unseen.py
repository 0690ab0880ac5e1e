"""Scores of examples as if they had never been seen: neither by the lens nor by nearness."""

import math

import numpy as np

from bot.lens import lens
from bot.nearness import Examples, Kernel, learn

_FOLDS = 5
_ENOUGH = 1000  # scores, to fit two numbers on; each further fold costs as much as all of learning


def scores_unseen(
    plain: Examples, intents: "np.ndarray", count: int, kernel: Kernel, said: "np.ndarray"
) -> tuple["np.ndarray", "np.ndarray"]:
    """Scores, a row each, and which of the examples they are of: all of them, or, of many, some folds; only `said`.

    A lens is learned without the fold. Through it all examples are near as they will be, the fold's like any new text,
    and each of these is left out by itself.
    """
    fold_of = folds(intents)
    scores, rows = list[np.ndarray](), list[np.ndarray]()
    for fold in range(min(_FOLDS, math.ceil(_ENOUGH * _FOLDS / len(intents)))):
        rest = fold_of != fold
        _, left_out = learn(plain.through(lens(plain.vectors[rest], intents[rest])), intents, count, kernel)
        wanted = np.flatnonzero(~rest & said)
        scores.append(left_out[wanted])
        rows.append(wanted)
    return np.concatenate(scores), np.concatenate(rows)


def folds(intents: "np.ndarray") -> "np.ndarray":
    """The fold of each example; every intent is spread evenly over them."""
    shuffled = np.random.default_rng(0).permutation(len(intents))
    dealt = shuffled[np.argsort(intents[shuffled], kind="stable")]
    fold_of = np.empty(len(intents), dtype=int)
    fold_of[dealt] = np.arange(len(intents)) % _FOLDS
    return fold_of
