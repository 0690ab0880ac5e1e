"""Vectors in lists, one bit a dimension: what proposes candidates. Besides the flat index, only this file knows FAISS.

An inverted file with RaBitQ codes (Gao and Long, 2024). The lists are made from the directions of articles, of which
there are far fewer than of phrasings: k-means over phrasings takes ten times as long and finds hardly more. The lists
never say how near a vector is; whoever asks looks at the candidates themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from knowledge_base.indexes.plan import Plan
from knowledge_base.indexes.rows import Rows
from knowledge_base.vectors import Vectors

VERSION = str(faiss.__version__)
_AT_ONCE = 4_096  # vectors
_GONE = -1


class DamagedLists(Exception):
    """Raised for bytes that are no lists."""

    code = "damaged_lists"


class Lists:
    """Candidates for a vector, by number; never changed once made, so any thread may look."""

    def __init__(self, index: Any, numbers: NDArray[np.int64], made_for: int, plan: Plan) -> None:
        """`numbers` are those of the index's rows, `made_for` how many there were when the lists were made."""
        self._index, self.numbers, self.made_for = index, numbers, made_for
        index.nprobe = plan.probes(len(numbers), index.nlist)

    def __len__(self) -> int:
        return len(self.numbers)

    def candidates(self, vector: Vectors, most: int) -> list[int]:
        """Up to `most` numbers, those that seem nearest first."""
        _, places = self._index.search(vector.reshape(1, -1), min(most, len(self)) or 1)
        numbers = self.numbers[places[0][places[0] >= 0]]
        return [int(number) for number in numbers if number != _GONE]

    def with_more(self, numbers: Sequence[int], rows: Rows, plan: Plan) -> Lists:
        """A copy that has these as well, in the same lists."""
        faiss.omp_set_num_threads(1)
        index = faiss.clone_index(self._index)
        return Lists(index, np.concatenate([self.numbers, _filled(index, numbers, rows)]), self.made_for, plan)

    def renumbered(self, numbers: NDArray[np.int64], plan: Plan) -> Lists:
        """The same rows under other numbers, -1 for those that are not wanted."""
        return Lists(self._index, numbers, self.made_for, plan)

    def packed(self) -> NDArray[np.uint8]:
        """Everything but the numbers."""
        packed: NDArray[np.uint8] = faiss.serialize_index(self._index)
        return packed


def make_lists(numbers: Sequence[int], rows: Rows, dimension: int, plan: Plan) -> Lists:
    """Lists of these vectors, on this thread alone; takes minutes for a million."""
    faiss.omp_set_num_threads(1)
    lists = plan.lists(len(numbers), rows.directions())
    index: Any = faiss.index_factory(dimension, f"IVF{lists},RaBitQ", faiss.METRIC_INNER_PRODUCT)
    index.cp.niter, index.cp.min_points_per_centroid, index.cp.max_points_per_centroid = plan.rounds, 1, plan.trained_on
    index.train(_directions(numbers, rows, plan.trained_on * lists))
    held = _filled(index, numbers, rows)
    return Lists(index, held, len(held), plan)


def unpack(packed: NDArray[np.uint8], numbers: NDArray[np.int64], made_for: int, plan: Plan) -> Lists:
    """The lists of `packed`; raises DamagedLists."""
    try:
        index = faiss.deserialize_index(packed)
    except (RuntimeError, ValueError, AssertionError) as error:
        raise DamagedLists(str(error)) from error
    if index.ntotal != len(numbers):
        raise DamagedLists(f"{index.ntotal} rows for {len(numbers)} numbers")
    return Lists(index, numbers, made_for, plan)


def _directions(numbers: Sequence[int], rows: Rows, enough: int) -> Vectors:
    """The different directions of these vectors, or enough of them, from everywhere."""
    found: list[Vectors] = []
    starts = np.random.default_rng(0).permutation(range(0, len(numbers), _AT_ONCE))
    for start in starts:
        found.append(rows.read_directions(numbers[start : start + _AT_ONCE]))
        if sum(map(len, found)) >= enough:
            break
    return np.concatenate(found)


def _filled(index: Any, numbers: Sequence[int], rows: Rows) -> NDArray[np.int64]:
    """Takes vectors into the index; the numbers of those that were still there."""
    held: list[int] = []
    for start in range(0, len(numbers), _AT_ONCE):
        known, vectors = rows.read(numbers[start : start + _AT_ONCE])
        if known:
            index.add(vectors)
            held += known
    return np.asarray(held, np.int64)
