"""Makes as many phrasings as wanted that lie as the shipped ones do, for `benchmarks.index_sizes`.

A made article has a centre, a convex combination of the centres of three shipped articles and some noise, and
phrasings, each the centre and a deviation: noise that spreads as the shipped phrasings deviate from their articles'
centres, a part of it common to the phrasings of one language and another part to three phrasings that say nearly the
same. How long centre and deviations are is taken from one shipped article. `likenesses` shows how nearly that gives
the distances between neighbours that the shipped phrasings have. (Deviations borrowed from shipped phrasings would not
do: each would be used so often that the nearest phrasing was another article's with the same deviation.)
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from knowledge_base.encoded_ahead import EncodedAhead, encode_ahead
from knowledge_base.encoder import load_encoder
from knowledge_base.search import phrasings_of
from knowledge_base.shipped import read_articles
from knowledge_base.vectors import Vectors

PHRASINGS = 29  # an article, as in the shipped base
_BLOCK = 500  # articles made at once
_MIXED = 3  # articles
_SHARPNESS = 0.5  # of the Dirichlet weights: below 1 one of the three articles prevails
_NOISE = 0.6  # beside a centre's length of 1
_COMMON = (0.22, 0.2)  # of a deviation's square: to half an article, to three phrasings
_SEED = 20261122
_ASKED_SEED = 7
_ASKED_OF = 200_000  # phrasings, the first ones: making them again takes time


@dataclass(frozen=True)
class Shipped:
    """The shipped phrasings: where each article's centre is, and how each phrasing differs from it."""

    vectors: Vectors
    centres: Vectors
    deviations: Vectors
    starts: np.ndarray  # of each article's rows, and the end
    spread: Vectors  # turns white noise into noise that spreads as deviations do

    def lengths(self, articles: np.ndarray, dice: np.random.Generator) -> Vectors:
        """How long one of the deviations of each of these articles is, drawn by `dice`."""
        first, after = self.starts[articles], self.starts[articles + 1]
        rows = first + (dice.random(len(articles)) * (after - first)).astype(int)
        return np.linalg.norm(self.deviations[rows], axis=1).astype(np.float32)


def read_shipped() -> Shipped:
    """With the real encoder, or what it encoded ahead."""
    encoder = load_encoder()
    encode_ahead(encoder)
    ahead = EncodedAhead(encoder.identity)
    centres, deviations, all_rows = [], [], []
    for article in read_articles():
        rows = unit(np.array([ahead.vector(text) for text in phrasings_of(article)], np.float32))
        centres.append(rows.mean(axis=0))
        deviations.append(rows - centres[-1])
        all_rows.append(rows)
    starts = np.cumsum([0, *map(len, all_rows)])
    deviating = np.concatenate(deviations)
    covariance = np.cov(deviating.T) + 1e-9 * np.eye(deviating.shape[1])
    spread = np.linalg.cholesky(covariance).T.astype(np.float32)
    return Shipped(np.concatenate(all_rows), np.array(centres), deviating, starts, spread)


def make(shipped: Shipped, phrasings: int, path: Path) -> np.ndarray:
    """`phrasings` made rows of half precision in the file `path`, memory-mapped; the same at every call."""
    if not path.exists():
        scratch = path.with_suffix(".part")
        rows = np.lib.format.open_memmap(
            scratch, mode="w+", dtype=np.float16, shape=(phrasings, shipped.vectors.shape[1])
        )
        for block, start in enumerate(range(0, phrasings, _BLOCK * PHRASINGS)):
            stop = min(start + _BLOCK * PHRASINGS, phrasings)
            made = _phrasings(shipped, *_centres(shipped, block), np.random.default_rng([_SEED, 1, block]))
            rows[start:stop] = made[: stop - start]
        rows.flush()
        scratch.rename(path)
    return np.load(path, mmap_mode="r")


