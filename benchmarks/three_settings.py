"""Fast, default and best side by side on the held-out questions: `python -m benchmarks.three_settings [ENCODER ...]`.

One core, one question at a time: reading, encoding, search and confidence. Nothing may be tuned on what this prints.
"""

from __future__ import annotations

import os
import sys
import time

for _variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_variable] = "1"

from collections.abc import Sequence  # noqa: E402

import numpy as np  # noqa: E402

from benchmarks.heldout import QUESTIONS  # noqa: E402
from knowledge_base.encoder import Encoder, load_encoder  # noqa: E402
from knowledge_base.encoders.packaged import JOINED, JOINED_EXACT, USE  # noqa: E402
from knowledge_base.evaluation import Asked, Query, ask, make_retriever, summarise  # noqa: E402
from knowledge_base.importing.evaluation_set import read_queries  # noqa: E402
from knowledge_base.retriever import Retriever  # noqa: E402
from knowledge_base.shipped import read_articles, read_out_of_scope  # noqa: E402

_WARM = 20  # questions, before the clock runs


def main() -> None:
    queries, articles = read_queries(QUESTIONS), read_articles()
    print("encoder R@1 R@5 answered precision oos AUROC | CPU ms p50 p95 | clock ms p50 p95")
    for name in sys.argv[1:] or (USE, JOINED, JOINED_EXACT):
        encoder = load_encoder(name)
        retriever = make_retriever(articles, encoder, read_out_of_scope())
        ask(retriever, encoder, queries[:_WARM])
        asked, computed = _asked(retriever, encoder, queries)
        found = summarise(asked, len(articles))
        figures = (
            found.recall_at_1,
            found.recall_at_5,
            found.answered,
            found.answered_precision,
            found.oos_passed,
            found.auroc,
        )
        middle, high = np.percentile(computed, [50, 95])
        print(name, *(f"{figure:.3f}" for figure in figures), f"| {middle:.1f} {high:.1f}", end=" | ")
        print(f"{found.latency_p50_ms:.1f} {found.latency_p95_ms:.1f}", flush=True)


def _asked(retriever: Retriever, encoder: Encoder, queries: Sequence[Query]) -> tuple[list[Asked], list[float]]:
    """What came back for each question, and the milliseconds of the CPU that it took."""
    asked, computed = list[Asked](), list[float]()
    for query in queries:
        began = time.thread_time()
        asked += ask(retriever, encoder, [query])
        computed.append(1000 * (time.thread_time() - began))
    return asked, computed


if __name__ == "__main__":
    main()
