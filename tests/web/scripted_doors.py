"""A small server with the doors' contract for customers, over the scripted world; real HTTP and real sockets."""

import asyncio
import itertools
from datetime import timedelta
from pathlib import Path
from typing import Any

import socketio
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from tests.web.scripted_desk import desk_routes
from tests.web.scripted_world import Event, World, now_text

WEB = Path(__file__).parents[2] / "web"
# What gateway.doors sends with its pages: the pages must live under it.
POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; object-src 'none'; "
    "base-uri 'none'; form-action 'self'"
)


def problem(status: int, code: str, **more: Any) -> JSONResponse:
    body = {"type": f"urn:zhiban:problem:{code}", "title": code, "status": status, "code": code, "detail": code, **more}
    return JSONResponse(body, status, media_type="application/problem+json")


def refusal(code: str) -> dict[str, Any]:
    return {"error": {"code": code, "detail": code}}


class ScriptedDoors:
    """The ASGI app, and the switches by which a test makes things go wrong."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.down = False
        self.sessions: dict[str, str] = {}
        self.session_requests: list[str | None] = []
        self.lifetime = timedelta(days=30)
        self.uploads: dict[str, tuple[str, bytes]] = {}
        self.swallow_events = False
        self.lose_acks = 0
        self.refuse_with: str | None = None
        self.pages: dict[str, str] = {}
        self.frame_ancestors = "'self'"
        self.told_ancestors: str | None = None  # what a HEAD says instead
        self._numbers = itertools.count(1)
        self._followers: dict[str, str] = {}
        self.loop: asyncio.AbstractEventLoop | None = None
        self.sockets = socketio.AsyncServer(async_mode="asgi", cors_allowed_origins="*")
        self._listen()
        world.listeners.append(self._passed_on)
        self.app = self._guarded(
            socketio.ASGIApp(self.sockets, Starlette(routes=self._routes(), middleware=self._middleware()))
        )

    def _guarded(self, app: ASGIApp) -> ASGIApp:
        async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
            if self.down and scope["type"] == "websocket":
                await send({"type": "websocket.close", "code": 1013})
            elif self.down and scope["type"] == "http" and scope["path"].startswith("/v1"):
                await problem(503, "closing")(scope, receive, send)
            else:
                await app(scope, receive, send)

        return guarded

    def _middleware(self) -> list[Middleware]:
        return [Middleware(CORSMiddleware, allow_origins=["*"], allow_methods=["*"], allow_headers=["*"])]

    def _routes(self) -> list[Route | Mount]:
        def page(path: str) -> Any:
            async def serve(request: Request) -> FileResponse:
                told = self.told_ancestors if request.method == "HEAD" else None
                policy = f"{POLICY}; frame-ancestors {told or self.frame_ancestors}"
                return FileResponse(WEB / path, headers={"Content-Security-Policy": policy})

            return serve

        return [
            Route("/", page("demo/index.html")),
            Route("/page/{name}", self.other_page),
            Route("/privacy", page("demo/privacy.html")),
            Route("/desk", page("desk/index.html")),
            Route("/widget.js", page("dist/widget.js")),
            Mount("/assets", StaticFiles(directory=WEB / "dist")),
            Route("/v1/sessions", self.open_session, methods=["POST"]),
            Route("/v1/events", self.read_events),
            Route("/v1/attachments", self.keep_picture, methods=["POST"]),
            Route("/v1/attachments/{id}", self.show_picture),
            *desk_routes(self.world),
        ]

    # HTTP

    async def other_page(self, request: Request) -> Response:
        """A page of some other site that a test has written."""
        return Response(self.pages[request.path_params["name"]], media_type="text/html")

    def _user(self, request: Request) -> str | None:
        return self.sessions.get(request.headers.get("authorization", "").removeprefix("Bearer "))

    async def open_session(self, request: Request) -> Response:
        known = self._user(request)
        self.session_requests.append(known)
        number = next(self._numbers)
        vouch = (await request.json()).get("vouch")
        user = vouch["user"] if vouch else known or f"user-{number}"
        token = f"session-{number}"
        self.sessions[token] = user
        talk = self.world.open_talk(user)
        body = {"session": token, "user": user, "language": None, "conversation": talk.id if talk else None}
        return JSONResponse(body | {"expires_at": now_text(self.lifetime)}, 201)

    async def read_events(self, request: Request) -> Response:
        user = self._user(request)
        if user is None:
            return problem(401, "session_invalid")
        talk = self.world.talks.get(request.query_params["conversation"])
        if talk is None or talk.user != user:
            return problem(404, "conversation_not_found")
        after = int(request.query_params.get("after", 0))
        return JSONResponse(
            {
                "events": talk.events[after : after + 200],
                "conversation": talk.id,
                "state": talk.state,
                "epoch": talk.epoch,
            }
        )

    async def keep_picture(self, request: Request) -> Response:
        if self._user(request) is None:
            return problem(401, "session_invalid")
        form = await request.form()
        file: Any = form["file"]
        content = await file.read()
        await form.close()
        picture = f"a{next(self._numbers):032x}"
        self.uploads[picture] = (file.content_type, content)
        return JSONResponse({"id": picture, "type": file.content_type, "size": len(content)}, 201)

    async def show_picture(self, request: Request) -> Response:
        kept = self.uploads.get(request.path_params["id"])
        return Response(kept[1], media_type=kept[0]) if kept else problem(404, "attachment_not_found")

    # Sockets

    def _listen(self) -> None:
        for name in ("connect", "resume", "message", "typing", "disconnect"):
            self.sockets.on(name, getattr(self, f"_{name}"))

    async def _user_of(self, sid: str) -> str | None:
        user: str | None = (await self.sockets.get_session(sid))["user"]
        return user

    async def _connect(self, sid: str, _environ: Any, auth: Any = None) -> None:
        self.loop = asyncio.get_running_loop()
        await self.sockets.save_session(sid, {"user": self.sessions.get((auth or {}).get("token", ""))})

    async def _resume(self, sid: str, asked: dict[str, Any]) -> dict[str, Any]:
        user = await self._user_of(sid)
        if user is None:
            return refusal("session_invalid")
        named = asked.get("conversation")
        talk = self.world.talks.get(named) if named else self.world.open_talk(user)
        if named and (talk is None or talk.user != user):
            return refusal("conversation_not_found")
        self._followers[sid] = user
        if talk is None:
            return {"conversation": None, "state": None, "seq": 0}
        for event in talk.events[asked.get("after", 0) :]:
            await self.sockets.emit("event", event, to=sid)
        return {"conversation": talk.id, "state": talk.state, "seq": len(talk.events)}

    async def _message(self, sid: str, said: dict[str, Any]) -> Any:
        user = await self._user_of(sid)
        if self.refuse_with or user is None:
            return refusal(self.refuse_with or "session_invalid")
        receipt = self.world.receive(user, said)
        if not receipt["duplicate"]:
            asyncio.get_running_loop().call_soon(self.world.answer, receipt["conversation"], said)
        if self.lose_acks:
            self.lose_acks -= 1
            await self.sockets.disconnect(sid)
        return receipt

    async def _typing(self, sid: str, *_data: Any) -> None:
        self.world.typing.append(str(await self._user_of(sid)))

    async def _disconnect(self, sid: str, *_reason: Any) -> None:
        self._followers.pop(sid, None)

    def _passed_on(self, event: Event) -> None:
        if self.loop is None or self.swallow_events:
            return
        owner = self.world.talks[event["conversation"]].user
        for sid in [sid for sid, user in self._followers.items() if user == owner]:
            asyncio.run_coroutine_threadsafe(self.sockets.emit("event", event, to=sid), self.loop)

    def emit_typing(self, conversation: str) -> None:
        for sid in list(self._followers):
            sent = self.sockets.emit("typing", {"conversation": conversation, "role": "agent"}, to=sid)
            asyncio.run_coroutine_threadsafe(sent, self.loop)

    def emit_again(self, event: Event) -> None:
        """Send an event that was sent before, or one from the future."""
        for sid in list(self._followers):
            asyncio.run_coroutine_threadsafe(self.sockets.emit("event", event, to=sid), self.loop).result(5)

    def cut(self) -> None:
        """Break every socket and take no new one until `mend`."""
        self.down = True

        async def break_all() -> None:
            for sid in list(self._followers):
                await self.sockets.disconnect(sid)

        if self.loop is not None:
            asyncio.run_coroutine_threadsafe(break_all(), self.loop).result(5)

    def mend(self) -> None:
        self.down = False
