"""What is measured on one side, in which order and size."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from benchmarks.judging import Judge
from benchmarks.playing import Played, play
from benchmarks.side import Side, wait_until_idle
from benchmarks.workload import Conversation, Workload, make_workload

_HALF_CUSTOMERS = 32
_OTHERS_CUSTOMERS = 4
_IDLE_SECONDS = 240.0
_WINDOW = 10  # turns


@dataclass(frozen=True)
class Size:
    """How much is said: conversations by number of customers, and the turns of the long conversation looked at."""

    levels: Mapping[int, int] = field(default_factory=lambda: {1: 15, 8: 30, 64: 80})
    half: int = 240  # conversations there are for it; `half_seconds` ends it
    half_seconds: float = 45.0
    level_seconds: float = 300.0
    turns: tuple[int, ...] = (10, 100, 400)
    long_seconds: float = 900.0
    warm: int = 10

    def workload(self) -> Workload:
        """The same for every side."""
        return make_workload(self.warm + sum(self.levels.values()) + self.half, max(self.turns) + _WINDOW // 2)


TINY = Size({1: 2, 8: 8, 64: 16}, half=32, half_seconds=8.0, level_seconds=60.0, turns=(6, 16), warm=3)


@dataclass(frozen=True)
class Task:
    """What is said to every side; `others` are questions of a file, asked for their answers and not for their cost."""

    workload: Workload
    size: Size
    others: tuple[Conversation, ...] = ()


def measure(side: Side, task: Task, name: str, long: bool) -> dict[str, Any]:
    """All figures that need no other start of the side."""
    workload, size = task.workload, task.size
    wait_until_idle(side, _IDLE_SECONDS)
    judge = Judge.of_shipped()
    talks = iter(workload.conversations)
    figures: dict[str, Any] = {"start_seconds": round(side.start_seconds, 1), "memory_mb_idle": side.memory_mb()}
    play(side, _take(talks, size.warm), 2, f"{name}-warm", size.level_seconds)
    figures["load_average"] = os.getloadavg()[0]
    levels: dict[str, Any] = {}
    outcomes: dict[str, dict[str, int]] = {}
    for customers, count in size.levels.items():
        played = play(side, _take(talks, count), customers, f"{name}-{customers}", size.level_seconds)
        levels[str(customers)] = played.figures()
        outcomes = _added(outcomes, played.outcomes(judge))
    figures |= {"levels": levels, "outcomes": outcomes, "memory_mb": side.memory_mb()}
    best = max(level["messages_per_second"] for level in levels.values())
    figures["half_load"] = _half_load(side, _take(talks, size.half), size, name, best / 2)
    if long:
        figures["turns"] = _turns(side, workload.long, size, name)
    if task.others:
        asked = play(side, task.others, _OTHERS_CUSTOMERS, f"{name}-other", size.long_seconds)
        figures["outcomes"] |= asked.outcomes(judge)
    return figures


def _half_load(side: Side, talks: list[Conversation], size: Size, name: str, rate: float) -> dict[str, Any]:
    """Messages arrive at `rate` a second whether or not the answers keep up."""
    every = _HALF_CUSTOMERS / rate
    played = play(side, talks, _HALF_CUSTOMERS, f"{name}-half", size.half_seconds, every)
    return {"rate": round(rate, 2), **played.figures()}


def _turns(side: Side, long: Conversation, size: Size, name: str) -> dict[str, Any]:
    """Waits and CPU of the turns about each of `size.turns`, all of one conversation of questions."""
    said, figures = 0, {}
    for turn in size.turns:
        begin = turn - _WINDOW // 2
        play(side, [long[said:begin]], 1, f"{name}-long", size.long_seconds)
        said = begin + _WINDOW
        played: Played = play(side, [long[begin:said]], 1, f"{name}-long", size.long_seconds)
        whole = played.figures()
        figures[str(turn)] = {"p50_ms": whole["p50_ms"], "cpu_ms_total": whole["cpu_ms_total"]}
    return figures


def _take(talks: Iterator[Conversation], count: int) -> list[Conversation]:
    return list(islice(talks, count))


def _added(these: dict[str, dict[str, int]], those: dict[str, dict[str, int]]) -> dict[str, dict[str, int]]:
    kinds = sorted({*these, *those})
    return {kind: dict(Counter(these.get(kind, {})) + Counter(those.get(kind, {}))) for kind in kinds}
