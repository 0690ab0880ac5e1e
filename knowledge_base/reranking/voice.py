"""How a reranker's scores join the ranking: scaled by a temperature, weighted as measured on the base."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge_base.calibration import Calibration
from knowledge_base.search import SHARPNESS, Candidate

SECOND_LOOKS = 5  # candidates that are read again: .987 of the right ones are among them, and ten cost twice as much
SURE = 0.9  # a first article with this confidence needs no second look
_LEAST_LOG = -12.0  # a probability below e^-12 counts as none

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Voice:
    """What was measured on the base whose calibration is of `base_version`; `weight` 0: it did not help, leave it out.

    `calibration` is that of search and reranker together, None where there was too little to measure it.
    `gained` and `lost` count held-back phrasings that it put right and wrong.
    """

    reranker: str
    base_version: str
    temperature: float = 1.0
    weight: float = 0.0
    calibration: Calibration | None = None
    trials: int = 0
    gained: int = 0
    lost: int = 0

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Voice:
        """Raises KeyError or TypeError for something else."""
        measured = data["calibration"]
        return cls(**{**data, "calibration": Calibration.from_json(measured) if measured else None})


def joined(
    candidates: Sequence[Candidate], scores: Sequence[float], temperature: float, weight: float
) -> list[Candidate]:
    """The candidates in their new order; `scores` are those of the first ones.

    Probabilities are multiplied: scores of search count as log-odds over `SHARPNESS`. The best of the reranker keeps
    its score and all others lose some; those that it has not read lose as much as the one that it likes least.
    """
    if not scores or not weight:
        return list(candidates)
    logs = log_shares(np.array(scores), temperature)
    shifts = weight * (logs - logs.max()) / SHARPNESS
    rest = [float(shifts.min())] * (len(candidates) - len(scores))
    moved = [
        replace(candidate, score=candidate.score + shift, reranker=score)
        for candidate, shift, score in zip(
            candidates, [*map(float, shifts), *rest], [*map(float, np.exp(logs)), *[None] * len(rest)], strict=True
        )
    ]
    return sorted(moved, key=lambda candidate: candidate.score, reverse=True)


def log_shares(scores: Floats, temperature: float) -> Floats:
    """Logarithms of the probabilities that the reranker gives to each, if one of them is right."""
    scaled = scores / temperature
    logs = scaled - scaled.max()
    return np.asarray(np.maximum(logs - np.log(np.exp(logs).sum()), _LEAST_LOG), float)
