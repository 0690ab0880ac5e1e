"""Lets customers talk to a side, and says what it cost: waits, CPU by process, and how the answers were."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.judging import Judge
from benchmarks.side import Side
from benchmarks.workload import Conversation, Message

ROOT = Path(__file__).resolve().parent.parent
_ANSWER_SECONDS = 60.0
_SPARE_SECONDS = 90.0


@dataclass(frozen=True)
class Exchange:
    """One message, how long its sender waited, and the replies; None after a failure."""

    message: Message
    wait: float
    replies: list[dict[str, Any]] | None


@dataclass(frozen=True)
class Played:
    """What a crowd of customers went through; CPU in seconds."""

    exchanges: tuple[Exchange, ...]
    seconds: float
    client_cpu: float
    cpu: dict[str, float]

    def figures(self) -> dict[str, Any]:
        """Milliseconds, messages per second."""
        count = max(1, len(self.exchanges))
        each = {name: round(1000 * used / count, 2) for name, used in self.cpu.items()}
        return {
            "messages": len(self.exchanges),
            "failed": sum(one.replies is None for one in self.exchanges),
            "silent": sum(one.replies == [] for one in self.exchanges),
            "messages_per_second": round(count / self.seconds, 2),
            **{f"p{part}_ms": round(1000 * self.wait_at(part / 100), 1) for part in (50, 95, 99)},
            "cpu_ms": each,
            "cpu_ms_total": round(1000 * sum(self.cpu.values()) / count, 2),
            "client_cpu_ms": round(1000 * self.client_cpu / count, 2),
        }

    def median_ms(self) -> float:
        return round(1000 * statistics.median(one.wait for one in self.exchanges), 1)

    def wait_at(self, share: float) -> float:
        """The wait that `share` of the messages did not exceed."""
        waits = sorted(one.wait for one in self.exchanges)
        return waits[round(share * (len(waits) - 1))] if waits else float("nan")

    def outcomes(self, judge: Judge) -> dict[str, dict[str, int]]:
        """How often each outcome (judging.py) occurred, by kind of message."""
        counts: dict[str, Counter[str]] = {}
        for one in self.exchanges:
            kind = one.message.kind if one.message.kind != "order" or one.message.order else "order, before the last"
            counts.setdefault(kind, Counter())[judge.outcome(one.message, one.replies or [])] += 1
        return {kind: dict(sorted(counter.items())) for kind, counter in sorted(counts.items())}


def play(
    side: Side,
    talks: Sequence[Conversation],
    customers: int,
    name: str,
    seconds: float,
    every: float | None = None,
) -> Played:
    """Plays `talks` with `customers` at a time. Senders are called `name`-0, -1 ...; at most `seconds`, then the rest
    stays unsaid. With `every`, each customer writes every so many seconds.
    """
    job = {
        "url": side.url,
        "talks": [
            {"sender": f"{name}-{number}", "texts": [message.text for message in talk]}
            for number, talk in enumerate(talks)
        ],
        "customers": customers,
        "every": every,
        "seconds": seconds,
        "timeout": _ANSWER_SECONDS,
    }
    before = side.cpu_seconds()
    told = _customers(job, seconds + _ANSWER_SECONDS + _SPARE_SECONDS)
    after = side.cpu_seconds()
    exchanges = [Exchange(talks[one["talk"]][one["place"]], one["wait"], one["replies"]) for one in told["answers"]]
    cpu = {process: used - before[process] for process, used in after.items()}
    return Played(tuple(exchanges), told["seconds"], told["cpu"], cpu)


def _customers(job: dict[str, Any], timeout: float) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        asked, answered = Path(folder) / "job.json", Path(folder) / "answers.json"
        asked.write_text(json.dumps(job, ensure_ascii=False), encoding="utf-8")
        command = [sys.executable, "-m", "benchmarks.customers", str(asked), str(answered)]
        subprocess.run(command, cwd=ROOT, check=True, timeout=timeout)
        told: dict[str, Any] = json.loads(answered.read_text(encoding="utf-8"))
        return told
