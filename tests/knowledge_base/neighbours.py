"""Vectors that lie in neighbourhoods, as phrasings do, and the exact answer to compare with."""

from collections.abc import Sequence

import numpy as np

from knowledge_base.indexes.growing import GrowingIndex
from knowledge_base.indexes.plan import Plan
from knowledge_base.vectors import Vectors

DIMENSION = 64
SMALL = Plan(flat_up_to=400, fold_from=100, looked_at=2_000, refined=240)


def unit(rows: Vectors) -> Vectors:
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def neighbourhoods(count: int, seed: int = 0, each: int = 15) -> Vectors:
    """`count` rows, `each` of them around one centre."""
    dice = np.random.default_rng(seed)
    centres = unit(dice.standard_normal((count // each + 1, DIMENSION)))
    return unit(np.repeat(centres, each, axis=0)[:count] + 0.09 * dice.standard_normal((count, DIMENSION)))


def exact(rows: Vectors, vector: Vectors, most: int) -> list[int]:
    return [int(place) for place in np.argsort(-(rows @ vector), kind="stable")[:most]]


def recall(index: GrowingIndex, rows: Vectors, asked: Vectors, most: int = 10) -> float:
    """The share of the truly nearest that are found; number and row are the same."""
    found = [{number for number, _ in index.nearest(vector, most)} & set(exact(rows, vector, most)) for vector in asked]
    return sum(map(len, found)) / (most * len(asked))


def filled(rows: Vectors, plan: Plan = SMALL, numbers: Sequence[int] | None = None, **options) -> GrowingIndex:
    """Settled."""
    index = GrowingIndex(DIMENSION, plan, **options)
    numbers = range(len(rows)) if numbers is None else numbers
    for start in range(0, len(rows), 15):
        index.add(list(numbers[start : start + 15]), rows[start : start + 15])
    index.settle()
    return index
