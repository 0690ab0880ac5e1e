"""How search does on phrasings it has not seen: each fifth of a base asked of the other four."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from knowledge_base.encoder import Vectors
from knowledge_base.search import Candidate, Entry, Search, build
from knowledge_base.vector_index import Index

FOLDS = 5


@dataclass(frozen=True)
class Trial:
    """One text asked of search: what was found, and which article would have been right (None: none at all)."""

    right: str | None
    candidates: tuple[Candidate, ...]


def cross_validate(
    entries: Sequence[Entry],
    out_of_scope: Sequence[tuple[str, Vectors]],
    make_index: Callable[[], Index],
    make_search: Callable[[Sequence[Entry], Index], Search] = build,
) -> list[Trial]:
    """A trial for each phrasing whose article has others left, and for each prepared out-of-scope text and vector."""
    trials: list[Trial] = []
    for fold in range(FOLDS):
        search = make_search([kept for entry in entries if (kept := _without(entry, fold)) is not None], make_index())
        known = {entry.article_id for entry in search.entries()}
        for entry in entries:
            for place in _in_fold(entry, fold):
                if entry.article_id in known:
                    found = search.candidates(entry.phrasings[place], entry.vectors[place])
                    trials.append(Trial(entry.article_id, tuple(found)))
        trials += [
            Trial(None, tuple(search.candidates(text, vector)))
            for place, (text, vector) in enumerate(out_of_scope)
            if place % FOLDS == fold
        ]
    return trials


def _in_fold(entry: Entry, fold: int) -> list[int]:
    """Places of the phrasings held out in `fold`: dealt out evenly within an article, the same at every run."""
    order = np.argsort([zlib.crc32(text.encode()) for text in entry.phrasings], kind="stable")
    shift = zlib.crc32(entry.article_id.encode())
    return [int(place) for rank, place in enumerate(order) if (rank + shift) % FOLDS == fold]


def _without(entry: Entry, fold: int) -> Entry | None:
    held_out = set(_in_fold(entry, fold))
    keep = [place for place in range(len(entry.phrasings)) if place not in held_out]
    if not keep:
        return None
    return replace(
        entry,
        phrasings=tuple(entry.phrasings[place] for place in keep),
        vectors=entry.vectors[keep],
    )
