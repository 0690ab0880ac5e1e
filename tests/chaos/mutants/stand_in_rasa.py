"""A stand-in for Rasa behind the same HTTP interface, a program of its own: `python -m ...stand_in_rasa PORT SECRET`.

It repeats what it heard and tells the epoch in which it was asked. A text may say `hold:2`: the first two requests with
this message are held until they are let go. GET /held lists them, POST /let-go/{number} lets one go.
"""

import asyncio
import re
import sys
from dataclasses import dataclass, field

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

_HOLD = re.compile(r"hold:(\d)")
_LONGEST_HOLD = 20.0


@dataclass
class StandIn:
    """How often each message was asked about, and the requests that are held, by number."""

    secret: str
    asked: dict[str, int] = field(default_factory=dict)
    held: dict[int, tuple[str, asyncio.Event]] = field(default_factory=dict)
    last: int = 0

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/webhooks/gateway/webhook", self._turn, methods=["POST"]),
                Route("/webhooks/gateway/", self._ready),
                Route("/held", self._list),
                Route("/let-go/{number:int}", self._let_go, methods=["POST"]),
            ]
        )

    async def _turn(self, request: Request) -> Response:
        if request.headers.get("x-bot-secret") != self.secret:
            return JSONResponse({"error": {"code": "unauthorized"}}, 401)
        body = await request.json()
        await self._hold(body["message_id"], body["text"])
        text = f"heard {body['text']} ⟦epoch {body['epoch']}⟧"
        return JSONResponse({"replies": [{"text": text}], "commands": [], "dialogue": {}, "reading": {}})

    async def _hold(self, message_id: str, text: str) -> None:
        times = self.asked[message_id] = self.asked.get(message_id, 0) + 1
        wanted = _HOLD.search(text)
        if not wanted or times > int(wanted[1]):
            return
        self.last += 1
        number, event = self.last, asyncio.Event()
        self.held[number] = (message_id, event)
        try:
            await asyncio.wait_for(event.wait(), _LONGEST_HOLD)
        finally:
            del self.held[number]

    async def _ready(self, _: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def _list(self, _: Request) -> Response:
        return JSONResponse({number: message_id for number, (message_id, _) in self.held.items()})

    async def _let_go(self, request: Request) -> Response:
        held = self.held.get(request.path_params["number"])
        if held:
            held[1].set()
        return JSONResponse({})


if __name__ == "__main__":
    uvicorn.run(StandIn(sys.argv[2]).app(), host="127.0.0.1", port=int(sys.argv[1]), log_level="warning")
