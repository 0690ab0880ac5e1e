"""The learned part of retrieval: which article a vector asks for, and whether it asks for any of them.

Both are logistic regressions on the encoder's vectors. An article is known by its id and what it says: one that was
edited since is scored without the classifier until the next is trained.
"""

from __future__ import annotations

import base64
import hashlib
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge_base.vectors import Vectors

FEWEST_PHRASINGS = 2.5  # an article on average: below, there is nothing to learn from
MOST_CELLS = 3_000_000  # phrasings times articles; training takes about 7 s a million on one core
_SHARPNESS = 100.0  # scikit-learn's C, by cross-validation on the shipped base
_SCOPE_SHARPNESS = 10.0
_STEPS = 100

Floats = NDArray[np.float32]


class BadClassifier(Exception):
    """Raised for stored weights that are not what was stored."""

    code = "bad_classifier"


@dataclass(frozen=True)
class Classifier:
    """Weights, the last column being the offset: a row for each key, and one row for being in scope at all.

    Either may be empty: bases of few phrasings, or of too many articles, have no classes; without out-of-scope
    examples there is no scope.
    """

    keys: tuple[str, ...]
    weights: Floats
    scope: Floats

    def logits(self, vector: Vectors) -> Floats:
        """One a key."""
        logits: Floats = self.weights[:, :-1] @ vector + self.weights[:, -1]
        return logits

    def in_scope(self, vector: Vectors) -> float:
        """Log-odds of asking for any article, for an even mix of both; 0 when that was not learned."""
        return float(self.scope[:-1] @ vector + self.scope[-1]) if len(self.scope) else 0.0

    def as_json(self) -> dict[str, Any]:
        return {"keys": list(self.keys), "weights": pack_array(self.weights), "scope": pack_array(self.scope)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Classifier:
        """Raises BadClassifier."""
        try:
            keys = tuple(str(key) for key in data["keys"])
            weights, scope = unpack_array(data["weights"]), unpack_array(data["scope"])
        except (KeyError, TypeError, ValueError) as error:
            raise BadClassifier(str(error)) from error
        if len(keys) != len(weights) or weights.ndim != 2 or scope.ndim != 1:
            raise BadClassifier("keys, weights and scope do not fit each other")
        return cls(keys, weights, scope)


NOTHING_LEARNED = Classifier((), np.zeros((0, 1), np.float32), np.zeros(0, np.float32))


def key_of(article_id: str, phrasings: Sequence[str]) -> str:
    """Names an article by what it says; an edit of its answer changes nothing here."""
    return f"{article_id}:{zlib.crc32(chr(10).join(phrasings).encode()):08x}"


@dataclass(frozen=True)
class Rows:
    """Further examples: the place in `keys` of each, its vector, and the weight that all of them have."""

    owners: Sequence[int]
    vectors: Vectors
    weight: float


def train(
    keys: Sequence[str], owners: Sequence[int], vectors: Vectors, outside: Vectors, answers: Rows | None = None
) -> Classifier:
    """A classifier of these phrasings, `owners` being the place in `keys` of each; `outside` belong to none.

    `answers` teach which article it is, not what is in scope.
    """
    from sklearn.linear_model import LogisticRegression  # here, so that serving need not wait for its import

    owned = np.asarray(owners)
    scope, weights = np.zeros(0, np.float32), np.zeros((0, vectors.shape[1] + 1), np.float32)
    if len(outside) and len(vectors):
        both, inside = np.concatenate([vectors, outside]), np.repeat([1, 0], [len(vectors), len(outside)])
        fitted = LogisticRegression(C=_SCOPE_SHARPNESS, max_iter=_STEPS, class_weight="balanced").fit(both, inside)
        scope = _with_offset(fitted)[0]
    if len(keys) < 2 or len(owned) < FEWEST_PHRASINGS * len(keys) or len(keys) * len(owned) > MOST_CELLS:
        return Classifier((), weights, scope)
    counts = np.ones(len(owned))
    if answers is not None:
        counts = np.concatenate([counts, np.full(len(answers.owners), answers.weight)])
        owned, vectors = np.concatenate([owned, answers.owners]), np.concatenate([vectors, answers.vectors])
    fitted = LogisticRegression(C=_SHARPNESS, max_iter=_STEPS).fit(vectors, owned, sample_weight=counts)
    rows = _with_offset(fitted)
    if len(keys) == 2:  # scikit-learn gives one row, for the second class
        rows = np.concatenate([np.zeros_like(rows), rows])
    return Classifier(tuple(keys[place] for place in fitted.classes_), rows, scope)


def pack_array(array: NDArray[Any]) -> dict[str, Any]:
    """An array of float32 as JSON: shape, checksum and base64."""
    raw = np.ascontiguousarray(array, "<f4").tobytes()
    return {
        "shape": list(array.shape),
        "sha256": hashlib.sha256(raw).hexdigest(),
        "data": base64.b64encode(raw).decode("ascii"),
    }


def unpack_array(data: Mapping[str, Any]) -> Floats:
    """The array of `pack_array`; ValueError when it is not whole."""
    raw = base64.b64decode(data["data"], validate=True)
    if hashlib.sha256(raw).hexdigest() != data["sha256"]:
        raise ValueError("the checksum is wrong")
    return np.frombuffer(raw, "<f4").reshape([int(length) for length in data["shape"]]).astype(np.float32)


def _with_offset(fitted: Any) -> Floats:
    return np.concatenate([fitted.coef_, fitted.intercept_[:, None]], axis=1).astype(np.float32)
