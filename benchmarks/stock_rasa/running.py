"""The peer, running: Valkey, the sample office, the action server and Rasa, each as its maker starts it."""

from __future__ import annotations

import contextlib
import subprocess
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from benchmarks.side import Root, Side
from benchmarks.started import answers, replies, started
from benchmarks.stock_rasa.environment import environment
from benchmarks.stock_rasa.training import QUIET, Trained
from tests.product import free_ports
from zhiban import embedded

ROOT = Path(__file__).resolve().parents[2]
_LOOPBACK = "127.0.0.1"
_START_SECONDS = 400.0


@contextlib.contextmanager
def stock_rasa(trained: Trained, workers: int, folder: Path, api: bool = False) -> Iterator[Side]:
    """It has answered a first message; logs and Valkey's data are in `folder`."""
    redis_port, office_port, actions_port, rasa_port = free_ports(4)
    office, actions = f"http://{_LOOPBACK}:{office_port}", f"http://{_LOOPBACK}:{actions_port}"
    environ = {
        **QUIET,
        "REDIS_HOST": _LOOPBACK,
        "REDIS_PORT": str(redis_port),
        "OFFICE_URL": office,
        "ACTIONS_URL": f"{actions}/webhook",
        "SANIC_HOST": _LOOPBACK,
        "SANIC_WORKERS": str(workers),
    }
    # Those without which Rasa would not run are not part of its start.
    with contextlib.ExitStack() as stack:
        redis = stack.enter_context(_redis(redis_port, folder))
        command = [ROOT / ".venv" / "bin" / "python", "-m", "examples.office", "--port", str(office_port)]
        ready = partial(answers, f"{office}/healthz")
        shop = stack.enter_context(started(command, folder / "office.log", ready, 60, ROOT))
        begun = time.monotonic()
        command = [environment(), "-m", "rasa_sdk", "--actions", "actions", "--port", str(actions_port)]
        ready = partial(answers, f"{actions}/health")
        acting = stack.enter_context(started(command, folder / "actions.log", ready, 60, trained.folder, environ))
        command = [environment(), "-m", "rasa", "run", "--model", trained.model, "--interface", _LOOPBACK]
        command += ["--port", str(rasa_port), *(["--enable-api"] if api else [])]
        log = folder / "rasa.log"
        url = f"http://{_LOOPBACK}:{rasa_port}"
        ready = partial(replies, url)
        rasa = stack.enter_context(started(command, log, ready, _START_SECONDS, trained.folder, environ))
        yield Side(
            url=url,
            roots={
                "redis": Root(redis.pid),
                "office": Root(shop.pid),
                "actions": Root(acting.pid),
                "rasa": Root(rasa.pid),
            },
            start_seconds=time.monotonic() - begun,
        )


@contextlib.contextmanager
def _redis(port: int, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The same server with the same promises as ours, but over TCP: Rasa knows no sockets of files."""
    data = folder / "redis"
    data.mkdir(parents=True)
    configuration = folder / "redis.conf"
    text = embedded.configuration_text(data, data / "redis.sock").replace("port 0\n", f"port {port}\n")
    configuration.write_text(text + f"bind {_LOOPBACK}\n")
    log = folder / "redis.log"
    ready = partial(_says, log, "Ready to accept connections")
    with started([embedded.binary(), configuration], log, ready, 20, data) as process:
        yield process


def _says(log: Path, text: str) -> bool:
    return text in log.read_text(errors="replace")
