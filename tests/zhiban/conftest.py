"""What several tests of the command share: its settings in a data directory of their own, and real servers."""

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.product import free_ports
from tests.zhiban.command import Command
from zhiban import embedded
from zhiban.settings import Settings


@pytest.fixture
def settings(tmp_path) -> Settings:
    return Settings.from_environment({"DATA_DIR": str(tmp_path / "var"), "PORT": str(free_ports(1)[0])})


@pytest.fixture
def command(tmp_path) -> Command:
    """`zhiban` as a user types it, with nothing wrong: each test spoils one thing."""
    return Command({"DATA_DIR": str(tmp_path / "var"), "PORT": str(free_ports(1)[0])})


@pytest.fixture
def server(tmp_path) -> Iterator[Callable[..., str]]:
    """Starts a real server with the options given, on a unix socket, and returns its URL."""
    running: list[subprocess.Popen[bytes]] = []

    def start(*options: str) -> str:
        folder = tmp_path / f"server{len(running)}"
        folder.mkdir()
        socket = folder / "s"
        base = [embedded.binary(), "--port", "0", "--unixsocket", socket, "--dir", folder, "--save", ""]
        running.append(subprocess.Popen([*base, *options], stdout=subprocess.DEVNULL))
        _wait_for(socket)
        return f"unix://{socket}"

    yield start
    for process in running:
        process.terminate()
        process.wait(10)


def _wait_for(socket: Path) -> None:
    import socket as sockets
    import time

    deadline = time.monotonic() + 10
    while True:
        with sockets.socket(sockets.AF_UNIX) as probe:
            if probe.connect_ex(str(socket)) == 0:
                return
        assert time.monotonic() < deadline, "the server did not start"
        time.sleep(0.02)
