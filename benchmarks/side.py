"""A side is one of the systems compared: where it listens, and which processes it consists of."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Mapping
from dataclasses import dataclass

import psutil

_IDLE_CPU = 0.1  # of one core
_LOOK_SECONDS = 2.0


@dataclass(frozen=True)
class Root:
    """A process and, unless `alone`, all that descend from it."""

    pid: int
    alone: bool = False

    def members(self) -> list[psutil.Process]:
        first = psutil.Process(self.pid)
        return [first] if self.alone else [first, *first.children(recursive=True)]


@dataclass(frozen=True)
class Side:
    """A running system; `start_seconds` from its start until it was ready."""

    url: str
    roots: Mapping[str, Root]
    start_seconds: float

    def cpu_seconds(self) -> dict[str, float]:
        """User and system seconds so far by process name; children that have ended are in their parents."""
        return {name: sum(map(_cpu, root.members())) + _ended(root) for name, root in self.roots.items()}

    def memory_mb(self) -> dict[str, float]:
        """Proportional set size in megabytes by process name: pages shared by forks count once."""
        return {name: round(sum(map(_pss, root.members())) / 1e6, 1) for name, root in self.roots.items()}


def wait_until_idle(side: Side, seconds: float) -> None:
    """Until what begins after the start (learning, warming) is over, `seconds` at most."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        before = sum(side.cpu_seconds().values())
        time.sleep(_LOOK_SECONDS)
        if sum(side.cpu_seconds().values()) - before < _IDLE_CPU * _LOOK_SECONDS:
            return


def _cpu(process: psutil.Process) -> float:
    with contextlib.suppress(psutil.NoSuchProcess):  # ended just now: counted with its parent the next time
        times = process.cpu_times()
        return float(times.user + times.system)
    return 0.0


def _ended(root: Root) -> float:
    if root.alone:
        return 0.0
    total = 0.0
    for process in root.members():
        with contextlib.suppress(psutil.NoSuchProcess):
            times = process.cpu_times()
            total += times.children_user + times.children_system
    return total


def _pss(process: psutil.Process) -> int:
    return int(process.memory_full_info().pss)
