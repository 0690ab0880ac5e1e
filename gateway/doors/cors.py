"""Other sites' pages may carry the widget: they may call the customers' door, and never the agents'."""

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

_FOR_CUSTOMERS = (
    "/v1/sessions",
    "/v1/messages",
    "/v1/events",
    "/v1/attachments",
    "/webhooks/rest",
    "/widget.js",
    "/assets/",
)


class CustomerCors:
    """Cross-origin headers on the customers' paths alone; no cookies, the session is a bearer token."""

    def __init__(self, app: ASGIApp, origins: list[str]) -> None:
        self._app = app
        self._open = CORSMiddleware(
            app,
            allow_origins=origins,
            allow_methods=["GET", "POST"],
            allow_headers=["Authorization", "Content-Type", "X-API-Key"],
            expose_headers=["Retry-After"],
            max_age=3600,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        open_to_others = scope["type"] == "http" and scope["path"].startswith(_FOR_CUSTOMERS)
        await (self._open if open_to_others else self._app)(scope, receive, send)
