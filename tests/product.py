"""The whole product as `zhiban run` starts it, in a data directory of its own and on free ports, for journeys.

from tests.product import product        # in a conftest: the session's product as a fixture

with running_product(tmp_path, OPENING_HOURS=path) as product:
    product.base_url, product.first_password, product.pids["worker"], product.run_json()
"""

import json
import os
import re
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
# The first start on a machine trains Rasa's model; it is kept in models/ and found by every later one.
READY_SECONDS = 420.0
STOP_SECONDS = 15.0
_PASSWORD = re.compile(r"First agent: name (\S+), password (\S+)")
_PRIVATE_PORTS = ("KNOWLEDGE_PORT", "WORKER_PORT", "ACTIONS_PORT", "RASA_PORT", "OFFICE_PORT")
# A product under test is ours alone, whatever the shell that runs the tests has set.
_NOT_INHERITED = (
    "REDIS_URL",
    "KNOWLEDGE_URL",
    "RASA_URL",
    "ACTIONS_URL",
    "OFFICE_URL",
    "HOST",
    "NAMESPACE",
    "BOT_SECRET",
)


class ProductFailed(Exception):
    """Raised when the product did not get ready or did not end; carries what it said."""


class Product:
    """One `zhiban run`; `output` is what it has said so far, line by line."""

    module: tuple[str, ...] = ("zhiban", "run")

    def __init__(self, data_dir: Path, environ: Mapping[str, str]) -> None:
        self.data_dir = data_dir
        self.output: list[str] = []
        ports = free_ports(len(_PRIVATE_PORTS) + 1)
        self.port = ports.pop()
        self.base_url = f"http://127.0.0.1:{self.port}"
        inherited = {name: value for name, value in os.environ.items() if name not in _NOT_INHERITED}
        self._environ = {
            **inherited,
            **{name: str(port) for name, port in zip(_PRIVATE_PORTS, ports, strict=True)},
            "PORT": str(self.port),
            "DATA_DIR": str(data_dir),
            **environ,
        }
        self._ready = threading.Event()
        self._process: subprocess.Popen[str] | None = None

    def start(self, seconds: float = READY_SECONDS) -> "Product":
        """Return when it is ready. Raises ProductFailed with all it said."""
        command = [str(ROOT / ".venv" / "bin" / "python"), "-m", *self.module]
        self._process = subprocess.Popen(
            command, cwd=ROOT, env=self._environ, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        self._reader = threading.Thread(target=self._read, args=(self._process,), daemon=True)
        self._reader.start()
        deadline = time.monotonic() + seconds
        while not self._ready.wait(0.1):
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                raise ProductFailed("the product did not get ready:\n" + "\n".join(self.output))
        return self

    @property
    def pid(self) -> int:
        """Of the supervisor."""
        assert self._process is not None
        return self._process.pid

    @property
    def pids(self) -> dict[str, int]:
        """Of its processes by name: redis, office, knowledge, actions, rasa, worker, doors."""
        return {name: facts["pid"] for name, facts in self.run_json()["processes"].items()}

    @property
    def first_password(self) -> str:
        """Of the account `admin`; there on the first start in a data directory only."""
        for line in self.output:
            found = _PASSWORD.search(line)
            if found:
                return found.group(2)
        raise ProductFailed("no first password was printed")

    @property
    def logs(self) -> Path:
        return self.data_dir / "logs"

    def run_json(self) -> dict[str, Any]:
        """What `zhiban run` wrote down: pids, ports, readiness."""
        state: dict[str, Any] = json.loads((self.data_dir / "run.json").read_text())
        return state

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        """End it as Ctrl-C does; its exit code. Raises ProductFailed when it does not end in time."""
        assert self._process is not None
        if self._process.poll() is None:
            self._process.send_signal(number)
        try:
            code = self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
            raise ProductFailed(f"it did not end within {STOP_SECONDS} s:\n" + "\n".join(self.output)) from None
        self._close()
        return code

    def kill(self) -> None:
        """End it without a word, as a power failure would; the kernel ends its children."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._close()

    def _read(self, process: "subprocess.Popen[str]") -> None:
        assert process.stdout is not None
        for line in process.stdout:
            self.output.append(line.rstrip())
            if "Zhiban is ready" in line:
                self._ready.set()

    def _close(self) -> None:
        self._reader.join(5)
        assert self._process is not None
        assert self._process.stdout is not None
        self._process.stdout.close()


@contextmanager
def running_product(data_dir: Path, **environ: object) -> Iterator[Product]:
    """A product that is ready, and ended afterwards."""
    product = Product(data_dir, {name: str(value) for name, value in environ.items()})
    product.start()
    try:
        yield product
    finally:
        product.stop()


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """One product for all journeys of a session that do not change its settings or kill its processes."""
    with running_product(tmp_path_factory.mktemp("product")) as running:
        yield running


def free_ports(count: int) -> list[int]:
    """Different ports that were free a moment ago."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [int(taken.getsockname()[1]) for taken in sockets]
    for taken in sockets:
        taken.close()
    return ports
