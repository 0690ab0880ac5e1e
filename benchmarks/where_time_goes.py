"""Where the CPU time of a message goes on our side: `python -m benchmarks.where_time_goes --py-spy PATH/TO/py-spy`.

py-spy (pip install py-spy, in an environment of its own) looks into every Python process while customers write.
Prints, for each process, the milliseconds a message that each function takes with all it calls, most first; with
--keep FOLDER the stacks stay there, for flame graphs.
"""

from __future__ import annotations

import argparse
import signal
import subprocess
import tempfile
from collections import Counter
from pathlib import Path

from benchmarks.ours import ours
from benchmarks.playing import play
from benchmarks.side import wait_until_idle
from benchmarks.workload import make_workload

_RATE = 200  # samples a second
_WARM = 10
_PROCESSES = ("rasa", "knowledge", "worker", "doors", "actions")
_OUTSIDE_THE_LOCK = ("knowledge",)  # computes in C without Python's lock: there every running thread is looked at ...
_WAITS = ("_worker", "Condition.wait", "Event.wait", "Runner.run", "TMonitor")  # ... but for those that wait


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--py-spy", type=Path, required=True)
    parser.add_argument("--keep", type=Path, help="a folder for the stacks")
    parser.add_argument("--conversations", type=int, default=80)
    parser.add_argument("--customers", type=int, default=8)
    parser.add_argument("--rows", type=int, default=40)
    parser.add_argument("--only", nargs="+", choices=_PROCESSES, default=_PROCESSES)
    given = parser.parse_args()
    talks = make_workload(_WARM + given.conversations, 0).conversations
    with tempfile.TemporaryDirectory() as folder, ours(Path(folder) / "data") as (side, product):
        kept = given.keep or Path(folder)
        kept.mkdir(exist_ok=True)
        wait_until_idle(side, 240)
        play(side, talks[:_WARM], 2, "warm", 300)
        spies = [_spy(given.py_spy, name, product.pids[name], kept / f"{name}.raw") for name in given.only]
        played = play(side, talks[_WARM:], given.customers, "spied", 600)
        for spy in spies:
            spy.send_signal(signal.SIGINT)
            spy.wait(30)
        figures = played.figures()
        print(figures)
        for name in given.only:
            _print(name, (kept / f"{name}.raw").read_text(), figures["cpu_ms"][name], given.rows)


def _spy(program: Path, name: str, pid: int, output: Path) -> subprocess.Popen[bytes]:
    """Writes what it has seen when it is interrupted."""
    command = [str(program), "record", "--pid", str(pid), "--rate", str(_RATE), "--format", "raw", "--function"]
    if name not in _OUTSIDE_THE_LOCK:
        command.append("--gil")
    return subprocess.Popen([*command, "--output", str(output)], stdout=subprocess.DEVNULL)


def _print(name: str, stacks: str, cpu_ms: float, rows: int) -> None:
    """Samples count as shares of the CPU that the process really used: on a busy machine they also see it wait."""
    within: Counter[str] = Counter()
    total = 0
    for line in stacks.splitlines():
        stack, _, count = line.rpartition(" ")
        functions = stack.split(";")
        if not functions[-1].startswith(_WAITS):
            total += int(count)
            within.update(dict.fromkeys(functions, int(count)))
    print(f"\n{name}: {cpu_ms:.2f} ms a message, {total} samples")
    for function, samples in within.most_common(rows):
        print(f"  {samples / max(1, total) * cpu_ms:6.2f}  {function}")


if __name__ == "__main__":
    main()
