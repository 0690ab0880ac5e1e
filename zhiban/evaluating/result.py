"""One text that was asked, with what came back; articles and intents alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

ANSWERED, OFFERED = "answer", "choice"


@dataclass(frozen=True)
class Result:
    """`right` is empty for a text that is out of scope; `found` are labels, best first.

    `sure` orders: a probability only where the system gives one. `outcome` is empty where the system has none.
    """

    text: str = field(repr=False)  # held-out texts are shown nowhere, not in a failing test either
    right: frozenset[str]
    found: tuple[str, ...]
    sure: float
    outcome: str = ""
    familiarity: float = 0.0
    groups: Mapping[str, str] = field(default_factory=dict)

    @property
    def rank(self) -> int | None:
        """Place of the first right label, from 1."""
        return next((place for place, label in enumerate(self.found, start=1) if label in self.right), None)

    @property
    def first(self) -> bool:
        """Whether a right label came first; never so out of scope."""
        return self.rank == 1

    @property
    def guessed(self) -> str:
        return self.found[0] if self.found else ""


@dataclass(frozen=True)
class System:
    """What was asked, under the name that the report shows; `probabilities` tells whether `sure` is one."""

    name: str
    results: Sequence[Result]
    probabilities: bool = False


def inside(results: Sequence[Result]) -> list[Result]:
    return [one for one in results if one.right]


def outside(results: Sequence[Result]) -> list[Result]:
    return [one for one in results if not one.right]


def by_group(results: Sequence[Result], name: str) -> dict[str, list[Result]]:
    """The results by their label of that name, most texts first; those without one are left out."""
    found: dict[str, list[Result]] = {}
    for one in results:
        if one.groups.get(name):
            found.setdefault(one.groups[name], []).append(one)
    return dict(sorted(found.items(), key=lambda item: (-len(item[1]), item[0])))
