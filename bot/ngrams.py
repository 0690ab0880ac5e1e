"""The n-grams of a text, each weighted by how rare it is among the texts that were learned."""

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot.simplified import simplified
from reading.normalisation import for_matching

_DIGITS = re.compile(r"\d{3,}")
_WORDS = r"[a-z0-9']+|[\u4e00-\u9fff]"
# How much of a row's length (squared) each kind has, and what makes it.
_KINDS: tuple[tuple[float, dict[str, Any]], ...] = (
    (0.67, {"analyzer": "char_wb", "ngram_range": (1, 4)}),
    (0.33, {"analyzer": "word", "ngram_range": (1, 2), "token_pattern": _WORDS}),
)
# In large sets what stands in a twentieth of the texts tells little and costs most of the time of comparing them.
_LARGE, _COMMON = 2000, 0.05


def prepared(text: str) -> str:
    """One script and case; the digits of a number do not matter, only how many there are."""
    return _DIGITS.sub(lambda number: "0" * len(number[0]), simplified(for_matching(text)))


class Ngrams:
    """Rows of length one (none at all for a text of which nothing is known): characters and words side by side."""

    def __init__(self, kinds: list[Any]) -> None:
        self._kinds = kinds

    @classmethod
    def learned(cls, texts: Sequence[str]) -> "Ngrams":
        from sklearn.feature_extraction.text import TfidfVectorizer

        ready = [prepared(text) for text in texts]
        common = _COMMON if len(ready) > _LARGE else 1.0
        kinds = []
        for _, options in _KINDS:
            kind = TfidfVectorizer(sublinear_tf=True, dtype="float32", max_df=common, **options)
            try:
                kinds.append(kind.fit(ready))
            except ValueError:  # nothing but blanks and punctuation: there are no words
                kinds.append(None)
        return cls(kinds)

    @property
    def width(self) -> int:
        return sum(len(kind.vocabulary_) for kind in self._kinds if kind is not None)

    def rows(self, texts: Sequence[str]) -> Any:
        """A sparse matrix, one row a text."""
        from scipy.sparse import csr_matrix, hstack

        ready = [prepared(text) for text in texts]
        parts = [
            kind.transform(ready) * share**0.5
            for kind, (share, _) in zip(self._kinds, _KINDS, strict=True)
            if kind is not None
        ]
        return hstack(parts, format="csr").astype("float32") if parts else csr_matrix((len(ready), 0), dtype="float32")

    def save(self, path: Path) -> None:
        kept = [kind and {"terms": _terms(kind), "weights": kind.idf_.tolist()} for kind in self._kinds]
        path.write_text(json.dumps(kept, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> "Ngrams":
        import numpy as np
        from sklearn.feature_extraction.text import TfidfVectorizer

        kinds = []
        for kept, (_, options) in zip(json.loads(path.read_text(encoding="utf-8")), _KINDS, strict=True):
            kind = kept and TfidfVectorizer(sublinear_tf=True, dtype="float32", vocabulary=kept["terms"], **options)
            if kind is not None:
                kind.idf_ = np.asarray(kept["weights"], dtype=np.float32)
            kinds.append(kind)
        return cls(kinds)


def _terms(kind: Any) -> list[str]:
    return sorted(kind.vocabulary_, key=kind.vocabulary_.__getitem__)
