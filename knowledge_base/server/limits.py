"""Requests too long to be read are refused by what they announce; the framework counts those that announce nothing."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from knowledge_base.importing.files import MOST_BYTES as MOST_FILE_BYTES
from knowledge_base.server.problems import problem

MOST_IMPORT_BYTES = MOST_FILE_BYTES + 64 * 1024  # the file, and what multipart puts around it
MOST_BYTES = 8 * 1024 * 1024  # 256 texts of 4,000 characters to embed; every single text is bounded far lower


class AnnouncedLength:
    """Answers 413 to a request whose Content-Length exceeds what its path may have."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        announced = Headers(scope=scope).get("content-length", "") if scope["type"] == "http" else ""
        most = MOST_IMPORT_BYTES if scope.get("path") == "/v1/import" else MOST_BYTES
        if announced.isdigit() and int(announced) > most:
            await problem(413, "too_large", "The request is too large")(scope, receive, send)
        else:
            await self._app(scope, receive, send)
