"""Faults in an order that a seed decides: kill -9 and freezes, one process of a pair at a time."""

import asyncio
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

import psutil

from tests.chaos.team import PAIRS, Team
from zhiban import readiness

KINDS = ("kill", "freeze")
TARGETS = ("doors", "doors2", "worker", "worker2", "rasa", "actions", "knowledge", "redis")
PAUSE = (2.0, 8.0)
FROZEN = (3.0, 15.0)
# Both of a pair at once is a service that is down; what was just started must have taken its share first.
STEADY_SECONDS = 5.0


@dataclass(frozen=True)
class Fault:
    """`seconds`: how long it is frozen."""

    kind: str
    target: str
    seconds: float = 0.0

    def __str__(self) -> str:
        return f"{self.kind} {self.target}" + (f" {self.seconds:.1f} s" if self.seconds else "")


ALL = tuple(Fault(kind, target) for kind in KINDS for target in TARGETS)


def order(chance: random.Random, faults: Sequence[Fault] = ALL) -> list[Fault]:
    """Each once, shuffled, freezes with their length."""
    drawn = [Fault(one.kind, one.target, chance.uniform(*FROZEN) if one.kind == "freeze" else 0.0) for one in faults]
    chance.shuffle(drawn)
    return drawn


class Faults:
    """Does them to a team until told to stop; `done` counts them."""

    def __init__(self, team: Team, chance: random.Random, faults: Sequence[Fault] = ALL) -> None:
        self.done: Counter[str] = Counter()
        self._team, self._chance, self._faults = team, chance, faults
        self._freezes: set[asyncio.Task[None]] = set()

    async def rage(self, over: asyncio.Event) -> None:
        """Round after round, until `over`; nothing is frozen any more afterwards."""
        while self._faults and not over.is_set():
            for fault in order(self._chance, self._faults):
                with suppress(TimeoutError):
                    await asyncio.wait_for(over.wait(), self._chance.uniform(*PAUSE))
                if over.is_set():
                    break
                if await self._may(fault.target):
                    self._do(fault)
        await asyncio.gather(*self._freezes)

    async def _may(self, target: str) -> bool:
        """Never both of a pair, and none that is down already."""
        process = self._team.process(target)
        if process is None:
            return False
        other = self._team.process(PAIRS[target]) if target in PAIRS else process
        if other is None or other.status() == psutil.STATUS_STOPPED or process.status() == psutil.STATUS_STOPPED:
            return False
        return time.time() - other.create_time() > STEADY_SECONDS and await self._is_ready(PAIRS.get(target, target))

    async def _is_ready(self, name: str) -> bool:
        address = self._team.addresses.get(name)
        return address is None or await readiness.http(f"{address}/readyz")()

    def _do(self, fault: Fault) -> None:
        process = self._team.process(fault.target)
        if process is None:
            return
        self.done[f"{fault.kind} {fault.target}"] += 1
        print(f"{time.strftime('%H:%M:%S')} {fault}", flush=True)
        if fault.kind == "kill":
            _signal(process, signal.SIGKILL)
        else:
            task = asyncio.create_task(_freeze(process, fault.seconds))
            self._freezes.add(task)


async def _freeze(process: psutil.Process, seconds: float) -> None:
    _signal(process, signal.SIGSTOP)
    try:
        await asyncio.sleep(seconds)
    finally:
        _signal(process, signal.SIGCONT)


def _signal(process: psutil.Process, number: signal.Signals) -> None:
    """To it and what it has started; `is_running` tells whether the pid still means the same process."""
    with suppress(ProcessLookupError, psutil.NoSuchProcess):
        if process.is_running():
            os.killpg(process.pid, number)
