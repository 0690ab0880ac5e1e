"""Turnstiles: how many customers' requests one process works on at a time, so that agents always get through."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from gateway.problems import DoorError

# Half of the store's connections: the others are for agents, and for those who only read.
RECEIVED_AT_ONCE = 100
_COME_BACK_SECONDS = (3, 8)  # drawn at random: not everybody at once


def busy() -> DoorError:
    """The refusal of one who may come back in a few seconds."""
    return DoorError("busy", retry_after=random.randint(*_COME_BACK_SECONDS))  # noqa: S311


class Turnstile:
    """Lets at most `limit` in at a time. Nobody stands in line: the next one is sent away, to come again."""

    def __init__(self, limit: int, refused: Callable[[], None]) -> None:
        self._limit = limit
        self._refused = refused
        self._inside = 0

    @contextmanager
    def __call__(self) -> Iterator[None]:
        """Raises DoorError("busy")."""
        if self._inside >= self._limit:
            self._refused()
            raise busy()
        self._inside += 1
        try:
            yield
        finally:
            self._inside -= 1
