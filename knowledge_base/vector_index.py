"""An index finds, among many vectors, those with the largest inner product."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from knowledge_base.vectors import Halved, Vectors


class Index(Protocol):
    """Vectors under whole numbers; a distributed engine fits behind it as well as a list in memory."""

    def add(self, numbers: Sequence[int], vectors: Vectors) -> Vectors | Halved:
        """Take in one row a number; no number may be in use.

        Gives the rows as they are kept, halved in a large base, so that whoever needs them too keeps the same.
        """
        ...

    def remove(self, numbers: Sequence[int]) -> None:
        """Forget these; unknown ones are ignored."""
        ...

    def nearest(self, vector: Vectors, most: int) -> list[tuple[int, float]]:
        """Up to `most` numbers with their inner products to `vector` (one-dimensional), largest first."""
        ...

    def __len__(self) -> int: ...
