"""How much of its wording a text shares with each article: TF-IDF on character n-grams, kept current edit by edit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import structlog
from numpy.typing import NDArray
from scipy.sparse import csc_matrix, csr_matrix, vstack
from sklearn.feature_extraction.text import HashingVectorizer

from knowledge_base.indexes.aside import Aside

_FEATURES = 2**18
_NGRAMS = (1, 4)
_SMALL = 1_000  # documents: so many are built anew after each change, in some 50 ms; more only ...
_CHANGED = 0.02  # ... when this share of them has changed, and aside

_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Wordings:
    """What one text shares with every key, looked up as needed: most keys of a large base are of no interest."""

    keys: Sequence[str]
    places: Mapping[str, int]
    products: NDArray[np.float32]

    def __getitem__(self, key: str) -> float:
        return float(self.products[self.places[key]])

    def best(self, most: int) -> list[str]:
        """Up to `most` keys that share the most, best first."""
        if not len(self.products):
            return []
        found = np.argpartition(-self.products, min(most, len(self.products) - 1))[:most]
        return [self.keys[place] for place in found[np.argsort(-self.products[found])] if self.products[place] > 0]


@dataclass(frozen=True)
class _Built:
    """The documents of one moment; `weights` are those of the n-grams, by their rarity then."""

    weights: NDArray[np.float32]
    keys: list[str]
    places: dict[str, int]
    matrix: csc_matrix


@dataclass(frozen=True)
class _Patch:
    """What changed since: documents that are others now, behind the built ones, and places that count no more."""

    keys: list[str]
    places: dict[str, int]
    rows: csr_matrix | None
    gone: NDArray[np.int64]


class LexicalIndex:
    """One document a key; `scores` are cosines, 0-1, in a large base with the rarities of a moment ago."""

    def __init__(self) -> None:
        self._counter = HashingVectorizer(
            analyzer="char_wb", ngram_range=_NGRAMS, n_features=_FEATURES, alternate_sign=False, norm=None
        )
        self._rows: dict[str, csr_matrix] = {}
        self._changed: dict[str, None] = {}  # since what is built
        self._built: _Built | None = None
        self._patch: _Patch | None = None  # made at the first look-up after a change
        self._aside: Aside[_Built] = Aside()
        self._changed_since: dict[str, None] = {}  # the work aside began

    def put(self, key: str, texts: Sequence[str]) -> None:
        """Make `texts` the document of `key`."""
        self._rows[key] = self._count(" ".join(texts))
        self._note(key)

    def remove(self, key: str) -> None:
        """Forget `key`; an unknown one is ignored."""
        if self._rows.pop(key, None) is not None:
            self._note(key)

    def scores(self, text: str) -> Wordings:
        """How much of its wording `text` shares with each key."""
        if not self._rows:
            return Wordings((), {}, np.zeros(0, np.float32))
        built = self._current()
        query = _unit(self._count(text).multiply(built.weights).tocsr())
        products = np.asarray(built.matrix[:, query.indices] @ query.data).ravel()
        if not self._changed:
            return Wordings(built.keys, built.places, products)
        if self._patch is None:
            self._patch = _patched(built, self._rows, self._changed)
        patch = self._patch
        products[patch.gone] = 0
        if patch.rows is not None:
            products = np.concatenate([products, np.asarray((patch.rows @ query.T).todense()).ravel()])
        return Wordings(patch.keys, patch.places, products)

    def _note(self, key: str) -> None:
        self._changed[key] = self._changed_since[key] = None
        self._patch = None

    def _count(self, text: str) -> csr_matrix:
        counts = self._counter.transform([text]).astype(np.float32)
        np.log1p(counts.data, out=counts.data)
        return counts

    def _current(self) -> _Built:
        self._use_what_was_made()
        if self._built is None or (self._changed and len(self._rows) <= _SMALL):
            self._built, self._changed, self._patch = _make(self._rows), {}, None
        elif len(self._changed) > _CHANGED * len(self._rows) and not self._aside.busy:
            rows, self._changed_since = dict(self._rows), {}
            self._aside.start(lambda: _make(rows))
        return self._built

    def _use_what_was_made(self) -> None:
        if not self._aside.busy:
            return
        try:
            made = self._aside.take()
        except MemoryError as error:  # then what is built serves on, and it is tried again
            _log.warning("lexical_not_made", cause=repr(error), documents=len(self._rows))
            return
        if made is not None:
            self._built, self._patch = made, None
            self._changed, self._changed_since = self._changed_since, {}


def _make(rows: Mapping[str, csr_matrix]) -> _Built:
    stacked = vstack(list(rows.values()), format="csr")
    holding = np.bincount(stacked.indices, minlength=_FEATURES)
    weights = (np.log((1 + stacked.shape[0]) / (1 + holding)) + 1).astype(np.float32)
    keys = list(rows)
    matrix = _unit(stacked.multiply(weights).tocsr()).tocsc()
    return _Built(weights, keys, {key: place for place, key in enumerate(keys)}, matrix)


def _patched(built: _Built, rows: Mapping[str, csr_matrix], changed: Mapping[str, None]) -> _Patch:
    new = [key for key in changed if key in rows]
    gone = np.array([built.places[key] for key in changed if key in built.places], np.int64)
    keys = [*built.keys, *new]
    places = {**built.places, **{key: len(built.keys) + at for at, key in enumerate(new)}}
    block = vstack([rows[key] for key in new], format="csr").multiply(built.weights).tocsr() if new else None
    return _Patch(keys, places, None if block is None else _unit(block), gone)


def _unit(rows: csr_matrix) -> csr_matrix:
    """Each row of length one; empty rows stay empty."""
    lengths = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
    scale = np.repeat(1 / np.maximum(lengths, 1e-9), np.diff(rows.indptr))
    return csr_matrix((rows.data * scale, rows.indices, rows.indptr), shape=rows.shape)
