"""The flat index in memory: FAISS, exact. Besides, only `indexes/lists.py` knows FAISS."""

from __future__ import annotations

from collections.abc import Sequence

import faiss
import numpy as np

from knowledge_base.vectors import Vectors


class FaissIndex:
    """An `Index` on one thread; exact, so that what an editor has just written is found for certain."""

    def __init__(self, dimension: int) -> None:
        faiss.omp_set_num_threads(1)
        self._index = faiss.IndexIDMap(faiss.IndexFlatIP(dimension))

    def add(self, numbers: Sequence[int], vectors: Vectors) -> Vectors:
        self._index.add_with_ids(np.ascontiguousarray(vectors, np.float32), np.asarray(numbers, np.int64))
        return vectors

    def remove(self, numbers: Sequence[int]) -> None:
        self._index.remove_ids(faiss.IDSelectorBatch(np.asarray(numbers, np.int64)))

    def nearest(self, vector: Vectors, most: int) -> list[tuple[int, float]]:
        scores, numbers = self._index.search(vector.reshape(1, -1), min(most, len(self)) or 1)
        return [(int(number), float(score)) for number, score in zip(numbers[0], scores[0], strict=True) if number >= 0]

    def __len__(self) -> int:
        return int(self._index.ntotal)
