"""How search does on phrasings it has not seen: a part of a base asked of the rest, classifier and all."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from knowledge_base.answers import Answers
from knowledge_base.classifier import Classifier, Rows, key_of, train
from knowledge_base.search import Candidate, Entry, Search, build, is_lonely
from knowledge_base.vector_index import Index
from knowledge_base.vectors import Vectors

FOLDS = 15  # of an article of fifteen phrasings, one is missing at a time: what is served misses none
_FAMILIAR_EVERY = 2  # every second phrasing: of all trials in scope, a third
_DRAWN = (0.2, 0.9)  # so much of another's vector: a likeness of about .98 to .85 is left
_GAPS = 0.2
_LEAST_TOLD = 0.2  # answers that tell less teach nothing
_LEAST_TO_COMPARE, _COMPARED = 20, 500  # articles


@dataclass(frozen=True)
class Confirmed:
    """What a customer asked, prepared, with its vector, and the article that was right."""

    article_id: str
    text: str
    vector: Vectors


@dataclass(frozen=True)
class Trial:
    """One text asked of search: what was found, how likely it is in scope, and what is right (None: nothing)."""

    right: str | None
    candidates: tuple[Candidate, ...]
    scope: float = 0.0
    text: str = ""
    familiar: bool = False  # asked nearly in words of the base


def cross_validate(
    entries: Sequence[Entry],
    out_of_scope: Sequence[tuple[str, Vectors]],
    make_index: Callable[[], Index],
    folds: int = FOLDS,
    confirmed: Sequence[Confirmed] = (),
) -> list[Trial]:
    """A trial for each phrasing whose article has others left, and for each prepared out-of-scope text and vector.

    The phrasings of an article differ on purpose, so these trials are harder than customers, who sometimes ask nearly
    in words of the base: `familiar` trials stand for those. `confirmed` questions are learned, but not asked: they
    come from where the bot was not sure, and would make it look worse than it is.
    """
    search = build(entries, make_index())
    search.learn(learn(entries, out_of_scope, confirmed))
    trials = [replace(tried(search, *one), familiar=True) for one in familiar(entries)]
    for fold in range(folds):
        kept = [rest for entry in entries if (rest := without(entry, fold, folds)) is not None]
        search = build(kept, make_index())
        outside = [pair for place, pair in enumerate(out_of_scope) if place % folds != fold]
        search.learn(learn(kept, outside, confirmed))
        known = {entry.article_id for entry in kept}
        asked = [
            (entry.article_id, entry.phrasings[place], entry.vectors[place])
            for entry in entries
            if entry.article_id in known
            for place in in_fold(entry, fold, folds)
        ] + [(None, *pair) for place, pair in enumerate(out_of_scope) if place % folds == fold]
        trials += [tried(search, *one) for one in asked]
    return trials


def tried(search: Search, right: str | None, text: str, vector: Vectors) -> Trial:
    """One prepared text asked of `search`."""
    return Trial(right, tuple(search.candidates(text, vector)), search.in_scope(vector), text)


def familiar(entries: Sequence[Entry]) -> Iterator[tuple[str, str, Vectors]]:
    """Article, text and vector: phrasings that the base has, each drawn towards one of another, with words missing."""
    if len(entries) < 2:
        return
    for entry in entries:
        for place in range(0, len(entry.phrasings), _FAMILIAR_EVERY):
            dice = np.random.default_rng(zlib.crc32(entry.phrasings[place].encode()))
            other = entries[int(dice.integers(len(entries)))]
            drawn = entry.vectors[place] + dice.uniform(*_DRAWN) * other.vectors[int(dice.integers(len(other.vectors)))]
            vector = (drawn / np.linalg.norm(drawn)).astype(np.float32)
            if other is not entry:
                yield entry.article_id, _with_gaps(entry.phrasings[place], dice), vector


def _with_gaps(text: str, dice: np.random.Generator) -> str:
    """`text` without a few of its words, or of its letters where there are no words."""
    joint = " " if " " in text else ""
    parts = text.split() if joint else list(text)
    return joint.join(part for part in parts if dice.random() > _GAPS)


def learn(
    entries: Sequence[Entry], out_of_scope: Sequence[tuple[str, Vectors]], confirmed: Sequence[Confirmed] = ()
) -> Classifier:
    """The classifier of these entries, of `confirmed` questions to any of them, and of out-of-scope texts.

    Answers are examples of their articles too, of the weight with which they tell what is asked.
    """
    out_of_scope = foreign(entries, out_of_scope) if is_lonely(entries) else out_of_scope
    places = {entry.article_id: place for place, entry in enumerate(entries)}
    asked = [one for one in confirmed if one.article_id in places]
    owners = [place for place, entry in enumerate(entries) for _ in entry.phrasings]
    owners += [places[one.article_id] for one in asked]
    width = entries[0].vectors.shape[1] if entries else 0
    nothing = np.zeros((0, width), np.float32)
    vectors = np.concatenate([nothing, *(entry.vectors for entry in entries), *(one.vector[None] for one in asked)])
    outside = np.array([vector for _, vector in out_of_scope], np.float32) if out_of_scope else nothing
    keys = [key_of(entry.article_id, entry.phrasings) for entry in entries]
    return train(keys, owners, vectors, outside, _answers(entries))


def _answers(entries: Sequence[Entry]) -> Rows | None:
    """The answers of those that carry one; None where they tell little, as in a forum."""
    questions = {entry.article_id: entry.vectors[0] for entry in entries if entry.answer_vector is not None}
    answers = Answers(lambda article_id: np.asarray(questions[article_id]))
    for entry in entries:
        if entry.answer_vector is not None:
            answers.put(entry.article_id, entry.answer_vector)
    if not questions or answers.told < _LEAST_TOLD:
        return None
    owners = [place for place, entry in enumerate(entries) if entry.answer_vector is not None]
    vectors = np.array([entry.answer_vector for entry in entries if entry.answer_vector is not None], np.float32)
    return Rows(owners, vectors, answers.told)


def foreign(entries: Sequence[Entry], out_of_scope: Sequence[tuple[str, Vectors]]) -> Sequence[tuple[str, Vectors]]:
    """Without the texts that are as near to an article as articles are to each other: they belong to its trade.

    The examples that ship were chosen against a shop's articles; to a bank or an insurer some are no strangers. A base
    with many phrasings an article is left its near strangers: they teach it most.
    """
    if len(entries) < _LEAST_TO_COMPARE or not out_of_scope:
        return out_of_scope
    questions = np.array([entry.vectors[0] for entry in entries], np.float32)
    some = np.arange(0, len(questions), -(-len(questions) // _COMPARED))
    alike = questions[some] @ questions.T
    alike[np.arange(len(some)), some] = -1
    usual = float(np.median(alike.max(axis=1)))
    nearest = (np.array([vector for _, vector in out_of_scope], np.float32) @ questions.T).max(axis=1)
    return [pair for pair, near in zip(out_of_scope, nearest, strict=True) if near < usual]


def in_fold(entry: Entry, fold: int, folds: int) -> list[int]:
    """Places of the phrasings held out in `fold`: dealt out evenly within an article, the same at every run."""
    order = np.argsort([zlib.crc32(text.encode()) for text in entry.phrasings], kind="stable")
    shift = zlib.crc32(entry.article_id.encode())
    return [int(place) for rank, place in enumerate(order) if (rank + shift) % folds == fold]


def without(entry: Entry, fold: int, folds: int) -> Entry | None:
    """What is left of it in `fold`; None: nothing."""
    held_out = set(in_fold(entry, fold, folds))
    keep = [place for place in range(len(entry.phrasings)) if place not in held_out]
    if not keep:
        return None
    return replace(
        entry,
        phrasings=tuple(entry.phrasings[place] for place in keep),
        vectors=entry.vectors[keep],
    )
