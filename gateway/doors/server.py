"""Uvicorn for the doors: how it listens, and how it stops within seconds."""

import asyncio
import contextlib
import gc
import signal
import socket
from collections.abc import Iterator
from types import FrameType

import structlog
import uvicorn

from gateway.doors.app import Application
from gateway.doors.edge import BODY_LIMIT
from gateway.doors.settings import DoorSettings

_GRACE_SECONDS = 5
_SIGNALS = (signal.SIGINT, signal.SIGTERM)

_log = structlog.get_logger()


class DoorServer(uvicorn.Server):
    """Uvicorn that tells the doors first: long polls and streams would not end by themselves."""

    def __init__(self, app: Application) -> None:
        self._doors_app = app
        super().__init__(
            uvicorn.Config(
                app,
                loop="uvloop",
                http="httptools",
                ws="websockets-sansio",
                ws_max_size=BODY_LIMIT,
                ws_per_message_deflate=False,
                ws_ping_interval=None,  # socket.io has pings of its own
                log_level="warning",  # else two lines for each WebSocket, with its address
                log_config=None,
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=_GRACE_SECONDS,
                lifespan="on",
            )
        )

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        gc.collect()
        gc.freeze()  # what is there now stays: the collector need not look at it again
        for listening in sockets or []:
            host, port = listening.getsockname()[:2]
            _log.info("doors_open", address=f"http://{host}:{port}/")

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop on a signal and then end as usual; uvicorn would raise the signal again, and end by it."""
        loop = asyncio.get_running_loop()
        for number in _SIGNALS:
            loop.add_signal_handler(number, self.handle_exit, number, None)
        try:
            yield
        finally:
            for number in _SIGNALS:
                loop.remove_signal_handler(number)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Not ready first, so that a proxy sends nobody new; then closed. A second signal closes at once."""
        pause = self._doors_app.doors.settings.leave_seconds
        if pause and not self._doors_app.doors.nudges.leaving:
            self._doors_app.leave()
            asyncio.get_running_loop().call_later(pause, super().handle_exit, sig, frame)
        else:
            super().handle_exit(sig, frame)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await self._doors_app.close()
        await super().shutdown(sockets)


def listen(settings: DoorSettings) -> socket.socket:
    """A bound socket. Raises OSError that names the setting."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((settings.host, settings.port))
    except OSError as error:
        listening.close()
        raise OSError(f"cannot listen on {settings.host}:{settings.port} (HOST, PORT): {error.strerror}") from error
    return listening
