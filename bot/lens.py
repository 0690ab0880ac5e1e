"""Sentence vectors seen through a lens: what is said for one intent moves together, what is easily confused apart.

The lens is a square matrix beside the identity, learned from the examples by supervised contrastive loss (Khosla et
al., 2020). At every step a part of each vector is blanked out: without that, few examples are learned by heart.
"""

from dataclasses import dataclass

import numpy as np

BATCH = 512
_LEAST_STEPS, _TIMES = 20, 4  # of many examples, each is looked at so many times
_TEMPERATURE, _BLANKED = 0.1, 0.3
_RATE, _DECAY = 0.001, 0.01
_SEED = 0


@dataclass
class _Adam:
    """Kingma and Ba, 2015."""

    mean: "np.ndarray"
    square: "np.ndarray"
    step: int = 0

    def change(self, slope: "np.ndarray") -> "np.ndarray":
        self.step += 1
        self.mean += 0.1 * (slope - self.mean)
        self.square += 0.001 * (slope * slope - self.square)
        mean, square = self.mean / (1 - 0.9**self.step), self.square / (1 - 0.999**self.step)
        return np.asarray(-_RATE * mean / (np.sqrt(square) + 1e-8), dtype=np.float32)


def lens(vectors: "np.ndarray", intents: "np.ndarray") -> "np.ndarray":
    """The matrix to multiply vectors with. `vectors` are of length one, `intents` are numbers, one a row."""
    chance = np.random.default_rng(_SEED)
    width = vectors.shape[1]
    if len(set(intents.tolist())) < 2:
        return np.eye(width, dtype=np.float32)
    found = np.zeros((width, width), dtype=np.float32)
    adam = _Adam(np.zeros_like(found), np.zeros_like(found))
    for _ in range(max(_LEAST_STEPS, _TIMES * len(vectors) // BATCH)):
        rows = chance.permutation(len(vectors))[:BATCH]
        kept = chance.random((len(rows), width), dtype=np.float32) >= _BLANKED
        seen = vectors[rows] * kept / np.float32(1 - _BLANKED)
        found += adam.change(slope(seen, intents[rows], found) + 2 * _DECAY * found)
    return np.asarray(found + np.eye(width, dtype=np.float32))


def slope(vectors: "np.ndarray", intents: "np.ndarray", found: "np.ndarray") -> "np.ndarray":
    """By how much the loss grows with each number of the lens: texts that have no partner here do not count."""
    moved = vectors + vectors @ found
    lengths = np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-9)
    moved /= lengths
    likely = _likely(moved)
    same = (intents[:, None] == intents).astype(np.float32)
    np.fill_diagonal(same, 0)
    partners = same.sum(axis=1, keepdims=True)
    likely -= same / np.maximum(partners, 1)
    likely *= (partners > 0) / np.float32(max(1, int((partners > 0).sum())))
    pull = (likely + likely.T) @ moved / np.float32(_TEMPERATURE)
    pull -= (pull * moved).sum(axis=1, keepdims=True) * moved
    return np.asarray(vectors.T @ (pull / lengths))


def _likely(moved: "np.ndarray") -> "np.ndarray":
    """How likely each text would be taken for the partner of each other, were nearness all."""
    nearness = moved @ moved.T / np.float32(_TEMPERATURE)
    np.fill_diagonal(nearness, -np.inf)
    nearness -= nearness.max(axis=1, keepdims=True)
    np.exp(nearness, out=nearness)
    nearness /= nearness.sum(axis=1, keepdims=True)
    return nearness
