"""Stands before socket.io: not too many connections, none of strangers, and only packets that can be read."""

import asyncio
from collections.abc import Callable
from typing import Any

import socketio
import structlog

from gateway.doors.tasks import start

# Engine.io connections that say to no namespace who they are.
STRANGER_SECONDS = 10.0
_CLOSE_SECONDS = 1.0
_BINARY = ("5", "6")  # packets that announce binary attachments
_LEAVES = "41"

_log = structlog.get_logger()


class SocketGuard:
    """Wraps the handlers that python-socketio put into its engine."""

    def __init__(self, server: socketio.AsyncServer, most: int, closing: Callable[[], bool]) -> None:
        self._manager = server.manager
        self._engine = server.eio
        self._most = most
        self._closing = closing
        self._on_connect = self._engine.handlers["connect"]
        self._on_message = self._engine.handlers["message"]
        self._end_politely = self._engine.disconnect
        # It waits until the client has fetched the word that it is over, and some never come.
        self._engine.disconnect = self.end
        self._engine.on("connect", self._admit)
        self._engine.on("message", self._take)

    async def end_polls(self) -> None:
        """Uvicorn closes WebSockets, but knows nothing of those who poll."""
        polling = [engine_id for engine_id, one in self._engine.sockets.items() if not one.upgraded]
        await asyncio.gather(*(self.end(engine_id) for engine_id in polling))

    async def end(self, engine_id: str) -> None:
        """Close the connection; its client sees that it is lost, and comes back, elsewhere if need be."""
        try:
            async with asyncio.timeout(_CLOSE_SECONDS):
                await self._end_politely(engine_id)
        except TimeoutError:  # it does not read what it is sent
            self._engine.sockets.pop(engine_id, None)

    async def _admit(self, engine_id: str, environ: dict[str, Any]) -> Any:
        if len(self._engine.sockets) > self._most or self._closing():
            return False
        self._expel_if_strange(engine_id)
        return await self._on_connect(engine_id, environ)

    async def _take(self, engine_id: str, packet: Any) -> None:
        if not isinstance(packet, str) or packet.startswith(_BINARY):
            return  # no client of ours sends binary; socket.io would collect attachments without limit
        try:
            await self._on_message(engine_id, packet)
        except Exception as error:  # noqa: BLE001 - whatever a packet may be, it ends one connection
            _log.info("packet_refused", cause=type(error).__name__)
            start(self.end(engine_id), "refused socket")
        else:
            if packet.startswith(_LEAVES):
                self._expel_if_strange(engine_id)

    def _expel_if_strange(self, engine_id: str) -> None:
        """In a while, unless it is somebody's by then."""
        asyncio.get_running_loop().call_later(STRANGER_SECONDS, self._expel, engine_id)

    def _expel(self, engine_id: str) -> None:
        known = self._manager.sid_from_eio_sid(engine_id, "/")
        if known is None and engine_id in self._engine.sockets:
            start(self.end(engine_id), "strange socket")
