"""How much of its wording a text shares with each article: TF-IDF on character n-grams, kept current edit by edit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_matrix, csr_matrix, vstack
from sklearn.feature_extraction.text import HashingVectorizer

_FEATURES = 2**18
_NGRAMS = (1, 4)


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


class LexicalIndex:
    """One document a key; `scores` are cosines, 0-1."""

    def __init__(self) -> None:
        self._counter = HashingVectorizer(
            analyzer="char_wb", ngram_range=_NGRAMS, n_features=_FEATURES, alternate_sign=False, norm=None
        )
        self._rows: dict[str, csr_matrix] = {}
        self._keys: list[str] = []
        self._places: dict[str, int] = {}
        self._idf = np.ones(_FEATURES, np.float32)
        self._matrix: csc_matrix | None = None  # built at the first look-up after a change

    def put(self, key: str, texts: Sequence[str]) -> None:
        """Make `texts` the document of `key`."""
        self._rows[key] = self._count(" ".join(texts))
        self._matrix = None

    def remove(self, key: str) -> None:
        """Forget `key`; an unknown one is ignored."""
        if self._rows.pop(key, None) is not None:
            self._matrix = None

    def scores(self, text: str) -> Wordings:
        """How much of its wording `text` shares with each key."""
        if not self._rows:
            return Wordings((), {}, np.zeros(0, np.float32))
        matrix = self._built()
        query = _unit(self._count(text).multiply(self._idf).tocsr())
        products = np.asarray(matrix[:, query.indices] @ query.data).ravel()
        return Wordings(self._keys, self._places, products)

    def _count(self, text: str) -> csr_matrix:
        counts = self._counter.transform([text]).astype(np.float32)
        np.log1p(counts.data, out=counts.data)
        return counts

    def _built(self) -> csc_matrix:
        if self._matrix is None:
            rows = vstack(list(self._rows.values()), format="csr")
            holding = np.bincount(rows.indices, minlength=_FEATURES)
            self._idf = (np.log((1 + rows.shape[0]) / (1 + holding)) + 1).astype(np.float32)
            self._keys = list(self._rows)
            self._places = {key: place for place, key in enumerate(self._keys)}
            self._matrix = _unit(rows.multiply(self._idf).tocsr()).tocsc()
        return self._matrix


def _unit(rows: csr_matrix) -> csr_matrix:
    """Each row of length one; empty rows stay empty."""
    lengths = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
    scale = np.repeat(1 / np.maximum(lengths, 1e-9), np.diff(rows.indptr))
    return csr_matrix((rows.data * scale, rows.indices, rows.indptr), shape=rows.shape)
