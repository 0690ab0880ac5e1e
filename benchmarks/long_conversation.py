"""What a turn costs late in a very long conversation: `python -m benchmarks.long_conversation --turns 20 10000`.

One customer, all turns real, through the REST door; the turns around each of `--turns` are measured, and at the end a
new customer's beside them, at the same load of the machine. Prints JSON.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path

from benchmarks.ours import ours
from benchmarks.playing import play
from benchmarks.side import wait_until_idle
from benchmarks.workload import make_workload

_IDLE_SECONDS = 120.0
_SECONDS = 3600.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--turns", type=int, nargs="+", default=[20, 10_000])
    parser.add_argument("--window", type=int, default=30, help="turns measured about each")
    given = parser.parse_args()
    half, said, figures = given.window // 2, 0, {}
    long = make_workload(0, max(given.turns) + half).long
    with tempfile.TemporaryDirectory() as folder, ours(Path(folder) / "data") as (side, _):
        wait_until_idle(side, _IDLE_SECONDS)
        # Another customer's turns first: what is slow only because it is the first time belongs to no turn.
        play(side, [long[: given.window]], 1, "warm", _SECONDS)
        for turn in sorted(given.turns):
            begin = max(0, turn - half)
            play(side, [long[said:begin]], 1, "long", _SECONDS)
            said = begin + given.window
            played = play(side, [long[begin:said]], 1, "long", _SECONDS)
            figures[turn] = {**played.figures(), "memory_mb": side.memory_mb()}
            print(json.dumps({turn: figures[turn]}), flush=True)
        # Other words than any before: nothing of them may be remembered.
        new = make_workload(0, max(figures) + 2 * given.window).long[-given.window :]
        print(json.dumps({"new customer": play(side, [new], 1, "new", _SECONDS).figures()}))


if __name__ == "__main__":
    main()
