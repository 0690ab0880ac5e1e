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
    rows = sum(len(entry.phrasings) for entry in entries) + len(confirmed)
    lonely = is_lonely(entries)
    if len(confirmed) < (_FEWEST_LONELY if lonely else _FEWEST):
        return found, []
    if rows * len(entries) > MOST_CELLS or rows < FEWEST_PHRASINGS * len(entries):  # there is no classifier then
        return found, []
    search = build(entries, FaissIndex(entries[0].vectors.shape[1]))
    search.learn(learn(entries, out_of_scope))
    before = {id(one): _right(search, one) for one in confirmed}
    nearly = list(familiar(entries))[: int(len(confirmed) * _SHARE_FAMILIAR)] if lonely else []
    own_before = [tried(search, *one) for one in nearly]
    trials, gained, lost = [], 0, 0
    for part in range(_PARTS):
        others = [one for one in confirmed if _part_of(one) != part]
        outside = [pair for place, pair in enumerate(out_of_scope) if place % _PARTS != part]
        search.learn(learn(entries, outside, others))
        for one in confirmed:
            if _part_of(one) == part:
                trial = tried(search, one.article_id, one.text, one.vector)
                trials.append(trial)
                was, now = before[id(one)], _first(trial) == one.article_id
                gained, lost = gained + (now and not was), lost + (was and not now)
        trials += [tried(search, None, *pair) for place, pair in enumerate(out_of_scope) if place % _PARTS == part]
    search.learn(learn(entries, out_of_scope, confirmed))
    own_after = [replace(tried(search, *one), familiar=True) for one in nearly]
    own = [*zip(own_before, own_after, strict=True), *_phrasings(entries, out_of_scope, confirmed)]
    own_gained = sum(_first(now) == now.right != _first(was) for was, now in own)
    own_lost = sum(_first(was) == was.right != _first(now) for was, now in own)
    heard = gained - lost > _CLEARLY * math.sqrt(gained + lost) and own_lost - own_gained <= _CLEARLY * math.sqrt(
        own_gained + own_lost
    )
    found = replace(found, gained=gained, lost=lost, own_gained=own_gained, own_lost=own_lost, heard=heard)
    return found, [*trials, *own_after]


def _phrasings(
    entries: Sequence[Entry], out_of_scope: Outside, confirmed: Sequence[Confirmed]
) -> list[tuple[Trial, Trial]]:
    """The base's own phrasings, a part of each article's, asked of the rest without and with `confirmed`."""
    kept = [rest for entry in entries if (rest := without(entry, 0, _PARTS)) is not None]
    known = {entry.article_id for entry in kept}
    if not kept:
        return []
    search = build(kept, FaissIndex(kept[0].vectors.shape[1]))
    asked = [
        (entry.article_id, entry.phrasings[place], entry.vectors[place])
        for entry in entries
        if entry.article_id in known
        for place in in_fold(entry, 0, _PARTS)
    ]
    search.learn(learn(kept, out_of_scope))
    before = [tried(search, *one) for one in asked]
    search.learn(learn(kept, out_of_scope, confirmed))
    return list(zip(before, [tried(search, *one) for one in asked], strict=True))


def _right(search: Search, one: Confirmed) -> bool:
    return _first(tried(search, one.article_id, one.text, one.vector)) == one.article_id


def _first(trial: Trial) -> str | None:
    return trial.candidates[0].article_id if trial.candidates else None


def _part_of(one: Confirmed) -> int:
    return zlib.crc32(one.text.encode()) % _PARTS
