"""Around socket.io: what is no packet does not reach it, and what goes wrong inside is noted without a word of it."""

import logging
import sys
import traceback
from collections.abc import Callable

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.doors.edge import BODY_LIMIT
from gateway.problems import problem_response

_TYPES = tuple("0123456")  # engine.io's packet types: open, close, ping, pong, message, upgrade, noop
_BASE64 = "b"  # how binary travels in polls
_BETWEEN = "\x1e"
_OVER = b"1"
_POLICY_VIOLATION = 1008

_log = structlog.get_logger()


class SocketEdge:
    """ASGI, between the doors' edge and socket.io."""

    def __init__(self, app: ASGIApp, closing: Callable[[], bool]) -> None:
        self._app = app
        self._closing = closing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] == "GET":
            send = _coming_back(scope, receive, send, self._closing)
        answer = _Answer(send)
        try:
            if scope["type"] == "websocket":
                await self._app(scope, _packets_only(receive), answer)
            elif scope["type"] == "http" and scope["method"] == "POST":
                await self._post(scope, receive, answer)
            else:
                await self._app(scope, receive, answer)
        except Exception as error:  # noqa: BLE001 - the text of an error may be a customer's
            note_failure(error)
            await answer.fail(scope, receive)

    async def _post(self, scope: Scope, receive: Receive, answer: "_Answer") -> None:
        body = await _whole_body(receive)
        if body is None or not _is_payload(body):
            await problem_response("bad_request")(scope, receive, answer)
            return
        sent = False

        async def replay() -> Message:
            nonlocal sent
            if sent:
                return await receive()
            sent = True
            return {"type": "http.request", "body": body, "more_body": False}

        await self._app(scope, replay, answer)


class _Answer:
    """Sends, and knows whether an answer has begun."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._begun = False

    async def __call__(self, message: Message) -> None:
        self._begun = True
        await self._send(message)

    async def fail(self, scope: Scope, receive: Receive) -> None:
        if scope["type"] == "websocket":
            await self._send({"type": "websocket.close", "code": _POLICY_VIOLATION})
        elif not self._begun:
            await problem_response("bad_request")(scope, receive, self._send)


class QuietLogger(logging.Logger):
    """For socket.io's own words, in which a client's may stand: of an error, its kind and place are kept."""

    def __init__(self) -> None:
        super().__init__("socketio", logging.ERROR)

    def handle(self, record: logging.LogRecord) -> None:  # noqa: ARG002
        error = sys.exc_info()[1]
        if error is None:
            _log.info("socket_request_refused")
        else:
            note_failure(error)


def note_failure(error: BaseException) -> None:
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{frames[-1].filename.rpartition('/')[2]}:{frames[-1].lineno}" if frames else ""
    _log.info("socket_failed", cause=type(error).__name__, place=place)


def _coming_back(scope: Scope, receive: Receive, send: Send, closing: Callable[[], bool]) -> Send:
    """A poll that ends because the doors close is answered 503.

    Told by a packet that it is over, socket.io's client for Python would not try another door.
    """
    begun: Message | None = None

    async def checked(message: Message) -> None:
        nonlocal begun
        if not closing():
            await send(message)
        elif message["type"] == "http.response.start":
            begun = message
        elif message["type"] != "http.response.body" or begun is None:
            await send(message)
        elif message.get("body", b"") == _OVER:
            await problem_response("closing")(scope, receive, send)
        else:
            await send(begun)
            await send({**message, "body": message.get("body", b"").removesuffix(_BETWEEN.encode() + _OVER)})
            begun = None

    return checked


def _packets_only(receive: Receive) -> Receive:
    """What is no packet of engine.io ends the connection, as if the client had."""

    async def checked() -> Message:
        message = await receive()
        text = message.get("text")
        if message["type"] == "websocket.receive" and text is not None and not text.startswith(_TYPES):
            return {"type": "websocket.disconnect", "code": _POLICY_VIOLATION}
        return message

    return checked


async def _whole_body(receive: Receive) -> bytes | None:
    """None when it is too long, or was broken off."""
    body = b""
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        body += bytes(message.get("body", b""))
        if len(body) > BODY_LIMIT:
            return None
        if not message.get("more_body", False):
            return body


def _is_payload(body: bytes) -> bool:
    try:
        packets = body.decode().split(_BETWEEN)
    except UnicodeDecodeError:
        return False
    return all(packet.startswith((*_TYPES, _BASE64)) for packet in packets)
