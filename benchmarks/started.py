"""Programs that a benchmark starts itself: each with a log, none outlives the benchmark."""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_STOP_SECONDS = 15.0
# Settings of the product that is started beside, or of the shell, mean nothing to these programs.
_NOT_INHERITED = ("REDIS_URL", "RASA_URL", "ACTIONS_URL", "OFFICE_URL", "HOST", "PORT", "PYTHONPATH")


class NotStarted(Exception):
    """Raised when a program ends or is not ready in time; carries the end of its log."""


def end_with_parent() -> None:
    """In the child: the kernel ends it when the benchmark dies."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


@contextlib.contextmanager
def started(
    command: Sequence[object],
    log: Path,
    ready: Callable[[], bool],
    seconds: float,
    folder: Path,
    environ: Mapping[str, str] | None = None,
) -> Iterator[subprocess.Popen[bytes]]:
    """The running program, once `ready` says so. Raises NotStarted."""
    inherited = {name: value for name, value in os.environ.items() if name not in _NOT_INHERITED}
    with log.open("wb") as output:
        process = subprocess.Popen(
            [str(part) for part in command],
            cwd=folder,
            env={**inherited, **(environ or {})},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            preexec_fn=end_with_parent,  # noqa: PLW1509 - before any thread starts
        )
        try:
            _wait(process, log, ready, seconds)
            yield process
        finally:
            stop(process)


def stop(process: subprocess.Popen[bytes]) -> None:
    """End it in order, or by force when it takes too long."""
    if process.poll() is None:
        process.terminate()
    try:
        process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def answers(url: str) -> bool:
    """Whether `url` answers 200."""
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def replies(url: str) -> bool:
    """Whether the REST channel at `url` answers a greeting with a word; stock Rasa answers [] where it fails."""
    body = json.dumps({"sender": "first", "message": "你好"}).encode()
    request = urllib.request.Request(f"{url}/webhooks/rest/webhook", body, {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return bool(json.load(answer))
    except (urllib.error.URLError, OSError, ValueError):
        return False


def _wait(process: subprocess.Popen[bytes], log: Path, ready: Callable[[], bool], seconds: float) -> None:
    until = time.monotonic() + seconds
    while not ready():
        if process.poll() is not None or time.monotonic() > until:
            said = log.read_text(errors="replace")[-3000:]
            raise NotStarted(f"{process.args!r} is not ready ({process.poll()}):\n{said}")
        time.sleep(0.1)
