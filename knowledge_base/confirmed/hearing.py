"""Whether confirmed questions are learned from: only if questions that were held back are clearly better off."""

from __future__ import annotations

import math
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from knowledge_base.classifier import FEWEST_PHRASINGS, MOST_CELLS
from knowledge_base.crossvalidation import Confirmed, Trial, familiar, in_fold, learn, tried, without
from knowledge_base.faiss_index import FaissIndex
from knowledge_base.search import Entry, Search, build, is_lonely
from knowledge_base.vectors import Vectors

_FEWEST = 30
_FEWEST_LONELY = 200  # what serves a base without phrasings has to be calibrated on them, too
_PARTS = 5
_CLEARLY = 1.64  # standard deviations
_SHARE_FAMILIAR = 0.5  # of the confirmed ones: of all trials of a lonely base, a third

Outside = Sequence[tuple[str, Vectors]]


@dataclass(frozen=True)
class Hearing:
    """What the confirmed questions named by `mark` did for a base.

    Of `asked` questions, each held back once, `gained` were put right and `lost` put wrong by the others; of the
    base's own phrasings `own_gained` and `own_lost`.
    """

    mark: str = ""
    asked: int = 0
    gained: int = 0
    lost: int = 0
    own_gained: int = 0
    own_lost: int = 0
    heard: bool = False

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Hearing:
        return cls(**{one.name: data[one.name] for one in fields(cls) if one.name in data})


NOTHING_HEARD = Hearing()


def usable(entries: Sequence[Entry], confirmed: Sequence[Confirmed]) -> list[Confirmed]:
    """The confirmed questions that teach something: to articles that are there, and no editor has written them."""
    ids = {entry.article_id for entry in entries}
    written = {phrasing for entry in entries for phrasing in entry.phrasings}
    fresh = {(one.article_id, one.text): one for one in confirmed if one.text and one.text not in written}
    return [one for one in fresh.values() if one.article_id in ids]


def measure(
    entries: Sequence[Entry], out_of_scope: Outside, confirmed: Sequence[Confirmed], mark: str
) -> tuple[Hearing, list[Trial]]:
    """How confirmed questions that are `usable` do, and the trials that show it, each part asked of the others."""
    found = Hearing(mark, len(confirmed))
    if not _enough(entries, confirmed):
        return found, []
    search = build(entries, FaissIndex(entries[0].vectors.shape[1]))
    search.learn(learn(entries, out_of_scope))
    before = [_asked(search, one) for one in confirmed]
    nearly = list(familiar(entries))[: int(len(confirmed) * _SHARE_FAMILIAR)] if is_lonely(entries) else []
    nearly_before = [tried(search, *one) for one in nearly]
    after, outside = _of_the_others(search, entries, out_of_scope, confirmed)
    search.learn(learn(entries, out_of_scope, confirmed))
    nearly_after = [replace(tried(search, *one), familiar=True) for one in nearly]
    own_before, own_after = _phrasings(entries, out_of_scope, confirmed)
    gained, lost = _moved(before, after)
    own_gained, own_lost = _moved([*nearly_before, *own_before], [*nearly_after, *own_after])
    heard = _clearly(gained, lost) and not _clearly(own_lost, own_gained)
    found = replace(found, gained=gained, lost=lost, own_gained=own_gained, own_lost=own_lost, heard=heard)
    return found, [*after, *outside, *nearly_after]


def _enough(entries: Sequence[Entry], confirmed: Sequence[Confirmed]) -> bool:
    """Whether there is something to measure, and a classifier to teach."""
    rows = sum(len(entry.phrasings) for entry in entries) + len(confirmed)
    fewest = _FEWEST_LONELY if is_lonely(entries) else _FEWEST
    can_be_taught = rows >= FEWEST_PHRASINGS * len(entries) and rows * len(entries) <= MOST_CELLS
    return len(confirmed) >= fewest and can_be_taught


def _of_the_others(
    search: Search, entries: Sequence[Entry], out_of_scope: Outside, confirmed: Sequence[Confirmed]
) -> tuple[list[Trial], list[Trial]]:
    """Each confirmed question, and each text out of scope, asked where its part was not learned."""
    after: dict[int, Trial] = {}
    outside: list[Trial] = []
    for part in range(_PARTS):
        held = {place for place, one in enumerate(confirmed) if zlib.crc32(one.text.encode()) % _PARTS == part}
        others = [one for place, one in enumerate(confirmed) if place not in held]
        strange = [pair for place, pair in enumerate(out_of_scope) if place % _PARTS != part]
        search.learn(learn(entries, strange, others))
        after |= {place: _asked(search, confirmed[place]) for place in held}
        outside += [tried(search, None, *pair) for place, pair in enumerate(out_of_scope) if place % _PARTS == part]
    return [after[place] for place in range(len(confirmed))], outside


def _phrasings(
    entries: Sequence[Entry], out_of_scope: Outside, confirmed: Sequence[Confirmed]
) -> tuple[list[Trial], list[Trial]]:
    """The base's own phrasings, a part of each article's, asked of the rest without and with `confirmed`."""
    kept = [rest for entry in entries if (rest := without(entry, 0, _PARTS)) is not None]
    if not kept:
        return [], []
    known = {entry.article_id for entry in kept}
    asked = [
        (entry.article_id, entry.phrasings[place], entry.vectors[place])
        for entry in entries
        if entry.article_id in known
        for place in in_fold(entry, 0, _PARTS)
    ]
    search = build(kept, FaissIndex(kept[0].vectors.shape[1]))
    search.learn(learn(kept, out_of_scope))
    before = [tried(search, *one) for one in asked]
    search.learn(learn(kept, out_of_scope, confirmed))
    return before, [tried(search, *one) for one in asked]


def _moved(before: Sequence[Trial], after: Sequence[Trial]) -> tuple[int, int]:
    """How many are right only after, and only before."""
    pairs = [(_is_right(was), _is_right(now)) for was, now in zip(before, after, strict=True)]
    return sum(now and not was for was, now in pairs), sum(was and not now for was, now in pairs)


def _clearly(more: int, less: int) -> bool:
    return more - less > _CLEARLY * math.sqrt(more + less)


def _asked(search: Search, one: Confirmed) -> Trial:
    return tried(search, one.article_id, one.text, one.vector)


def _is_right(trial: Trial) -> bool:
    return bool(trial.candidates) and trial.candidates[0].article_id == trial.right
