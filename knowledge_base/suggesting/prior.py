"""What became of a source's suggestions before, as a small and bounded shift of its confidence."""

from __future__ import annotations

import math
from dataclasses import dataclass

SHOWN, USED, EDITED, IGNORED, DISMISSED = OUTCOMES = ("shown", "used", "edited", "ignored", "dismissed")

MOST_SHIFT = 0.5  # log-odds: never more than .62 instead of .5
_EXPECTED = 0.25  # of what is shown is sent, before anything is known
_WEIGHT = 12  # showings that this expectation counts for
_DISMISSAL = 0.5  # an agent who sends something away says more than one who passes it over


@dataclass(frozen=True)
class Record:
    """How often a source was shown and what agents did with it; `kept` adds how much of its text was sent, 0-1 each."""

    shown: int = 0
    used: int = 0
    edited: int = 0
    ignored: int = 0
    dismissed: int = 0
    kept: float = 0.0

    @property
    def shift(self) -> float:
        """Log-odds, within MOST_SHIFT either way: the share that was kept, against what is expected of any source."""
        if not self.shown:
            return 0.0
        kept = max(0.0, self.kept - _DISMISSAL * self.dismissed)
        rate = (kept + _EXPECTED * _WEIGHT) / (self.shown + _WEIGHT)
        return max(-MOST_SHIFT, min(MOST_SHIFT, 0.5 * math.log(max(rate, 1e-3) / _EXPECTED)))


def shifted(confidence: float, shift: float) -> float:
    """`confidence` moved by `shift` log-odds; 0 and 1 stay where they are."""
    if not shift or not 0.0 < confidence < 1.0:
        return confidence
    return 1 / (1 + math.exp(-(math.log(confidence / (1 - confidence)) + shift)))
