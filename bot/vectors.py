"""The vector of a text: from the turn while one runs, from the knowledge server in training, shell and tests."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.turn import CURRENT
from knowledge_base.client import KnowledgeUnavailable, SyncKnowledgeClient

_log = logging.getLogger(__name__)
_TOLD_EVERY = 1024


@dataclass(frozen=True)
class Vectors:
    """One row a text; `missing` tells that the rows are zeros because there was no vector to be had."""

    rows: "np.ndarray"
    missing: bool


def of_turn(texts: Sequence[str], dimension: int) -> Vectors | None:
    """What came with the request: a row for the whole, and one for each part; None when no turn is running."""
    turn = CURRENT.get()
    if turn is None:
        return None
    values = turn.input.vector
    if values is None or len(values) != dimension:
        return zeros(len(texts), dimension)
    parts = [part.vector for part in turn.input.parts]
    rows = [values, *parts] if len(texts) == 1 + len(parts) else [values] * len(texts)
    return Vectors(np.asarray(rows, dtype=np.float32), missing=False)


def of_server(url: str, texts: Sequence[str], dimension: int) -> Vectors:
    """Vectors from the knowledge server; zeros when it does not answer."""
    rows: list[list[float]] = []
    try:
        with SyncKnowledgeClient(url) as client:
            for start in range(0, len(texts), _TOLD_EVERY):
                rows += client.embed(texts[start : start + _TOLD_EVERY])
                if len(texts) > _TOLD_EVERY:
                    _log.info("vectors %d/%d", len(rows), len(texts))
    except KnowledgeUnavailable:
        return zeros(len(texts), dimension)
    return Vectors(np.asarray(rows, dtype=np.float32).reshape(len(texts), -1), missing=False)


def zeros(count: int, dimension: int) -> Vectors:
    return Vectors(np.zeros((count, dimension), dtype=np.float32), missing=True)
