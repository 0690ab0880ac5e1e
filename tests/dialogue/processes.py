"""Programs that a dialogue needs beside Rasa, started for the test session on free ports and ended with it."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

ROOT = Path(__file__).resolve().parents[2]
READY_SECONDS = 90.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def our_python() -> str:
    """The Python of everything but Rasa."""
    path = Path(os.environ.get("ZHIBAN_PYTHON", ROOT / ".venv/bin/python"))
    if not path.exists():
        pytest.fail(f"{path} is missing: run `make setup`, or name another Python in ZHIBAN_PYTHON")
    return str(path)


@contextmanager
def running(
    module: str,
    ready: str,
    arguments: Sequence[str] = (),
    environ: Mapping[str, str] | None = None,
    python: str = "",
    log: Path | None = None,
) -> Iterator[tuple[str, int]]:
    """`python -m module --port N`, ready when `ready` answers 200; gives its address and process id."""
    port = free_port()
    command = [python or our_python(), "-m", module, *arguments, "--port", str(port)]
    environ = {**os.environ, **(environ or {}), "NO_PROXY": "*"}
    with tempfile.TemporaryDirectory() as folder:
        log = log or Path(folder) / "log"
        with log.open("wb") as output:
            process = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=output, stderr=output)
        try:
            _wait(process, f"http://127.0.0.1:{port}{ready}", log)
            yield f"http://127.0.0.1:{port}", process.pid
        finally:
            process.terminate()
            process.wait(timeout=20)


def _wait(process: "subprocess.Popen[bytes]", url: str, log: Path) -> None:
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            if httpx2.get(url, timeout=1.0, trust_env=False).status_code == 200:
                return
        except httpx2.HTTPError:
            pass
        time.sleep(0.05)  # between two looks at a process that has no other way to say that it is ready
    process.kill()
    pytest.fail(f"{url} was not ready in {READY_SECONDS:.0f} s, or ended: {log.read_text()[-2000:]}")


def trained_model(knowledge_url: str) -> Path:
    """The model of the sources as they are: found, or trained now."""
    from bot.fingerprint import fingerprint
    from knowledge_base.client import SyncKnowledgeClient

    with SyncKnowledgeClient(knowledge_url) as client:
        name = fingerprint(ROOT, client.encoder())
    path = ROOT / "models" / f"{name}.tar.gz"
    if not path.exists():
        train(path, knowledge_url)
    return path


def train(path: Path, knowledge_url: str) -> None:
    unfinished = f"unfinished-{path.name.split('.')[0]}-{os.getpid()}"
    command = [sys.executable, "-m", "bot.launch", "train", "--out", str(path.parent), "--fixed-model-name", unfinished]
    environ = {**os.environ, "KNOWLEDGE_URL": knowledge_url}
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, timeout=300, check=False)
    written = path.parent / f"{unfinished}.tar.gz"
    if done.returncode or not written.exists():
        pytest.fail(f"training failed: {done.stderr.decode()[-2000:]}")
    written.replace(path)
