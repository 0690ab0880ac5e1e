"""One virtual environment: made, filled from its locks, and stamped so that a second run has nothing to do."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

REQUIREMENTS = Path(__file__).resolve().parent.parent / "requirements"
_NOT_FOUND = re.compile(r"No matching distribution found for (\S+)")
_SECONDS_BETWEEN_LINES = 10.0


class InstallFailed(Exception):
    """Raised when an environment cannot be filled; the text is one line and says what to do."""


class Environment:
    """A folder such as `.venv`, the interpreter it is made from, and the locks that it has to satisfy."""

    def __init__(self, folder: Path, locks: Sequence[str], log: Callable[[str], None]) -> None:
        self.folder = folder
        self.locks = [REQUIREMENTS / name for name in locks]
        self._log = log

    def log(self, text: str) -> None:
        self._log(f"{self.folder.name}: {text}")

    @property
    def python(self) -> Path:
        return self.folder / "bin" / "python"

    def outdated(self) -> list[Path]:
        """The locks that are not yet installed as they stand; all of them when the interpreter does not run."""
        if not self._runs():
            return list(self.locks)
        return [lock for lock in self.locks if self._stamp(lock) != _digest(lock)]

    def build(self, interpreter: str, locks: Sequence[Path]) -> None:
        """Make the folder if needed and install `locks`, none of which may pull in anything the locks do not name."""
        if not self._runs():
            shutil.rmtree(self.folder, ignore_errors=True)
            self.log(f"making it from {interpreter}")
            _run([interpreter, "-m", "venv", str(self.folder)], self.folder.name)
        self._install(locks)
        for lock in locks:
            self._stamp_file(lock).write_text(_digest(lock) + "\n")

    def _install(self, locks: Sequence[Path]) -> None:
        wanted = sum(_count(lock) for lock in locks)
        self.log(f"{wanted} packages from {', '.join(lock.name for lock in locks)}")
        # --no-deps: the locks are complete, and Rasa's names combinations that no resolver would accept.
        # --no-compile: bytecode is written when a module is first imported, and most never are.
        command = [str(self.python), "-m", "pip", "install", "--no-deps", "--no-compile", "--no-input"]
        command += ["--disable-pip-version-check", "--progress-bar", "off"]
        for lock in locks:
            command += ["-r", str(lock)]
        if os.environ.get("TORCH_INDEX_URL"):
            command += ["--extra-index-url", os.environ["TORCH_INDEX_URL"]]
        self._follow(command, wanted)
        self.log("done")

    def _follow(self, command: list[str], wanted: int) -> None:
        """Run pip, with a line now and then that says how far it is."""
        seen, said = 0, time.monotonic()
        tail: list[str] = []
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as pip:
            assert pip.stdout is not None
            for line in pip.stdout:
                tail = [*tail[-30:], line.rstrip()]
                seen += line.startswith(("Collecting", "Processing", "Requirement already satisfied"))
                if line.startswith("Installing collected packages"):
                    self.log("unpacking")
                    break
                if time.monotonic() - said > _SECONDS_BETWEEN_LINES:
                    said = time.monotonic()
                    self.log(f"{seen} of {wanted} packages fetched")
            tail += [line.rstrip() for line in pip.stdout][-30:]
        if pip.returncode != 0:
            raise InstallFailed(_reason(self.folder.name, tail))

    def _runs(self) -> bool:
        try:
            return subprocess.run([str(self.python), "-c", "import pip"], capture_output=True).returncode == 0
        except OSError:
            return False

    def _stamp_file(self, lock: Path) -> Path:
        return self.folder / f".installed-{lock.name}"

    def _stamp(self, lock: Path) -> str | None:
        stamp = self._stamp_file(lock)
        return stamp.read_text().strip() if stamp.exists() else None


def _digest(lock: Path) -> str:
    return hashlib.sha256(lock.read_bytes()).hexdigest()


def _count(lock: Path) -> int:
    return sum(1 for line in lock.read_text().splitlines() if line and not line.startswith("#"))


def _run(command: list[str], name: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        lines = (done.stderr or done.stdout).strip().splitlines() or [f"exit code {done.returncode}"]
        raise InstallFailed(f"{name}: {lines[-1]}")


def _reason(name: str, tail: list[str]) -> str:
    """pip's own words in one line, except for torch, whose CPU builds live on an index of their own."""
    for line in tail:
        missing = _NOT_FOUND.search(line)
        if missing and missing.group(1).startswith("torch=="):
            return (
                f"{missing.group(1)} was not found: set TORCH_INDEX_URL to the wheel index that has "
                "PyTorch's CPU builds and run this again."
            )
        if "No space left on device" in line:
            return f"{name}: the disk is full; both environments need about 3 GB."
    errors = [line for line in tail if line.startswith("ERROR:")] or tail[-1:] or ["pip failed"]
    return f"{name}: {errors[-1]}"
