"""`POST /understand` without the framework's layers: the one call that every message makes.

What is not a well-formed question, or cannot be answered now, goes on to the framework's own route, which refuses it
as it refuses everything.
"""

from __future__ import annotations

import json

from pydantic import ValidationError
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from knowledge_base.encoder_thread import TooBusy
from knowledge_base.server.answering import Answering
from knowledge_base.server.bodies import Question
from knowledge_base.server.knowledge import NotReady

_MOST_BYTES = 64 * 1024  # text and context of 4,000 characters each; longer bodies are the framework's to count
_HEADER = (b"content-type", b"application/json")


class AskedDirectly:
    """Answers well-formed questions, and hands everything else to `app`."""

    def __init__(self, app: ASGIApp, answering: Answering) -> None:
        self._app, self._answering = app, answering

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != "/understand" or scope["method"] != "POST":
            await self._app(scope, receive, send)
            return
        first = await receive()
        body = first.get("body", b"")
        if first["type"] != "http.request" or first.get("more_body") or len(body) > _MOST_BYTES:
            await self._app(scope, _again(first, receive), send)
            return
        try:
            understanding = await self._answering.answer(Question.model_validate_json(body))
        except (ValidationError, NotReady, TooBusy):
            await self._app(scope, _again(first, receive), send)
            return
        answer = json.dumps(understanding.as_json(), ensure_ascii=False, separators=(",", ":")).encode()
        headers = [_HEADER, (b"content-length", str(len(answer)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": answer})


def _again(first: Message, receive: Receive) -> Receive:
    """Gives `first` once more, then what comes after it."""
    held = [first]

    async def given() -> Message:
        return held.pop() if held else await receive()

    return given
