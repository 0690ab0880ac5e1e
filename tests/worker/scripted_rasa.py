"""A small HTTP server with the interface of Rasa's channel, whose answers a test writes."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.worker.small_server import SmallServer

SECRET = "s3cret-of-the-test"
Body = dict[str, Any]


def heard(body: Body) -> Body:
    """Repeats what it heard and counts turns in the dialogue, as a pure function of the body."""
    turns = (body["dialogue"] or {}).get("turns", 0) + 1
    return says(f"heard {turns}: {body['text']}", dialogue={"turns": turns, "epoch": body["epoch"]})


def says(text: str, *commands: Body, dialogue: Body | None = None, **more: Any) -> Body:
    return {"replies": [{"text": text, **more}], "commands": list(commands), "dialogue": dialogue or {}, "reading": {}}


class ScriptedRasa(SmallServer):
    """`answer` makes the answer to a body; `status` other than 200 is answered instead, `hold` is awaited first."""

    def __init__(self) -> None:
        super().__init__()
        self.bodies: list[Body] = []
        self.answer: Callable[[Body], Any] = heard
        self.secret = SECRET
        self.status = 200
        self.error = "component_failed"
        self.hold: Callable[[Body], Awaitable[None]] | None = None
        self.at_once: dict[str, int] = {}
        self.most_at_once = 0
        self.most_at_once_in_one = 0

    @property
    def texts(self) -> list[str]:
        return [body["text"] for body in self.bodies]

    def app(self) -> Starlette:
        return Starlette(routes=[Route("/webhooks/gateway/webhook", self._turn, methods=["POST"])])

    async def _turn(self, request: Request) -> Response:
        if request.headers.get("x-bot-secret") != self.secret:
            return JSONResponse({"error": {"code": "unauthorized"}}, 401)
        body = await request.json()
        self.bodies.append(body)
        conversation = body["conversation"]
        self.at_once[conversation] = self.at_once.get(conversation, 0) + 1
        self.most_at_once = max(self.most_at_once, sum(self.at_once.values()))
        self.most_at_once_in_one = max(self.most_at_once_in_one, self.at_once[conversation])
        try:
            await (self.hold(body) if self.hold else asyncio.sleep(0))
        finally:
            self.at_once[conversation] -= 1
        if self.status != 200:
            return JSONResponse({"error": {"code": self.error, "detail": "scripted"}}, self.status)
        return JSONResponse(self.answer(body))
