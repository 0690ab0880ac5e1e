"""The n-grams of a text, each weighted by how rare it is among the texts that were learned (TF-IDF)."""

import json
import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

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


@dataclass(frozen=True)
class Ngrams:
    """`columns` by kind and n-gram, and the weight of each column. Rows are of length one, characters and words
    side by side; of a text in which nothing is known nothing is left."""

    columns: tuple[dict[str, int], ...]
    weights: "np.ndarray"

    @classmethod
    def learned(cls, texts: Sequence[str]) -> "Ngrams":
        ready = [prepared(text) for text in texts]
        most = len(ready) * _COMMON if len(ready) > _LARGE else len(ready)
        columns, weights = [], list[float]()
        for kind in range(len(_KINDS)):
            texts_with = Counter(gram for text in ready for gram in set(_analyser(kind)(text)))
            grams = sorted(gram for gram, count in texts_with.items() if count <= most)
            columns.append({gram: len(weights) + place for place, gram in enumerate(grams)})
            weights += [math.log((1 + len(ready)) / (1 + texts_with[gram])) + 1 for gram in grams]
        return cls(tuple(columns), np.asarray(weights, dtype=np.float32))

    def rows(self, texts: Sequence[str]) -> Any:
        """A sparse matrix, one row a text."""
        from scipy.sparse import csr_matrix

        places, values, ends = list[int](), list[float](), [0]
        for text in texts:
            found = self._row(prepared(text))
            places += found.keys()
            values += found.values()
            ends.append(len(places))
        # Filled by hand: for a single row, SciPy's constructor takes longer than all the rest.
        found_rows = csr_matrix((len(texts), len(self.weights)), dtype=np.float32)
        found_rows.data = np.asarray(values, dtype=np.float32)
        found_rows.indices, found_rows.indptr = np.asarray(places, dtype=np.int32), np.asarray(ends, dtype=np.int32)
        return found_rows

    def _row(self, text: str) -> dict[int, float]:
        row: dict[int, float] = {}
        for kind, (share, _) in enumerate(_KINDS):
            known = self.columns[kind]
            counts = Counter(known[gram] for gram in _analyser(kind)(text) if gram in known)
            told = {place: (1 + math.log(count)) * float(self.weights[place]) for place, count in counts.items()}
            length = math.sqrt(sum(value * value for value in told.values()) / share)
            row.update((place, value / length) for place, value in told.items())
        return row

    def save(self, path: Path) -> None:
        kept = {"kinds": [list(columns) for columns in self.columns], "weights": self.weights.tolist()}
        path.write_text(json.dumps(kept, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> "Ngrams":
        kept = json.loads(path.read_text(encoding="utf-8"))
        columns, start = [], 0
        for grams in kept["kinds"]:
            columns.append({gram: start + place for place, gram in enumerate(grams)})
            start += len(grams)
        return cls(tuple(columns), np.asarray(kept["weights"], dtype=np.float32))


@lru_cache(maxsize=len(_KINDS))
def _analyser(kind: int) -> Any:
    from sklearn.feature_extraction.text import CountVectorizer

    return CountVectorizer(lowercase=False, **_KINDS[kind][1]).build_analyzer()
