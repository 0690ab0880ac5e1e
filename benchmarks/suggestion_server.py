"""A private Redis and the real knowledge server over it, with its macros loaded."""

from __future__ import annotations

import contextlib
import json
import socket
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from benchmarks.started import answers, started
from tests.redis_server import redis_server

ROOT = Path(__file__).parent.parent
_SECONDS = 300.0


@contextlib.contextmanager
def suggesting_server(folder: Path) -> Iterator[str]:
    """The address of a server that suggests."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    with redis_server() as redis:
        environ = {"REDIS_URL": redis, "NAMESPACE": "bench", "LOG_FORMAT": "json"}
        command = [sys.executable, "-m", "knowledge_base", "--port", port]
        with started(command, folder / "knowledge.log", lambda: _suggests(url), _SECONDS, ROOT, environ):
            yield url


def _suggests(url: str) -> bool:
    """Ready, and the macros are there."""
    if not answers(f"{url}/readyz"):
        return False
    try:
        with urllib.request.urlopen(f"{url}/v1/macros", timeout=2) as answer:
            return bool(json.load(answer)["macros"])
    except (urllib.error.URLError, OSError, ValueError):
        return False
