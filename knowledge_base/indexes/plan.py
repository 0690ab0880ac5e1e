"""Which kind of index serves how many vectors; the numbers are measured in docs/decisions/0016-index-by-size.md."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Plan:
    """When an index leaves the flat one behind, and how wide it then looks."""

    flat_up_to: int = 16_000  # vectors: 2.5 ms for a search at 896 dimensions
    fold_from: int = 4_000  # fresh vectors, searched one by one, until they are folded into the lists
    grow: float = 2.0  # times the vectors that the lists were made for: then new lists are made
    dead: float = 0.25  # of the lists' vectors gone: the same
    trained_on: int = 40  # directions a list
    rounds: int = 10  # of k-means
    looked_at: int = 200_000  # vectors of the lists looked into, by their codes: 14 ns each
    refined: int = 200  # candidates whose exact score is looked at, at least ...
    refined_each: int = 4  # ... and at least so many for each one wanted

    def lists(self, vectors: int, directions: int) -> int:
        """How many lists: a power of two, about the root of the vectors, at most half the directions.

        Each list that is looked into costs as much as 500 of its codes: few and long ones find more in the same time.
        """
        most = max(1, directions // 2)
        return int(min(2 ** round(math.log2(max(1, vectors) ** 0.5)), most))

    def probes(self, vectors: int, lists: int) -> int:
        """How many of so many lists are looked into; all of a base that is just too large to be flat."""
        return min(lists, math.ceil(self.looked_at * lists / max(1, vectors)))

    def candidates(self, most: int) -> int:
        """How many are looked at exactly when `most` are wanted."""
        return max(self.refined, min(self.refined_each * most, most + self.refined))

    def is_outgrown(self, made_for: int, count: int, dead: int) -> bool:
        """Whether lists made for so many vectors should be made anew for `count`, `dead` of theirs being gone."""
        return count > self.grow * made_for or dead > self.dead * made_for
