"""`python -m benchmarks.evaluation` (make eval): the report on the held-out files, in var/eval."""

from __future__ import annotations

import argparse
import os
import sys

for _variable in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):  # before NumPy is imported
    os.environ.setdefault(_variable, "1")

PARTS = ("retrieval", "intents", "routing")


def main() -> int:
    from benchmarks.evaluation.running import run
    from zhiban.problems import Problem

    parser = argparse.ArgumentParser(prog="python -m benchmarks.evaluation", description=__doc__)
    parser.add_argument("--only", choices=PARTS, action="append", help="may be given several times")
    parser.add_argument("--peers", action="store_true", help="also stock Rasa: DIET and ResponseSelector")
    parser.add_argument("--suggestions", action="store_true", help="also what agents are suggested (ten minutes)")
    parser.add_argument("--accept", action="store_true", help="commit these figures as those the gate compares with")
    given = parser.parse_args()
    try:
        run(given.only or PARTS, given.peers, given.suggestions, given.accept)
    except Problem as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
