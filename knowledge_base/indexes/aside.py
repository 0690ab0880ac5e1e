"""One piece of work at a time beside the searching thread, on a thread that gives way to it."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Generic, TypeVar

_NICENESS = 10

_Made = TypeVar("_Made")


class Aside(Generic[_Made]):
    """A thread and not a process: the vectors are here, and FAISS lets other threads run while it computes."""

    def __init__(self) -> None:
        self._future: Future[_Made] | None = None

    @property
    def busy(self) -> bool:
        """Whether there is work whose result was not taken."""
        return self._future is not None

    def start(self, work: Callable[[], _Made]) -> None:
        """Begin; only while not `busy`."""
        if self._future is not None:
            raise RuntimeError("the last result was not taken")
        self._future = Future()
        # A daemon: a server that is told to stop does not wait for an index that takes minutes.
        threading.Thread(target=_run, args=(self._future, work), name="index", daemon=True).start()

    def wait(self) -> None:
        """Until the work is done."""
        if self._future is not None:
            self._future.exception()

    def take(self) -> _Made | None:
        """What was made, once; None when nothing is done. Raises what the work raised."""
        if self._future is None or not self._future.done():
            return None
        future, self._future = self._future, None
        return future.result()


def _run(future: Future[_Made], work: Callable[[], _Made]) -> None:
    if sys.platform == "linux":  # where niceness belongs to a thread
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICENESS)
    try:
        future.set_result(work())
    except BaseException as error:  # noqa: BLE001 - raised again by `take`, on the thread that asks
        future.set_exception(error)
