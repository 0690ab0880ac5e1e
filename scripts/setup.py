"""Makes `.venv` (ours) and `.venv-rasa` (Rasa's, Python 3.10) from the locks; does nothing when they are up to date.

    python3 scripts/setup.py [--dev] [--full-rasa]

Standard library only, valid on Python 3.9: it runs before anything is installed.
"""

from __future__ import annotations

import argparse
import fcntl
import shlex
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from environments import Environment, InstallFailed
from pythons import OURS, RASAS, NoPython, find_python

ROOT = Path(__file__).resolve().parent.parent
NEEDED_BYTES = 4 * 1024**3


class Steps:
    """Lines with the time elapsed, from any thread."""

    def __init__(self) -> None:
        self._started = time.monotonic()
        self._lock = threading.Lock()

    def __call__(self, text: str) -> None:
        seconds = int(time.monotonic() - self._started)
        with self._lock:
            print(f"[{seconds // 60}:{seconds % 60:02}] {text}", flush=True)


def main() -> None:
    wanted = _arguments()
    try:
        with (ROOT / ".setup.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # `make run` and `make test` at once: the second waits
            set_up(wanted, Steps())
    except (NoPython, InstallFailed) as refusal:
        sys.exit(f"setup: {refusal}")
    except KeyboardInterrupt:
        sys.exit("setup: interrupted; run it again to go on")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Make or update both Python environments.")
    parser.add_argument("--dev", action="store_true", help="also what tests and checks need")
    parser.add_argument("--full-rasa", action="store_true", help="Rasa with TensorFlow (2 GB more), for DIET and TED")
    return parser.parse_args()


def set_up(wanted: argparse.Namespace, log: Callable[[str], None]) -> None:
    """Bring both environments up to date, side by side."""
    ours = Environment(ROOT / ".venv", ["main.lock"] + ["dev.lock"] * wanted.dev, log)
    rasa_lock = "rasa-full.lock" if wanted.full_rasa else "rasa.lock"
    rasas = Environment(ROOT / ".venv-rasa", [rasa_lock] + ["rasa-dev.lock"] * wanted.dev, log)
    plans = [(ours, OURS, "PYTHON311"), (rasas, RASAS, "PYTHON310")]
    work = [(env, versions, name, locks) for env, versions, name in plans if (locks := env.outdated())]
    if work:
        _refuse_full_disk()
        # Both are looked for before anything is installed: what is missing should be said at once.
        found = [find_python(versions, name, log) for _, versions, name, _ in work]
        with ThreadPoolExecutor(len(work)) as pool:
            jobs = [pool.submit(env.build, python, locks) for (env, _, _, locks), python in zip(work, found)]
            for job in jobs:
                job.result()
    written = _install_command(ours)
    _export_encoders(ours)
    if written or work:
        log("environments are ready")


def _refuse_full_disk() -> None:
    free = shutil.disk_usage(ROOT).free
    if free < NEEDED_BYTES:
        raise InstallFailed(f"only {free // 1024**2} MB free in {ROOT}: the environments need 4 GB while being made.")


def _install_command(env: Environment) -> bool:
    """Put the checkout on the path and a `zhiban` command into `.venv/bin`; whether anything was written.

    By hand instead of `pip install -e`: that would fetch a build backend, and these are two lines.
    """
    site = next(env.folder.glob("lib/python3.*/site-packages"))
    script = env.folder / "bin" / "zhiban"
    text = f'#!/bin/sh\nexec {shlex.quote(str(env.python))} -P -m zhiban "$@"\n'
    written = _write(site / "zhiban-checkout.pth", f"{ROOT}\n") | _write(script, text)
    script.chmod(0o755)
    return written


def _export_encoders(env: Environment) -> None:
    """Make the packaged encoders' graphs now, with words, instead of silently at the first start (20 s)."""
    if (env.folder / "share" / "zhiban-encoders").is_dir() or not (ROOT / "knowledge_base").is_dir():
        return
    env.log("exporting the encoders (once)")
    command = [str(env.python), "-m", "knowledge_base.encoders.export"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode != 0:
        lines = done.stderr.strip().splitlines() or [f"exit code {done.returncode}"]
        raise InstallFailed(f"the encoders could not be exported: {lines[-1]}")


def _write(path: Path, text: str) -> bool:
    if path.exists() and path.read_text() == text:
        return False
    path.write_text(text)
    return True


if __name__ == "__main__":
    main()
