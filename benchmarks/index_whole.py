"""How long one text takes in a large base, part by part: `python -m benchmarks.index_whole --phrasings 100000`.

The base is made: vectors as in `benchmarks.index_vectors`, words by joining pieces of shipped phrasings. Questions are
made of shipped phrasings too and encoded by the real encoder. One thread; milliseconds of the CPU, and of the clock.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

for _variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_variable] = "1"

import numpy as np  # noqa: E402

from benchmarks.index_vectors import PHRASINGS, make, read_shipped  # noqa: E402
from knowledge_base.article import Article, Wording  # noqa: E402
from knowledge_base.encoder import Encoder, load_encoder  # noqa: E402
from knowledge_base.indexes.growing import GrowingIndex  # noqa: E402
from knowledge_base.retriever import Edition, Retriever  # noqa: E402
from knowledge_base.search import Entry, Search, phrasings_of  # noqa: E402
from knowledge_base.shipped import read_articles  # noqa: E402

RESULTS = Path(__file__).parent / "results" / "index_whole.json"
_ASKED = 200
_EDITS = 10


class Clock:
    """Adds up what each part takes."""

    def __init__(self) -> None:
        self._took: dict[str, list[tuple[float, float]]] = {}

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        began, computing = time.perf_counter(), time.thread_time()
        yield
        took = (time.thread_time() - computing, time.perf_counter() - began)
        self._took.setdefault(name, []).append(took)

    def figures(self) -> dict[str, dict[str, float]]:
        """p50 and p95 of each part, in ms."""
        return {name: _percentiles(np.array(took) * 1000) for name, took in self._took.items()}


def main() -> None:
    arguments = _arguments()
    shipped = read_shipped()
    rows = make(shipped, arguments.phrasings, arguments.scratch / f"rows{arguments.phrasings}.npy")
    encoder = load_encoder()
    texts = [text for article in read_articles() for text in phrasings_of(article)]
    began = time.perf_counter()
    index, retriever = _filled(encoder, rows, texts)
    figures: dict[str, Any] = {"taken_in_s": round(time.perf_counter() - began, 1)}
    began = time.perf_counter()
    index.settle()
    figures["settled_s"] = round(time.perf_counter() - began, 1)
    began = time.perf_counter()
    retriever.understand("发票", encoder.encode(["发票"])[0], "zh-Hans")
    figures["first_s"] = round(time.perf_counter() - began, 2)
    figures["resident_mb"] = int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") >> 20
    clock = Clock()
    _ask(retriever, encoder, texts, clock)
    _edit(retriever, encoder, texts, rows, clock)
    figures["ms"] = clock.figures()
    held = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    held[str(arguments.phrasings)] = {**figures, "load": round(os.getloadavg()[0], 1), "kind": index.kind}
    RESULTS.write_text(json.dumps(held, indent=1, sort_keys=True) + "\n")
    print(json.dumps(held[str(arguments.phrasings)], indent=1))


def _filled(encoder: Encoder, rows: np.ndarray, texts: list[str]) -> tuple[GrowingIndex, Retriever]:
    dice = random.Random(1)
    index = GrowingIndex(rows.shape[1])
    retriever = Retriever(encoder.identity, Search(index), lambda: date(2026, 11, 22))
    for start in range(0, len(rows), PHRASINGS):
        part = rows[start : start + PHRASINGS].astype(np.float32)
        _put(retriever, f"a{start}", [_joined(dice, texts) for _ in part], part, 1)
    return index, retriever


def _put(retriever: Retriever, name: str, asked: list[str], vectors: np.ndarray, version: int) -> None:
    article = Article(name, "made", {"zh-Hans": Wording(asked[0], "答案", tuple(asked[1:]))})
    retriever.put(Edition(article, version), Entry(name, tuple(asked), vectors))


def _joined(dice: random.Random, texts: list[str]) -> str:
    first, second = dice.choice(texts), dice.choice(texts)
    return first[: len(first) // 2] + second[len(second) // 2 :]


def _ask(retriever: Retriever, encoder: Encoder, texts: list[str], clock: Clock) -> None:
    dice = random.Random(2)
    search = retriever._search  # noqa: SLF001 - its parts are measured
    for _ in range(_ASKED):
        asked = _joined(dice, texts)
        with clock.part("read"):
            text = retriever.read(asked)
        with clock.part("encode"):
            vector = encoder.encode([text])[0]
        with clock.part("index"):
            search._index.nearest(vector, 64)  # noqa: SLF001
        with clock.part("wording"):
            search._lexical.scores(text).best(8)  # noqa: SLF001
        with clock.part("search and confidence"):  # index and wording included
            retriever.understand(text, vector, "zh-Hans")


def _edit(retriever: Retriever, encoder: Encoder, texts: list[str], rows: np.ndarray, clock: Clock) -> None:
    dice = random.Random(3)
    for at in range(_EDITS):
        asked = [_joined(dice, texts) for _ in range(PHRASINGS)]
        with clock.part("take in an edit"):
            _put(retriever, f"a{at * PHRASINGS}", asked, rows[:PHRASINGS].astype(np.float32), 2)
        vector = encoder.encode([asked[0]])[0]
        with clock.part("search after an edit"):
            retriever.understand(asked[0], vector, "zh-Hans")


def _percentiles(took: np.ndarray) -> dict[str, float]:
    names: dict[str, Callable[[], float]] = {
        "cpu_p50": lambda: np.percentile(took[:, 0], 50),
        "cpu_p95": lambda: np.percentile(took[:, 0], 95),
        "p50": lambda: np.percentile(took[:, 1], 50),
        "p95": lambda: np.percentile(took[:, 1], 95),
    }
    return {name: round(float(value()), 2) for name, value in names.items()}


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--phrasings", type=int, default=100_000)
    parser.add_argument("--scratch", type=Path, default=Path("var/benchmarks/index"))
    return parser.parse_args()


if __name__ == "__main__":
    main()
