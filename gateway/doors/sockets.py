"""The socket.io door: Rasa's events for its clients, numbered events with resume for ours."""

import functools
import secrets
from collections.abc import Awaitable, Callable
from typing import Any

import socketio
import structlog
from pydantic import BaseModel, Field, ValidationError
from starlette.types import ASGIApp

from desk import DeskError
from gateway.doors.context import Doors
from gateway.doors.customers import NewMessage, own_conversation
from gateway.doors.edge import BODY_LIMIT
from gateway.doors.intake import Message, take_in
from gateway.doors.open_files import make_room_for
from gateway.doors.rasa_rest import Metadata
from gateway.doors.socket_client import Client
from gateway.doors.socket_edge import QuietLogger, SocketEdge
from gateway.doors.socket_guard import SocketGuard
from gateway.doors.texts import MessageId, Text, our_language
from gateway.problems import DoorError, code_of, describe, field_errors

_log = structlog.get_logger()

Answer = dict[str, Any]
Handler = Callable[[Client, Any], Awaitable[Answer | None]]


class Resume(BaseModel):
    conversation: str | None = Field(default=None, max_length=64)
    after: int = Field(default=0, ge=0, le=2**53)


class Uttered(BaseModel):
    message: Text = ""
    session_id: str | None = None
    message_id: MessageId | None = None
    metadata: Metadata | None = None


class SocketDoor:
    """Serves the sockets of this process; what others write reaches them through the log."""

    def __init__(self, doors: Doors) -> None:
        self._doors = doors
        self._clients: dict[str, Client] = {}
        self.server = socketio.AsyncServer(
            async_mode="asgi",
            async_handlers=False,  # a customer's messages stay in the order in which they were sent
            cors_allowed_origins="*" if doors.settings.origins == ["*"] else doors.settings.origins,
            cors_credentials=False,
            max_http_buffer_size=BODY_LIMIT,
            logger=QuietLogger(),
            engineio_logger=QuietLogger(),
        )
        self.server.on("connect", self._connect)
        self.server.on("disconnect", self._disconnect)
        handlers = {
            "session_request": self._session_request,
            "user_uttered": self._user_uttered,
            "resume": self._resume,
            "message": self._message,
            "typing": self._typing,
        }
        for name, handler in handlers.items():
            self.server.on(name, functools.partial(self._answer, handler))
        most = make_room_for(doors.settings.socket_limit)
        self._guard = SocketGuard(self.server, most, lambda: doors.nudges.closing)

    def asgi(self) -> ASGIApp:
        return SocketEdge(socketio.ASGIApp(self.server), lambda: self._doors.nudges.closing)

    async def close(self) -> None:
        """End the polls; uvicorn closes the WebSockets. Clients see a lost connection, and come back elsewhere."""
        for client in list(self._clients.values()):
            client.stop()
        await self._guard.end_polls()

    async def _connect(self, sid: str, environ: dict[str, Any], auth: Any = None) -> bool:
        client = Client(self._doors, self.server, sid, _ip(environ))
        _forget_handshake(environ)
        client.adopt(auth.get("token") if isinstance(auth, dict) else None)
        self._clients[sid] = client
        self._doors.metrics.sockets.set(len(self._clients))
        return True

    async def _disconnect(self, sid: str, *_reason: Any) -> None:
        client = self._clients.pop(sid, None)
        if client is not None:
            client.stop()
        self._doors.metrics.sockets.set(len(self._clients))

    async def _answer(self, handler: Handler, sid: str, *arguments: Any) -> Answer | None:
        """Run a handler; a refusal becomes the acknowledgement `{"error": ...}`, whatever the client sent."""
        client = self._clients.get(sid)
        if client is None:
            return None
        try:
            return await handler(client, arguments[0] if arguments and isinstance(arguments[0], dict) else {})
        except ValidationError as error:
            return {"error": describe("invalid", errors=field_errors(error.errors()))}
        except (DoorError, DeskError) as error:
            again = getattr(error, "retry_after", None)
            return {"error": describe(code_of(error), **({"retry_after": again} if again else {}))}
        except Exception as error:  # noqa: BLE001 - the socket has to be answered, whatever happened
            _log.error("unknown_error", method="SOCKET", exc_info=error)
            return {"error": describe("internal_error")}

    # Rasa's events

    async def _session_request(self, client: Client, data: Any) -> None:
        if not client.adopt(data.get("session_id")) and client.session is None:
            await self._doors.rates.take("sessions", client.ip)
            client.begin(our_language(_short(data.get("language"))))
        await self.server.emit("session_confirm", client.token, to=client.sid)
        await client.follow_as_rasa()

    async def _user_uttered(self, client: Client, data: Any) -> Answer | None:
        if isinstance(data, dict) and data.get("message") is None:
            return None  # rasa-webchat opens with one when its page configures no initial payload
        try:
            return await self._take_utterance(client, Uttered.model_validate(data))
        except (ValidationError, DoorError, DeskError):
            if not client.resumed:  # a plain client looks at no acknowledgement: say it in words
                await client.say("not_received")
            raise

    async def _take_utterance(self, client: Client, said: Uttered) -> Answer:
        if not client.adopt(said.session_id) and client.session is None:
            await self._session_request(client, {})
        await client.follow_as_rasa()
        metadata = said.metadata or Metadata()
        message_id = said.message_id or metadata.message_id or secrets.token_hex(16)
        return await self._take_in(client, Message(message_id, said.message), our_language(metadata.language))

    # ours

    async def _resume(self, client: Client, data: Any) -> Answer:
        asked = Resume.model_validate(data)
        conversation_id = await own_conversation(self._doors, client.must_have_session(), asked.conversation)
        if conversation_id is None:
            client.follow(None, 0, None)
            return {"conversation": None, "state": None, "seq": 0}
        conversation = await self._doors.desk.conversation(conversation_id)
        client.follow(conversation, min(asked.after, conversation.seq), None)
        return {"conversation": conversation.id, "state": conversation.state, "seq": conversation.seq}

    async def _message(self, client: Client, data: Any) -> Answer:
        body = NewMessage.model_validate(data)
        client.must_have_session()
        answer = await self._take_in(client, Message(body.message_id, body.text, body.payload, body.attachments), None)
        await client.show_that_the_bot_writes(answer["conversation"])
        return answer

    async def _typing(self, client: Client, _data: Any) -> None:
        if client.follower is not None and client.follower.conversation and self._doors.typists.may_type(client.sid):
            await self._doors.desk.tell_typing(client.follower.conversation, "customer")

    async def _take_in(self, client: Client, message: Message, language: str | None) -> Answer:
        session = client.must_have_session()
        language = language or session.language
        receipt = await take_in(self._doors, session.address, message, language, session.vouched_as, session.vip)
        client.look_now()
        return {"conversation": receipt.conversation, "seq": receipt.seq, "duplicate": receipt.duplicate}


def _ip(environ: dict[str, Any]) -> str:
    scope = environ.get("asgi.scope", {})
    client = scope.get("client")
    return str(client[0]) if client else "unknown"


def _forget_handshake(environ: dict[str, Any]) -> None:
    """Its headers would be kept, several times over, for as long as the socket is open."""
    for name in [name for name in environ if name.startswith(("HTTP_", "wsgi."))]:
        del environ[name]
    if environ["asgi.scope"]["type"] == "websocket":
        environ["asgi.scope"]["headers"] = []


def _short(value: Any) -> str | None:
    return value[:20] if isinstance(value, str) else None
