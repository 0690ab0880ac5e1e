"""Does memory grow? Customers talk for a while, and each process is weighed: `python -m benchmarks.soak --minutes 15`.

Prints a line a minute (PSS in MB: pages shared by forks count once) and the slope of each process after its warm-up, in
MB an hour, with USS (its own pages alone) at both ends. Redis keeps what was said: its growth is also told a message.
"""

from __future__ import annotations

import argparse
import contextlib
import statistics
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

import psutil

from benchmarks.ours import ours
from benchmarks.playing import play
from benchmarks.side import Side, wait_until_idle
from benchmarks.workload import MESSAGES_PER_CONVERSATION, Conversation, make_workload

_CUSTOMERS = 16
_DIFFERENT = 300
_MINUTE = 60.0
_IDLE_SECONDS = 120.0


@dataclass(frozen=True)
class Weighed:
    """Megabytes by process, `minutes` after the first message; `messages` that were sent by then."""

    minutes: float
    messages: int
    pss: Mapping[str, float]
    uss: Mapping[str, float]


def slope(times: Sequence[float], values: Sequence[float]) -> float:
    """By least squares, per unit of time; 0 for fewer than two moments."""
    if len(times) < 2:
        return 0.0
    return statistics.linear_regression(times, values).slope


def summary(weighed: Sequence[Weighed], warm: float) -> list[str]:
    """A line a process."""
    steady = [one for one in weighed if one.minutes >= warm] or list(weighed)
    first, last = steady[0], steady[-1]
    lines = [f"{'':12}{'PSS first':>10}{'last':>8}{'MB/h':>8}{'USS first':>11}{'last':>8}"]
    for name in last.pss:
        rises = 60 * slope([one.minutes for one in steady], [one.pss[name] for one in steady])
        ends = f"{first.uss[name]:11.1f}{last.uss[name]:8.1f}"
        lines.append(f"{name:12}{first.pss[name]:10.1f}{last.pss[name]:8.1f}{rises:8.1f}{ends}")
    said = last.messages - first.messages
    if said and "redis" in last.pss:
        lines.append(f"redis: {1000 * (last.pss['redis'] - first.pss['redis']) / said:.2f} KB a message")
    return lines


def soak(side: Side, minutes: int, rate: float) -> Iterator[Weighed]:
    """Plays, and weighs after each minute."""
    talks = cycle(make_workload(_DIFFERENT, 0).conversations)
    begun, messages = time.monotonic(), 0
    yield _weigh(side, 0.0, 0)
    for minute in range(1, minutes + 1):
        played = play(side, _for_a_minute(talks, rate), _CUSTOMERS, f"soak{minute}", _MINUTE, _CUSTOMERS / rate)
        messages += len(played.exchanges)
        yield _weigh(side, (time.monotonic() - begun) / 60, messages)


def _for_a_minute(talks: Iterator[Conversation], rate: float) -> list[Conversation]:
    return list(islice(talks, round(rate * _MINUTE / MESSAGES_PER_CONVERSATION) + _CUSTOMERS))


def _weigh(side: Side, minutes: float, messages: int) -> Weighed:
    pss, uss = {}, {}
    for name, root in side.roots.items():
        weights = []
        for process in root.members():
            with contextlib.suppress(psutil.NoSuchProcess):
                weights.append(process.memory_full_info())
        pss[name] = sum(one.pss for one in weights) / 1e6
        uss[name] = sum(one.uss for one in weights) / 1e6
    return Weighed(minutes, messages, pss, uss)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=int, default=15)
    parser.add_argument("--rate", type=float, default=10.0, help="messages a second")
    parser.add_argument("--warm", type=float, default=4.0, help="minutes at the start that do not count")
    given = parser.parse_args()
    weighed = []
    with tempfile.TemporaryDirectory() as folder, ours(Path(folder) / "data") as (side, _):
        wait_until_idle(side, _IDLE_SECONDS)
        for one in soak(side, given.minutes, given.rate):
            weighed.append(one)
            said = " ".join(f"{name} {megabytes:.1f}" for name, megabytes in one.pss.items())
            print(f"{one.minutes:5.1f} min {one.messages:6} messages: {said}", flush=True)
    print(*summary(weighed, given.warm), sep="\n")


if __name__ == "__main__":
    main()
