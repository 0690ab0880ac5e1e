"""The Redis of a scenario: one server, or one with a replica that can take its place."""

import contextlib
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError

from tests.product import free_ports
from tests.redis_server import start_redis, stop_redis

_SECONDS = 15.0


class Servers:
    """`url` stays the same when the replica takes over."""

    def __init__(self, folder: Path, *, replicated: bool) -> None:
        self._first, self._second = folder / "a", folder / "b"
        self.url = f"unix://{self._first / 's'}"
        self._port = str(free_ports(1)[0]) if replicated else "0"
        self._server = self._start(self._first, "--port", self._port, "--bind", "127.0.0.1")
        self._replica = self._start(self._second, "--replicaof", f"127.0.0.1 {self._port}") if replicated else None
        if replicated:
            _until(lambda: self._ask(self._first).execute_command("WAIT", 1, 100) == 1)
            # Its own file begins with a rewrite after the first synchronisation.
            _until(lambda: not self._ask(self._second).info("persistence")["aof_rewrite_in_progress"])

    def lose_replica(self) -> None:
        assert self._replica is not None
        self._replica.kill()
        self._replica.wait()

    def fail_over(self) -> None:
        """The server dies, and what the replica has comes up at its address."""
        self._server.kill()
        self._server.wait()
        self._server = self._start(self._second, "--unixsocket", str(self._first / "s"), at=self._first)

    def stop(self) -> None:
        for server in filter(None, (self._server, self._replica)):
            stop_redis(server)

    def _start(self, folder: Path, *options: str, at: Path | None = None) -> "subprocess.Popen[bytes]":
        folder.mkdir(exist_ok=True)
        server = start_redis(folder, *options)
        _until(lambda: self._ask(at or folder).ping())
        return server

    def _ask(self, folder: Path) -> "Redis":
        return Redis(unix_socket_path=str(folder / "s"), socket_timeout=1)


@contextlib.contextmanager
def servers(folder: Path, *, replicated: bool) -> Iterator[Servers]:
    """`folder` must be short: the address of a unix socket has at most 107 bytes."""
    running = Servers(folder, replicated=replicated)
    try:
        yield running
    finally:
        running.stop()


def _until(met: Callable[[], object]) -> None:
    until = time.monotonic() + _SECONDS
    while True:
        with contextlib.suppress(RedisError):
            if met():
                return
        assert time.monotonic() < until, "the server did not start"
        time.sleep(0.02)
