"""Where the two interpreters are: ours (3.11 or later) and Rasa's (exactly 3.10)."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

OURS = ("3.11", "3.12", "3.13")
RASAS = ("3.10",)
# Debian splits venv and ensurepip off, and a pyenv shim may lead nowhere: only a run tells.
_PROBE = "import ensurepip, sys, venv; print('%d.%d' % sys.version_info[:2])"


class NoPython(Exception):
    """Raised when no suitable interpreter is here and none can be fetched; the text says what to install."""


def find_python(versions: Sequence[str], variable: str, log: Callable[[str], None] = print) -> str:
    """The path of the first interpreter that runs and can make environments; `variable` names one to be used."""
    named = os.environ.get(variable)
    if named:
        if _version(named) in versions:
            return named
        raise NoPython(f"{variable}={named} is no Python {versions[0]} that can make environments.")
    for version in versions:
        for candidate in _candidates(version):
            if _version(candidate) == version:
                return candidate
    fetched = _fetch_with_uv(versions[0], log)
    if fetched:
        return fetched
    raise NoPython(
        f"Python {versions[0]} was not found: install python{versions[0]} with its venv module (apt, brew), "
        f"or pyenv (pyenv install {versions[0]}), or uv; or set {variable} to its path."
    )


def _candidates(version: str) -> Iterator[str]:
    """Every place worth trying, best first; pyenv's own folders work where its shims are switched off."""
    on_path = shutil.which("python" + version)
    if on_path:
        yield on_path
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    for folder in sorted(pyenv.glob(version + ".*"), key=_patch, reverse=True):
        yield str(folder / "bin" / ("python" + version))
    if sys.version_info[:2] == tuple(int(part) for part in version.split(".")):
        yield sys.executable


def _patch(folder: Path) -> list[int]:
    return [int(part) for part in re.findall(r"\d+", folder.name)]


def _version(python: str) -> str | None:
    """Its "3.11", or None when it does not run or cannot make environments."""
    try:
        probe = subprocess.run([python, "-c", _PROBE], capture_output=True, text=True, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return probe.stdout.strip() if probe.returncode == 0 else None


def _fetch_with_uv(version: str, log: Callable[[str], None]) -> str | None:
    uv = shutil.which("uv")
    if not uv:
        return None
    log(f"Python {version} is not here: asking uv for it")
    if subprocess.run([uv, "python", "install", version]).returncode != 0:
        return None
    found = subprocess.run([uv, "python", "find", version], capture_output=True, text=True)
    path = found.stdout.strip()
    return path if found.returncode == 0 and _version(path) == version else None
