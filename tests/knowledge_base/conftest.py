"""The real encoder, loaded once a run, and the real server, started once a run."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

import httpx2
import pytest

from knowledge_base.client import SyncKnowledgeClient
from knowledge_base.encoder import Encoder, load_encoder

_START_SECONDS = 120


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    return load_encoder()


@pytest.fixture(scope="session")
def server_url(redis_url: str) -> Iterator[str]:
    """The address of `python -m knowledge_base` with the shipped articles, ready."""
    with knowledge_server({"REDIS_URL": redis_url, "NAMESPACE": f"s{os.urandom(6).hex()}"}) as url:
        yield url


@pytest.fixture
def server(server_url: str) -> Iterator[SyncKnowledgeClient]:
    with SyncKnowledgeClient(server_url) as client:
        yield client


class knowledge_server:  # noqa: N801 - reads as a function
    """Runs the server's own command until the block ends; on leaving, the process has ended by SIGTERM."""

    def __init__(self, environment: dict[str, str], *options: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        self._command = [sys.executable, "-m", "knowledge_base", "--port", str(self._port), *options]
        self._environment = {**os.environ, **environment}

    def __enter__(self) -> str:
        self._process = subprocess.Popen(self._command, env=self._environment)
        url = f"http://127.0.0.1:{self._port}"
        until = time.monotonic() + _START_SECONDS
        while not _is_ready(url):
            assert self._process.poll() is None, "the server ended before it was ready"
            assert time.monotonic() < until, "the server was not ready in time"
            time.sleep(0.05)
        return url

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        assert self._process.wait(20) in (0, -15)


def _is_ready(url: str) -> bool:
    try:
        return httpx2.get(f"{url}/readyz", timeout=2, trust_env=False).status_code == 200
    except httpx2.HTTPError:
        return False
