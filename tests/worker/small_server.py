"""A real HTTP server for one test, on a port of its own, which can die and come back."""

import asyncio
import contextlib
import socket
from collections.abc import Iterator
from typing import Any

import uvicorn


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class SmallServer:
    """Subclasses say which `app` they serve. The port stays the same for the server's whole life."""

    def __init__(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port: int = free.getsockname()[1]
        self._server: _Server | None = None
        self._task: asyncio.Task[None] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def app(self) -> Any:
        raise NotImplementedError

    async def start(self) -> None:
        """Return when connections are accepted."""
        listening = socket.create_server(("127.0.0.1", self.port))
        config = uvicorn.Config(
            self.app(), lifespan="off", log_config=None, access_log=False, timeout_graceful_shutdown=0
        )
        self._server = _Server(config)
        self._task = asyncio.create_task(self._server.serve([listening]))

    async def stop(self) -> None:
        """From now on connections are refused."""
        if self._server is None or self._task is None:
            return
        self._server.should_exit = self._server.force_exit = True
        await self._task
        self._server = self._task = None
