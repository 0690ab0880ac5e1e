"""Intents from nearness: each example that was learned speaks for its own, the louder the nearer it is to the text.

Kernel ridge regression (least-squares support vectors: Suykens and Vandewalle, 1999) on one-hot intents. The kernel is
a bell over the cosine of sentence vectors plus a share of the cosine of n-grams; without vectors, a bell over n-grams.
The score of an intent is an estimate of its probability, near 0 for all of them far from whatever was learned.
Scores that each example would get had it not been learned come for free from the same factorisation, and the
calibration (bot/probabilities.py) is fitted on them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

RIDGE = 0.1
BLOCK = 1024


@dataclass(frozen=True)
class Kernel:
    """`steepness` of the bell, and the share of the n-grams beside it. Without vectors the bell is over n-grams."""

    steepness: float = 2.0
    wording: float = 0.3
    with_vectors: bool = True

    def between(self, cosines: "np.ndarray", wordings: "np.ndarray") -> "np.ndarray":
        """The kernel, written over `cosines` (`wordings` without vectors): at full size two would not fit."""
        bell = cosines if self.with_vectors else wordings
        bell -= 1
        bell *= self.steepness
        np.exp(bell, out=bell)
        if self.with_vectors:
            bell += self.wording * wordings
        return bell


WITH_VECTORS = Kernel()
WITHOUT_VECTORS = Kernel(steepness=1.0, with_vectors=False)


@dataclass(frozen=True)
class Examples:
    """What was learned, a row each: `vectors` of length one around their `centre`, and sparse `ngrams`.

    With a `lens` (bot/lens.py), `vectors` are as they look through it.
    """

    vectors: "np.ndarray"
    centre: "np.ndarray"
    ngrams: Any
    lens: "np.ndarray | None" = None

    @classmethod
    def of(cls, vectors: "np.ndarray", ngrams: Any) -> "Examples":
        centre = vectors.mean(axis=0) if len(vectors) else np.zeros(vectors.shape[1], np.float32)
        return cls(_of_length_one(vectors - centre), centre.astype(np.float32), ngrams)

    def through(self, lens: "np.ndarray") -> "Examples":
        """The same, of which nothing has been seen through a lens yet, seen through this one."""
        return replace(self, vectors=_of_length_one(self.vectors @ lens), lens=lens)

    def __len__(self) -> int:
        return int(self.ngrams.shape[0])

    def kernel(self, kernel: Kernel, vectors: "np.ndarray", ngrams: Any) -> "np.ndarray":
        """One row a text, one column an example; `vectors` as the encoder made them."""
        vectors = _of_length_one(vectors - self.centre)
        if self.lens is not None and kernel.with_vectors:
            vectors = _of_length_one(vectors @ self.lens)
        return self._kernel(kernel, vectors, ngrams)

    def own_kernel(self, kernel: Kernel) -> "np.ndarray":
        """All examples against all. Four bytes a pair: 900 MB for 15,000 of them."""
        whole = np.empty((len(self), len(self)), dtype=np.float32)
        for block in _blocks(len(self)):
            whole[block] = self._kernel(kernel, self.vectors[block], self.ngrams[block])
        return whole

    @cached_property
    def _by_ngram(self) -> Any:
        """The n-grams' side turned round, once: for every message it would take most of the time."""
        return self.ngrams.T.tocsr()

    def _kernel(self, kernel: Kernel, vectors: "np.ndarray", ngrams: Any) -> "np.ndarray":
        wordings = (ngrams @ self._by_ngram).toarray()
        cosines = vectors @ self.vectors.T if kernel.with_vectors else wordings
        return kernel.between(cosines, wordings)


@dataclass(frozen=True)
class Voices:
    """What each example says for each intent (`weights`), beside the share of each intent among all (`shares`)."""

    kernel: Kernel
    weights: "np.ndarray"
    shares: "np.ndarray"

    def scores(self, examples: Examples, vectors: "np.ndarray", ngrams: Any) -> "np.ndarray":
        """One row a text, one column an intent."""
        found = np.empty((ngrams.shape[0], len(self.shares)), dtype=np.float32)
        for block in _blocks(len(found)):
            found[block] = examples.kernel(self.kernel, vectors[block], ngrams[block]) @ self.weights + self.shares
        return found


def learn(examples: Examples, intents: "np.ndarray", count: int, kernel: Kernel) -> tuple[Voices, "np.ndarray"]:
    """The voices, and the score that each example gets for each intent when it is itself left out.

    `intents` are numbers below `count`. Takes the cube of the number of examples: 0.5 s for 3,000, a minute for 15,000.
    """
    from scipy.linalg import lapack

    wanted = np.zeros((len(examples), count), dtype=np.float32)
    wanted[np.arange(len(examples)), intents] = 1
    shares = wanted.mean(axis=0)
    # Fortran's order of a symmetric matrix is its own transpose: LAPACK then works in place, in half the memory.
    matrix = examples.own_kernel(kernel).T
    matrix[np.diag_indices(len(examples))] += RIDGE
    factor, failed = lapack.spotrf(matrix, lower=1, overwrite_a=1, clean=0)
    if failed:
        raise ArithmeticError(f"the kernel of {len(examples)} examples cannot be factored ({failed})")
    weights = np.ascontiguousarray(lapack.spotrs(factor, wanted - shares, lower=1)[0])
    inverse, _ = lapack.spotri(factor, lower=1, overwrite_c=1)
    left_out = wanted - weights / np.diagonal(inverse)[:, None]
    return Voices(kernel, weights, shares), left_out


def _of_length_one(rows: "np.ndarray") -> "np.ndarray":
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return (rows / np.maximum(lengths, 1e-9)).astype(np.float32)


def _blocks(count: int) -> Iterator[slice]:
    return (slice(start, start + BLOCK) for start in range(0, count, BLOCK))
