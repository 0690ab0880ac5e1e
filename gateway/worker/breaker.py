"""A circuit breaker: a server that keeps failing is left alone for a while, so that nobody waits for it in vain."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

_Result = TypeVar("_Result")
Seconds = Callable[[], float]


class BreakerOpen(Exception):
    """Raised instead of a call while the server is left alone."""


class Breaker:
    """Opens after `failures` in a row; then one call is let through after each pause, which doubles up to `longest`."""

    def __init__(
        self, clock: Seconds, counts: type[Exception], failures: int = 3, pause: float = 2.0, longest: float = 15.0
    ) -> None:
        self._clock = clock
        self._counts = counts
        self._limit = failures
        self._shortest = self._pause = pause
        self._longest = longest
        self._failures = 0
        self._opened_at: float | None = None
        self._probing = False

    @property
    def is_open(self) -> bool:
        return self._opened_at is not None

    async def call(self, work: Callable[[], Awaitable[_Result]]) -> _Result:
        """What `work` returns or raises; BreakerOpen without calling it while the breaker is open."""
        probe = self.is_open
        if probe and not self._may_probe():
            raise BreakerOpen
        self._probing = self._probing or probe
        try:
            result = await work()
        except self._counts:
            self._failed()
            raise
        except Exception:  # the server lives, this one call went wrong
            self._close()
            raise
        finally:
            if probe:
                self._probing = False
        self._close()
        return result

    def _may_probe(self) -> bool:
        return not self._probing and self._opened_at is not None and self._clock() - self._opened_at >= self._pause

    def _failed(self) -> None:
        self._failures += 1
        if self._opened_at is not None and self._probing:
            self._pause = min(self._pause * 2, self._longest)
            self._opened_at = self._clock()
        elif self._failures >= self._limit and self._opened_at is None:
            self._opened_at = self._clock()

    def _close(self) -> None:
        self._failures, self._opened_at, self._pause = 0, None, self._shortest
