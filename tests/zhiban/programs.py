"""Small stand-in programs that tests give to the supervisor, and ways to ask what became of a process."""

import asyncio
import os
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from zhiban.program import Program

SERVES = "import time; print('here', flush=True); time.sleep(600)"
IGNORES_TERM = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('here', flush=True); time.sleep(600)"
)
ANSWERS = (  # 200 at /, 503 elsewhere
    "from http.server import BaseHTTPRequestHandler, HTTPServer\n"
    "class Door(BaseHTTPRequestHandler):\n"
    "    def do_GET(self): self.send_response(200 if self.path == '/' else 503); self.end_headers()\n"
    "HTTPServer(('127.0.0.1', {port}), Door).serve_forever()"
)
HAS_A_CHILD = (
    "import subprocess, sys, time; child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']);"
    "print(child.pid, flush=True); time.sleep(600)"
)


def python(name: str, code: str, folder: Path, **options) -> Program:
    """A Program that runs `code`; ready once it has printed a line, unless told otherwise."""
    log = folder / "logs" / f"{name}.log"

    async def has_printed() -> bool:
        return log.exists() and log.stat().st_size > 0

    options.setdefault("ready", has_printed)
    return Program(name, (sys.executable, "-u", "-c", code), folder, dict(os.environ), **options)


def is_alive(pid: int) -> bool:
    """Whether it runs; one that ended and was not yet fetched by its parent does not."""
    with suppress(OSError, IndexError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


async def until(condition: Callable[[], object], seconds: float = 10.0) -> None:
    """Return when `condition` holds; fail the test when it does not within `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        await asyncio.sleep(0.02)
