"""Compares Zhiban with stock Rasa: `python -m benchmarks.against_rasa` measures all and writes docs/performance.md.

    --prepare     makes Rasa's environment and trains its models (once; they are kept), measures nothing
    --only NAME.. measures only these sides: zhiban diet-1 diet-2 logistic-1 logistic-2
    --tiny        a few messages, to see that it works; the results go to a temporary file
    --page        writes the page from the results that are there
    --questions F also asks the questions of F (JSON lines: query, relevant), to see how many are answered right

Everything is on the same two cores, the customers too. Results: benchmarks/results/against_rasa.json.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import tempfile
from collections.abc import Callable
from datetime import datetime, timezone
from functools import partial
from pathlib import Path
from typing import Any

import psutil

from benchmarks import new_article, performance_page
from benchmarks.measures import TINY, Size, Task, measure
from benchmarks.ours import ours
from benchmarks.side import wait_until_idle
from benchmarks.stock_rasa.running import stock_rasa
from benchmarks.stock_rasa.training import trained
from benchmarks.workload import read_questions
from knowledge_base.shipped import read_articles

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "results" / "against_rasa.json"
CACHE = Path(os.environ.get("BENCHMARK_CACHE") or ROOT / "var" / "benchmarks")
_CORES = 2
_LONG_TRAINING = 600.0  # seconds

Figures = dict[str, Any]


def measure_ours(task: Task, folder: Path) -> Figures:
    """Started twice: the first start encodes and learns the articles, the second is the usual one."""
    with ours(folder / "data") as (side, _):
        first = round(side.start_seconds, 1)
        wait_until_idle(side, 240)
    with ours(folder / "data") as (side, product):
        figures = measure(side, task, "zhiban", long=True)
        figures["new_article"] = new_article.for_ours(side, product)
    return {"first_start_seconds": first, **figures}


def measure_stock(kind: str, workers: int, task: Task, folder: Path) -> Figures:
    """The long conversation and the new article do not depend on the number of workers: with one only.

    A new article is learned by a training of everything: where that takes an hour, it is not done once more.
    """
    model = trained(kind, read_articles(), CACHE)
    once = workers == 1
    with stock_rasa(model, workers, folder / "run") as side:
        figures = measure(side, task, f"{kind}{workers}", long=once)
    if once and model.seconds < _LONG_TRAINING:
        figures["new_article"] = new_article.for_stock(kind, CACHE, folder / "new")
    return {"train_seconds": model.seconds, **figures}


SIDES: dict[str, Callable[[Task, Path], Figures]] = {
    "zhiban": measure_ours,
    **{f"{kind}-{n}": partial(measure_stock, kind, n) for kind in ("diet", "logistic") for n in (1, 2)},
}


def main() -> None:
    given = _arguments()
    if given.prepare:
        for kind in ("logistic", "diet"):
            print(kind, "trained in", trained(kind, read_articles(), CACHE).seconds, "s", flush=True)
        return
    results = RESULTS if not given.tiny else Path(tempfile.gettempdir()) / "against_rasa_tiny.json"
    if not given.page:
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:_CORES])  # children inherit it
        size = TINY if given.tiny else Size()
        others = tuple(read_questions(given.questions)) if given.questions else ()
        _measure(given.only or list(SIDES), Task(size.workload(), size, others), results)
    if not given.tiny:
        performance_page.write(json.loads(results.read_text(encoding="utf-8")))


def _measure(names: list[str], task: Task, results: Path) -> None:
    """Written after each side, so that a run that was interrupted is not lost."""
    digest = task.workload.digest()
    found: dict[str, Any] = json.loads(results.read_text(encoding="utf-8")) if results.exists() else {"sides": {}}
    found |= {"machine": _machine(), "workload": digest}
    for name in names:
        with tempfile.TemporaryDirectory(prefix="zb") as folder:
            figures = SIDES[name](task, Path(folder))
        found["sides"][name] = {"at": _now(), "workload": digest, "tiny": task.size is TINY, **figures}
        results.parent.mkdir(exist_ok=True)
        results.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        print(name, json.dumps(figures, ensure_ascii=False), flush=True)


def _machine() -> dict[str, Any]:
    return {
        "cores": len(os.sched_getaffinity(0)),
        "memory_gb": round(psutil.virtual_memory().total / 1e9),
        "system": platform.platform(),
        "processor": _processor(),
    }


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown")


def _now() -> str:
    return datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M UTC")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--prepare", action="store_true")
    parser.add_argument("--only", nargs="+", choices=SIDES)
    parser.add_argument("--tiny", action="store_true")
    parser.add_argument("--page", action="store_true")
    parser.add_argument("--questions", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    main()
