"""Rasa's whole environment, TensorFlow included: `.venv-rasa-full`, made from `requirements/rasa-full.lock`."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / ".venv-rasa-full"
LOCK = ROOT / "requirements" / "rasa-full.lock"
_STAMP = FOLDER / "installed"
_NEEDED_BYTES = 5 * 1024**3
_INSTALL_SECONDS = 1800


class NoEnvironment(Exception):
    """Raised when the environment cannot be made; says why."""


def environment() -> Path:
    """Its Python; made first when it is missing or of another lock (2.7 GB, some minutes)."""
    python = FOLDER / "bin" / "python"
    digest = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    if not (_STAMP.exists() and _STAMP.read_text() == digest):
        if shutil.disk_usage(ROOT).free < _NEEDED_BYTES:
            raise NoEnvironment(f"{FOLDER} needs 5 GB of free disk")
        # `make setup` has found Python 3.10 already.
        _run([ROOT / ".venv-rasa" / "bin" / "python", "-m", "venv", "--clear", FOLDER])
        _run([python, "-m", "pip", "install", "--quiet", "--no-deps", "--disable-pip-version-check", "-r", LOCK])
        _STAMP.write_text(digest)
    return python


def _run(command: list[str | Path]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, timeout=_INSTALL_SECONDS)
    if done.returncode:
        raise NoEnvironment(f"{' '.join(map(str, command))}: {done.stderr[-1500:]}")
