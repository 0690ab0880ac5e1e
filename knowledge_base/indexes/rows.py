"""The vectors themselves, under their numbers, each kept once: where scores are exact and indexes are made from."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from knowledge_base.vectors import Vectors

_WIDEST = 1 << 20  # rows of one block
_TOGETHER = 400  # rows: a larger block is no article, and its rows have little to do with each other
_KEY_BYTES = 8


class Rows:
    """Blocks of vectors as they were given, not copied. Others may read while one thread writes."""

    def __init__(self, dimension: int) -> None:
        self._dimension = dimension
        self._blocks: dict[int, NDArray[np.floating]] = {}
        self._alive: dict[int, int] = {}
        self._where: dict[int, int] = {}
        self._next = 0

    def __len__(self) -> int:
        return len(self._where)

    def __contains__(self, number: int) -> bool:
        return number in self._where

    def numbers(self) -> list[int]:
        """All numbers, oldest first."""
        return list(self._where)

    def put(self, numbers: Sequence[int], block: NDArray[np.floating]) -> None:
        """Keep `block`, one row a number; the caller leaves it as it is."""
        if not len(numbers):
            return
        if len(numbers) != len(block) or len(block) > _WIDEST:
            raise ValueError(f"{len(block)} vectors for {len(numbers)} numbers")
        self._blocks[self._next], self._alive[self._next] = block, len(numbers)
        self._where.update({number: self._next * _WIDEST + place for place, number in enumerate(numbers)})
        self._next += 1

    def drop(self, numbers: Sequence[int]) -> list[int]:
        """Forget these; gives those that were known."""
        known = []
        for number in numbers:
            where = self._where.pop(number, None)
            if where is None:
                continue
            known.append(number)
            block = where // _WIDEST
            self._alive[block] -= 1
            if not self._alive[block]:
                del self._blocks[block], self._alive[block]
        return known

    def read(self, numbers: Sequence[int]) -> tuple[list[int], Vectors]:
        """Those of `numbers` that are known, and a row for each."""
        known, rows = [], []
        for number in numbers:
            where = self._where.get(number)
            block = None if where is None else self._blocks.get(where // _WIDEST)
            if where is not None and block is not None:  # the writer may be half-way through forgetting it
                known.append(number)
                rows.append(block[where % _WIDEST])
        if not rows:
            return [], np.zeros((0, self._dimension), np.float32)
        return known, np.stack(rows).astype(np.float32)

    def directions(self) -> int:
        """How many `read_directions` gives for all, about."""
        return sum(1 if alive <= _TOGETHER else alive for alive in list(self._alive.values()))

    def read_directions(self, numbers: Sequence[int]) -> Vectors:
        """The mean direction of rows that came in one block, an article's phrasings; single rows of large blocks."""
        known, rows = self.read(numbers)
        blocks = np.array([self._where.get(number, -1) // _WIDEST for number in known], np.int64)
        _, block, sizes = np.unique(blocks, return_inverse=True, return_counts=True)
        together = sizes <= _TOGETHER
        sums = np.zeros((len(sizes), self._dimension), np.float32)
        np.add.at(sums, block, rows)
        directions = np.concatenate([sums[together], rows[~together[block]]])
        unit: Vectors = directions / np.maximum(np.linalg.norm(directions, axis=1, keepdims=True), 1e-9)
        return unit


def keys_of(vectors: Vectors) -> list[bytes]:
    """What names a vector by its content, at half precision."""
    return [hashlib.blake2b(row.tobytes(), digest_size=_KEY_BYTES).digest() for row in vectors.astype("<f2")]
