"""Watches from outside when Redis answers: a thread with a socket of its own, so that our own load delays it little."""

import contextlib
import socket
import threading
import time
from pathlib import Path

from tests.chaos.record import Outage

_EVERY = 0.05
_ANSWER_SECONDS = 0.4
_NOTICED = 0.3


class RedisWatch:
    """`outages` so far; use as a context manager."""

    def __init__(self, path: Path) -> None:
        self.outages: list[Outage] = []
        self._path = path
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> "RedisWatch":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join(5)

    def _watch(self) -> None:
        good = time.time()
        while not self._over.wait(_EVERY):
            asked = time.time()
            if self._answers():
                if asked - good > _NOTICED:
                    self.outages.append(Outage(good, time.time()))
                good = time.time()

    def _answers(self) -> bool:
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as client:
            client.settimeout(_ANSWER_SECONDS)
            client.connect(str(self._path))
            client.sendall(b"PING\r\n")
            return client.recv(16).startswith(b"+PONG")
        return False
