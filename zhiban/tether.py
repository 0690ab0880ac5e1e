"""A child dies with us, also when we are killed and can no longer say so (Linux)."""

import ctypes
import os
import signal
import sys
from collections.abc import Callable

_PR_SET_PDEATHSIG = 1


def tether(sent: signal.Signals = signal.SIGTERM) -> Callable[[], None] | None:
    """What a child does between fork and exec so that the kernel sends it `sent` when its parent ends.

    None where the system cannot do that (macOS): there a killed supervisor leaves its children behind.
    """
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl  # looked up before the fork: less to do in the child
    parent = os.getpid()

    def bind() -> None:
        prctl(_PR_SET_PDEATHSIG, int(sent), 0, 0, 0)
        if os.getppid() != parent:  # it died before we asked
            os._exit(1)

    return bind
