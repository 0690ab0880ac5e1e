"""When a message that could not be delivered is tried again, and when it is given up."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from desk import Tries

Draw = Callable[[float, float], float]


@dataclass(frozen=True)
class Retries:
    """Exponential backoff with full jitter; durations are seconds.

    See "Exponential Backoff And Jitter" (AWS Architecture Blog, 2015). The longest wait comes before the last try.
    """

    shortest: float = 1.0
    growth: float = 2.6
    longest: float = 300.0
    most: int = 8
    within: float = 3600.0

    def after(self, before: Tries, now: datetime, retry_after: float | None, draw: Draw = random.uniform) -> Tries:
        """The tries with one more that failed at `now`; no `next_at`: give it up."""
        count, first_at = before.count + 1, before.first_at or now
        wait = max(draw(0.0, self._bound(count)), retry_after or 0.0)
        next_at = now + timedelta(seconds=wait)
        too_late = next_at > first_at + timedelta(seconds=self.within)
        return Tries(count, first_at, None if count >= self.most or too_late else next_at)

    def _bound(self, count: int) -> float:
        return min(self.longest, self.shortest * self.growth ** (count - 1))