def asked(shipped: Shipped, among: int, count: int) -> Vectors:
    """`count` further phrasings of articles that are among the first `among` made phrasings."""
    dice = np.random.default_rng(_ASKED_SEED)
    found = []
    for article in dice.integers(max(1, min(among, _ASKED_OF) // PHRASINGS), size=count):
        block, place = divmod(int(article), _BLOCK)
        found.append((block, place))
    rows = np.empty((count, shipped.vectors.shape[1]), np.float32)
    for block in sorted({block for block, _ in found}):
        mine = [at for at, (where, _) in enumerate(found) if where == block]
        made = _phrasings(shipped, *_centres(shipped, block), np.random.default_rng([_SEED, 1, block]), dice)
        rows[mine] = made[[found[at][1] * PHRASINGS + int(dice.integers(PHRASINGS)) for at in mine]]
    return rows


def likenesses(rows: Vectors, most: int = 2_000) -> dict[str, list[float]]:
    """Inner products of rows with their nearest, 10th and 100th other row: 10th, 50th and 90th percentile."""
    asked_rows = rows[np.random.default_rng(0).permutation(len(rows))[:most]].astype(np.float32)
    best = np.full((len(asked_rows), 0), 0, np.float32)
    for start in range(0, len(rows), 50_000):
        block = asked_rows @ rows[start : start + 50_000].astype(np.float32).T
        best = np.partition(np.concatenate([best, block], axis=1), -101, axis=1)[:, -101:]
    best.sort(axis=1)
    return {
        str(rank): [round(float(value), 3) for value in np.percentile(best[:, -1 - rank], (10, 50, 90))]
        for rank in (1, 10, 100)
    }


def unit(rows: Vectors) -> Vectors:
    """Each row of length one."""
    made: Vectors = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    return made


def _centres(shipped: Shipped, block: int) -> tuple[Vectors, np.ndarray]:
    """The centres of a block of made articles, and the shipped article whose lengths each of them has."""
    dice = np.random.default_rng([_SEED, 0, block])
    drawn = dice.integers(len(shipped.centres), size=(_BLOCK, _MIXED))
    weights = dice.dirichlet([_SHARPNESS] * _MIXED, size=_BLOCK).astype(np.float32)
    mixed = np.einsum("am,amd->ad", weights, shipped.centres[drawn])
    noise = unit(dice.standard_normal(mixed.shape, np.float32) * shipped.deviations.std(axis=0))
    models = dice.integers(len(shipped.centres), size=_BLOCK)
    lengths = np.linalg.norm(shipped.centres[models], axis=1)[:, None]
    return unit(unit(mixed) + _NOISE * noise) * lengths, models


def _phrasings(
    shipped: Shipped,
    centres: Vectors,
    models: np.ndarray,
    dice: np.random.Generator,
    others: np.random.Generator | None = None,
) -> Vectors:
    """`PHRASINGS` rows for each centre; with `others`, other ones beside those that `dice` alone gives."""
    halves, threes, own = (
        _spread(shipped, len(centres), PHRASINGS // each + 1, dice).repeat(each, axis=1)[:, :PHRASINGS]
        for each in (PHRASINGS // 2 + 1, 3, 1)
    )
    lengths = shipped.lengths(np.repeat(models, PHRASINGS), dice)[:, None]
    if others is not None:
        own = _spread(shipped, len(centres), PHRASINGS, others)
    of_half, of_three = _COMMON
    mixed = of_half**0.5 * halves + of_three**0.5 * threes + (1 - of_half - of_three) ** 0.5 * own
    made = unit(mixed.reshape(-1, mixed.shape[2])) * lengths
    return unit(np.repeat(centres, PHRASINGS, axis=0) + made)


def _spread(shipped: Shipped, articles: int, each: int, dice: np.random.Generator) -> np.ndarray:
    """Noise of length one for `each` phrasings of `articles`, three-dimensional."""
    white = dice.standard_normal((articles * each, shipped.spread.shape[0]), np.float32)
    return unit(white @ shipped.spread).reshape(articles, each, -1)
