"""Measures our own index, as it chooses by itself, for `benchmarks.index_sizes`."""

from __future__ import annotations

import os
import resource
import time
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.index_vectors import PHRASINGS
from knowledge_base.indexes.growing import GrowingIndex
from knowledge_base.indexes.plan import Plan
from knowledge_base.indexes.snapshot import SnapshotFile

OURS = "ours"
_FIRST_LOOK = 64  # what search asks for
_REPEATS = 20


def measure_ours(rows: np.ndarray, questions: np.ndarray, truth: np.ndarray, scratch: Path) -> dict[str, Any]:
    """Taken in article by article, settled, asked, changed, and started again from its snapshot."""
    file = SnapshotFile(scratch / f"snapshot-{os.getpid()}", "measured")
    index = GrowingIndex(rows.shape[1], snapshot=file)
    figures: dict[str, Any] = {"take_in_s": _taken_in(index, rows)}
    before = _resident_mb()
    began = time.perf_counter()
    index.settle()
    figures |= {"build_s": _since(began), "kind": index.kind, "vectors_mb": round(before), "mb": _lists_mb(index)}
    figures["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    figures |= _asked(index, questions, truth, truth.shape[1])
    figures["first_look"] = _asked(index, questions, truth, _FIRST_LOOK)
    figures |= _changed(index, questions)
    figures |= _beside_fresh(index, questions, truth)
    return figures | _again(rows, file)


def _taken_in(index: GrowingIndex, rows: np.ndarray) -> float:
    began = time.perf_counter()
    for start in range(0, len(rows), PHRASINGS):
        part = rows[start : start + PHRASINGS]
        index.add(range(start, start + len(part)), part.astype(np.float32))
    return _since(began)


def _asked(index: GrowingIndex, questions: np.ndarray, truth: np.ndarray, most: int) -> dict[str, float]:
    took, computed, hits = [], [], 0
    for question in questions[:20]:
        index.nearest(question, most)
    for question, right in zip(questions, truth, strict=True):
        began, computing = time.perf_counter(), time.thread_time()
        found = index.nearest(question, most)
        computed.append(1000 * (time.thread_time() - computing))
        took.append(1000 * (time.perf_counter() - began))
        hits += len({number for number, _ in found[: len(right)]} & set(right.tolist()))
    figures = {"p50_ms": (took, 50), "p95_ms": (took, 95), "cpu_p50_ms": (computed, 50), "cpu_p95_ms": (computed, 95)}
    percentiles = {name: round(float(np.percentile(*measured)), 3) for name, measured in figures.items()}
    return {"recall": round(hits / truth.size, 4), **percentiles}


def _changed(index: GrowingIndex, questions: np.ndarray) -> dict[str, float]:
    """An article's phrasing added and found, and removed and not found: with the search that tells."""
    began, last = time.perf_counter(), 10**9
    for at, question in enumerate(questions[:_REPEATS]):
        index.add([last + at], question[None])
        if index.nearest(question, 1)[0][0] != last + at:
            raise RuntimeError("what was just added is not found")
    added = 1000 * _since(began) / _REPEATS
    began = time.perf_counter()
    for at, question in enumerate(questions[:_REPEATS]):
        index.remove([last + at])
        if index.nearest(question, 1)[0][0] == last + at:
            raise RuntimeError("what was just removed is found")
    return {"add_ms": round(added, 2), "remove_ms": round(1000 * _since(began) / _REPEATS, 2)}


def _beside_fresh(index: GrowingIndex, questions: np.ndarray, truth: np.ndarray) -> dict[str, Any]:
    """At its slowest: as many fresh vectors as there may be before they are folded in."""
    if index.kind == "flat":
        return {}
    fresh = Plan().fold_from - PHRASINGS
    away = -questions[np.random.default_rng(0).integers(len(questions), size=fresh)]
    for start in range(0, fresh, PHRASINGS):
        part = away[start : start + PHRASINGS]
        index.add(range(2 * 10**9 + start, 2 * 10**9 + start + len(part)), part)
    return {"with_fresh": _asked(index, questions, truth, truth.shape[1])}


def _again(rows: np.ndarray, file: SnapshotFile) -> dict[str, Any]:
    if not file.path.exists():
        return {"snapshot": None}
    try:
        size = round(file.path.stat().st_size / 2**20, 1)
        index = GrowingIndex(rows.shape[1], snapshot=file)
        _taken_in(index, rows)
        began = time.perf_counter()
        index.settle()
        resumed = _since(began)
        began = time.perf_counter()
        lists = index._lists  # noqa: SLF001 - to time the writing by itself
        if lists is not None:
            file.write(lists, index._keys(lists), 0, Plan())  # noqa: SLF001
        return {"snapshot_mb": size, "load_s": resumed, "write_s": _since(began)}
    finally:
        file.path.unlink(missing_ok=True)


def _lists_mb(index: GrowingIndex) -> float:
    lists = index._lists  # noqa: SLF001
    return round(len(lists.packed()) / 2**20, 1) if lists else 0.0


def _resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def _since(began: float) -> float:
    return round(time.perf_counter() - began, 3)
