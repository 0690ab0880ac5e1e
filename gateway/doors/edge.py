"""The outermost layer: refuses large bodies, adds security headers, counts, and catches what nobody else did."""

import time
from collections.abc import Awaitable, Callable

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.doors.metrics import Metrics
from gateway.problems import INTERNAL, problem_response

BODY_LIMIT = 64 * 1024
PICTURE_LIMIT = 2 * 1024 * 1024
PICTURE_BODY_LIMIT = PICTURE_LIMIT + 16 * 1024  # the multipart frame around the picture
ARTICLE_LIMIT = 1024 * 1024
IMPORT_LIMIT = 20 * 1024 * 1024
IMPORT_BODY_LIMIT = IMPORT_LIMIT + 16 * 1024

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_log = structlog.get_logger()


class Edge:
    """Wraps everything the doors serve."""

    def __init__(self, app: ASGIApp, metrics: Metrics, frame_ancestors: str) -> None:
        self._app = app
        self._metrics = metrics
        self._headers = _security_headers("'none'")
        self._framed_headers = _security_headers(frame_ancestors)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        answer = _Answer(send, self._framed_headers if _is_desk_page(scope["path"]) else self._headers)
        if _announced(scope) > _limit_for(scope["path"]):
            await problem_response("body_too_large", headers={"Connection": "close"})(scope, receive, answer)
        else:
            await self._guarded(scope, receive, answer)
        self._count(scope, answer.status, time.perf_counter() - started)

    def end_connections(self) -> None:
        """End each connection with its next answer: a proxy that keeps some would write into one as it is closed."""
        for headers in (self._headers, self._framed_headers):
            headers["Connection"] = "close"

    async def _guarded(self, scope: Scope, receive: Receive, answer: "_Answer") -> None:
        try:
            await self._app(scope, receive, answer)
        except Exception as error:
            _log.error("unknown_error", method=scope["method"], exc_info=error)
            if not answer.status:
                await problem_response(INTERNAL)(scope, receive, answer)
            elif not answer.complete:
                raise  # half an answer is out: only breaking the connection tells the client

    def _count(self, scope: Scope, status: int, seconds: float) -> None:
        method = scope["method"] if scope["method"] in _METHODS else "other"
        route = _route(scope)
        self._metrics.requests.labels(method, route, str(status)).inc()
        self._metrics.duration.labels(method, route).observe(seconds)


class _Answer:
    """Sends, remembers the status, and adds the headers that are not there yet."""

    def __init__(self, send: Callable[[Message], Awaitable[None]], headers: dict[str, str]) -> None:
        self._send = send
        self._headers = headers
        self.status = 0
        self.complete = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            for name, value in self._headers.items():
                headers.setdefault(name, value)
        await self._send(message)
        self.complete = message["type"] == "http.response.body" and not message.get("more_body", False)


def _security_headers(frame_ancestors: str) -> dict[str, str]:
    policy = (
        "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; object-src 'none'; "
        f"base-uri 'none'; form-action 'self'; frame-ancestors {frame_ancestors}"
    )
    return {
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
        "Cache-Control": "no-store",
    }


def _is_desk_page(path: str) -> bool:
    return path == "/desk" or path.startswith("/desk/")


def _announced(scope: Scope) -> int:
    length = Headers(scope=scope).get("content-length", "0")
    return int(length) if length.isdecimal() and len(length) < 16 else 0


def _limit_for(path: str) -> int:
    if path == "/v1/articles/import":
        return IMPORT_BODY_LIMIT
    if path.startswith("/v1/articles/"):
        return ARTICLE_LIMIT
    return PICTURE_BODY_LIMIT if path == "/v1/attachments" else BODY_LIMIT


def _route(scope: Scope) -> str:
    if scope["path"].startswith("/socket.io"):
        return "/socket.io"
    return str(getattr(scope.get("route"), "path", "other"))
