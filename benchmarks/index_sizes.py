"""Compares kinds of index at sizes of the base: `python -m benchmarks.index_sizes --sizes 1000 10000`.

Every kind at every size has a process of its own, on one thread. What was measured is added to the results file.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

for _variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_variable] = "1"

import faiss  # noqa: E402
import numpy as np  # noqa: E402

from benchmarks.index_grown import OURS, measure_ours  # noqa: E402
from benchmarks.index_kinds import KINDS, nearest  # noqa: E402

RESULTS = Path(__file__).parent / "results" / "index_sizes.json"
ASKED = 500
WANTED = 10
ENOUGH = 0.98  # of the ten nearest, found
_REPEATS = 20  # of taking in and forgetting one row


def main() -> None:
    arguments = _arguments()
    if arguments.one:
        print(json.dumps(_measure(arguments.one, arguments.sizes[0], arguments.scratch)))
        return
    for size in arguments.sizes:
        figures = _prepare(size, arguments.scratch)
        _keep(size, "rows", figures)
        for name in (OURS, *(kind.name for kind in KINDS if not kind.graph or size <= arguments.graphs_to)):
            if arguments.kinds and name not in arguments.kinds:
                continue
            command = [sys.executable, "-m", "benchmarks.index_sizes", "--one", name, "--sizes", str(size)]
            command += ["--scratch", str(arguments.scratch)]
            try:
                ended = subprocess.run(command, capture_output=True, text=True, timeout=arguments.patience)
                found = (
                    json.loads(ended.stdout.splitlines()[-1])
                    if not ended.returncode
                    else {"failed": ended.stderr[-300:]}
                )
            except subprocess.TimeoutExpired:
                found = {"given_up_after_s": arguments.patience}
            _keep(size, name, found)
            print(size, name, json.dumps(found), flush=True)


def _prepare(size: int, scratch: Path) -> dict[str, Any]:
    """Rows, questions and the true answers, in files; how alike the rows are."""
    from benchmarks.index_vectors import asked, likenesses, make, read_shipped

    scratch.mkdir(parents=True, exist_ok=True)
    shipped = read_shipped()
    rows = make(shipped, size, scratch / f"rows{size}.npy")
    questions = asked(shipped, size, ASKED)
    if not (scratch / f"truth{size}.npy").exists():
        np.save(scratch / f"truth{size}.npy", _exact(rows, questions))
    np.save(scratch / f"asked{size}.npy", questions)
    return {"likeness": likenesses(rows, 200), "of_shipped": likenesses(shipped.vectors, 500)}


def _exact(rows: np.ndarray, questions: np.ndarray) -> np.ndarray:
    best, places = np.full((len(questions), WANTED), -2, np.float32), np.zeros((len(questions), WANTED), np.int64)
    for start in range(0, len(rows), 20_000):
        scores = np.concatenate([best, questions @ rows[start : start + 20_000].astype(np.float32).T], axis=1)
        numbers = np.concatenate(
            [places, np.tile(np.arange(start, start + scores.shape[1] - WANTED), (len(questions), 1))], 1
        )
        order = np.argpartition(-scores, WANTED, axis=1)[:, :WANTED]
        best, places = np.take_along_axis(scores, order, 1), np.take_along_axis(numbers, order, 1)
    return places


def _measure(name: str, size: int, scratch: Path) -> dict[str, Any]:
    faiss.omp_set_num_threads(1)
    rows, questions = np.load(scratch / f"rows{size}.npy", mmap_mode="r"), np.load(scratch / f"asked{size}.npy")
    truth = np.load(scratch / f"truth{size}.npy")
    if name == OURS:
        return measure_ours(rows, questions, truth, scratch)
    kind = next(kind for kind in KINDS if kind.name == name)
    began = time.perf_counter()
    index = kind.build(rows)
    figures: dict[str, Any] = {"build_s": _since(began)}
    figures["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    searches = []
    for setting in kind.settings():
        kind.widen(index, setting)
        found = _searched(index, questions, truth)
        searches.append({**setting, **found})
        if found["recall"] >= ENOUGH or found["p50_ms"] > 50:
            break
    return {
        **figures,
        **searches[-1],
        "searches": searches,
        **_written(index, scratch),
        **_updates(index, questions, rows),
    }


def _searched(index: Any, questions: np.ndarray, truth: np.ndarray) -> dict[str, float]:
    """On one thread; the CPU's time says what the clock would on a machine with nothing else to do."""
    took, computed, hits = [], [], 0
    for question in questions[:20]:
        nearest(index, question)
    for question, right in zip(questions, truth, strict=True):
        began, computing = time.perf_counter(), time.thread_time()
        places = nearest(index, question, WANTED)
        computed.append(1000 * (time.thread_time() - computing))
        took.append(1000 * (time.perf_counter() - began))
        hits += len(np.intersect1d(places, right))
    figures = {"p50_ms": (took, 50), "p95_ms": (took, 95), "cpu_p95_ms": (computed, 95)}
    percentiles = {name: round(float(np.percentile(*measured)), 3) for name, measured in figures.items()}
    return {"recall": round(hits / truth.size, 4), **percentiles}


def _written(index: Any, scratch: Path) -> dict[str, float]:
    path = scratch / f"written-{os.getpid()}"
    try:
        began = time.perf_counter()
        faiss.write_index(index, str(path))
        write, size = _since(began), path.stat().st_size
        began = time.perf_counter()
        faiss.read_index(str(path))
        return {"mb": round(size / 2**20, 1), "write_s": write, "load_s": _since(began)}
    finally:
        path.unlink(missing_ok=True)


def _updates(index: Any, questions: np.ndarray, rows: np.ndarray) -> dict[str, float | None]:
    began = time.perf_counter()
    for question in questions[:_REPEATS]:
        index.add(question.reshape(1, -1))
    figures: dict[str, float | None] = {"add_ms": round(1000 * (time.perf_counter() - began) / _REPEATS, 3)}
    began = time.perf_counter()
    try:
        for place in range(3):
            index.remove_ids(np.array([len(rows) + place], np.int64))
        figures["remove_ms"] = round(1000 * (time.perf_counter() - began) / 3, 3)
    except RuntimeError:
        figures["remove_ms"] = None  # this kind forgets nothing
    return figures


def _since(began: float) -> float:
    return round(time.perf_counter() - began, 3)


def _keep(size: int, name: str, figures: dict[str, Any]) -> None:
    held = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    held.setdefault(str(size), {})[name] = figures
    held["made_with"] = {"faiss": faiss.__version__, "cores": os.cpu_count(), "load": round(os.getloadavg()[0], 1)}
    RESULTS.write_text(json.dumps(held, indent=1, sort_keys=True) + "\n")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000, 100_000, 1_000_000])
    parser.add_argument("--kinds", nargs="+", help="names; all without")
    parser.add_argument("--graphs-to", type=int, default=200_000, help="rows up to which graphs are built")
    parser.add_argument("--patience", type=int, default=900, help="seconds for one kind at one size")
    parser.add_argument("--scratch", type=Path, default=Path("var/benchmarks/index"))
    parser.add_argument("--one", help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    main()
