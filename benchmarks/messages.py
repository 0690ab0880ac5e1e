"""What a message costs on our side alone: `python -m benchmarks.messages --customers 1 8 --conversations 25`.

A part of `benchmarks.against_rasa`, for a look while working: prints one JSON object a number of customers.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from itertools import islice
from pathlib import Path

from benchmarks.judging import Judge
from benchmarks.ours import ours
from benchmarks.playing import play
from benchmarks.side import wait_until_idle
from benchmarks.workload import make_workload

_WARM = 5
_SECONDS = 600.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--customers", type=int, nargs="+", default=[1, 8])
    parser.add_argument("--conversations", type=int, default=25, help="per run, eight messages each")
    parser.add_argument("--report", type=Path, help="also write the figures here, as JSON")
    given = parser.parse_args()
    talks = iter(make_workload(_WARM + given.conversations * len(given.customers), 0).conversations)
    judge, figures = Judge.of_shipped(), []
    with tempfile.TemporaryDirectory() as folder, ours(Path(folder) / "data") as (side, _):
        wait_until_idle(side, _SECONDS)
        play(side, list(islice(talks, _WARM)), 2, "warm", _SECONDS)
        for customers in given.customers:
            played = play(side, list(islice(talks, given.conversations)), customers, f"run{customers}", _SECONDS)
            faq = played.outcomes(judge).get("faq", {})
            figures.append({"customers": customers, **played.figures(), "faq": faq, "memory_mb": side.memory_mb()})
            print(json.dumps(figures[-1], ensure_ascii=False), flush=True)
    if given.report:
        given.report.write_text(json.dumps(figures, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
