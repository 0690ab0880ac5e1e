"""The kinds of index that `benchmarks.index_sizes` compares: how each is built, and what makes it search wider."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import faiss
import numpy as np

from knowledge_base.vectors import Vectors

BLOCK = 20_000  # rows taken in at once
_TRAINED_ON = 40  # rows a list
_ROUNDS = 6  # of k-means
_LINKS, _CARE = 32, 80  # of a graph; the care with which it is built
_WIDTHS = (16, 32, 64, 128, 256)
_FACTORS = (10, 40)  # times the ten wanted: read again in half precision


@dataclass(frozen=True)
class Kind:
    """`recipe` is FAISS's; `{lists}` stands for the number of lists."""

    name: str
    recipe: str
    refined: bool = False
    graph: bool = False  # by far the slowest to build

    def build(self, rows: np.ndarray) -> Any:
        """The index of all rows, with their places as numbers, on one thread."""
        index = faiss.index_factory(
            rows.shape[1], self.recipe.format(lists=lists(len(rows))), faiss.METRIC_INNER_PRODUCT
        )
        if self.graph:
            index.hnsw.efConstruction = _CARE
        _train(index, rows)
        if self.refined:
            precise = faiss.IndexScalarQuantizer(
                rows.shape[1], faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
            )
            index = faiss.IndexRefine(index, precise)
        for start in range(0, len(rows), BLOCK):
            index.add(rows[start : start + BLOCK].astype(np.float32))
        return index

    def settings(self) -> Sequence[dict[str, int]]:
        """From narrow to wide, slower and more exact."""
        if self.refined:
            return [{"nprobe": width, "factor": factor} for width in _WIDTHS for factor in _FACTORS]
        if "IVF" in self.recipe:
            return [{"nprobe": width} for width in _WIDTHS]
        return [{"efSearch": width} for width in (*_WIDTHS, 512)] if self.graph else [{}]

    def widen(self, index: Any, setting: dict[str, int]) -> None:
        """Make `index` search as `setting` says."""
        if "efSearch" in setting:
            index.hnsw.efSearch = setting["efSearch"]
        if "factor" in setting:
            index.k_factor = setting["factor"]
        if "nprobe" in setting:
            inner = faiss.downcast_index(index.base_index) if self.refined else index
            inner.nprobe = setting["nprobe"]
            quantiser = faiss.downcast_index(inner.quantizer)
            if hasattr(quantiser, "hnsw"):
                quantiser.hnsw.efSearch = 2 * setting["nprobe"]


KINDS = (
    Kind("flat", "Flat"),
    Kind("flat, 8 bits", "SQ8"),
    Kind("lists, 8 bits", "IVF{lists},SQ8"),
    Kind("lists, PQ, refined", "IVF{lists},PQ112x4fs", refined=True),
    Kind("lists, 1 bit, refined", "IVF{lists},RaBitQ", refined=True),
    Kind("lists, 1 bit, fast scan, refined", "IVF{lists},RaBitQfs", refined=True),
    Kind("graph", "HNSW32,Flat", graph=True),
    Kind("graph, 8 bits", "HNSW32,SQ8", graph=True),
)


def lists(rows: int) -> str:
    """How many lists, as FAISS's recipes say it: from 2,048 on they are found by a graph."""
    count = 2 ** max(4, round(np.log2(4 * rows**0.5)))
    return f"{count}_HNSW32" if count >= 2_048 else str(count)


def _train(index: Any, rows: np.ndarray) -> None:
    if index.is_trained:
        return
    count = _TRAINED_ON * int(getattr(index, "nlist", 256))
    drawn = np.sort(np.random.default_rng(0).permutation(len(rows))[:count])
    if hasattr(index, "cp"):
        index.cp.niter, index.cp.max_points_per_centroid, index.cp.min_points_per_centroid = _ROUNDS, _TRAINED_ON, 1
    index.train(np.ascontiguousarray(rows[drawn], np.float32))


def nearest(index: Any, vector: Vectors, most: int = 10) -> np.ndarray:
    """Places of the rows nearest to one vector."""
    return index.search(vector.reshape(1, -1), most)[1][0]
