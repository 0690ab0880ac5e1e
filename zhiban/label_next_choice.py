"""Which messages to label next: those the classifier doubts, that many customers write, unlike each other.

Greedy: each time the message with the most doubt times the logarithm of how often it was written, times its distance
to what has been chosen before (weighted k-centre: Sener and Savarese, 2018, with the doubt of margin sampling).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.guess import Guess

_LEAST_DISTANCE = 1e-3
_CLOSE_CALL = 0.75  # doubt from which the two best are named as the reason
_STRANGE = 0.35  # familiarity below which a message is like nothing that was learned

Vectors = NDArray[np.float32]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Chosen:
    """`place` among the messages given; `near` is how like it is to the likest chosen before it, 0-1."""

    place: int
    doubt: float
    near: float


def doubt_of(guess: Guess) -> float:
    """One less the gap between the two likeliest intents: 0 sure, 1 a tie."""
    likely = [float(one["confidence"]) for one in guess.ranking[:2]]
    return 1.0 - (likely[0] - likely[1] if len(likely) > 1 else 1.0)


def choose(guesses: Sequence[Guess], vectors: Vectors, times: Sequence[int], count: int) -> list[Chosen]:
    """At most `count` messages, the most useful first. `vectors` are of length one, a row a message."""
    doubts = np.array([doubt_of(one) for one in guesses])
    worth: Floats = doubts * (1 + np.log(np.maximum(np.asarray(times, float), 1)))
    rows = _spread(vectors)
    near, found = np.zeros(len(rows)), list[Chosen]()
    for _ in range(min(count, len(rows))):
        place = int((worth * np.maximum(1 - near, _LEAST_DISTANCE)).argmax())
        found.append(Chosen(place, float(doubts[place]), float(near[place])))
        worth[place] = -1.0
        near = np.maximum(near, rows @ rows[place])
    return found


def reasons(chosen: Chosen, guess: Guess, times: int) -> list[str]:
    """Why it is in the list, the names of the reasons."""
    named = {
        "close_call": chosen.doubt > _CLOSE_CALL,
        "like_nothing_known": guess.familiarity < _STRANGE,
        "written_often": times > 1,
        "unlike_the_others": chosen.near < 1 / 3,
    }
    return [name for name, true in named.items() if true] or ["doubtful"]


def _spread(vectors: Vectors) -> Vectors:
    """Around their own middle: all messages to one shop are alike at first sight."""
    centred = vectors - vectors.mean(axis=0)
    rows: Vectors = centred / np.maximum(np.linalg.norm(centred, axis=1, keepdims=True), 1e-9)
    return rows
