"""The app's server: people write through it, Zhiban's answers arrive at it, and it can be told to make trouble."""

import asyncio
import json
import os
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2
from standardwebhooks.webhooks import Webhook, WebhookVerificationError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route


@dataclass
class App:
    """`door` is Zhiban's address for this account. What arrived is kept in `file`, for the app to know it again."""

    door: str
    secret: str
    file: Path
    trouble: dict[str, Any] = field(default_factory=dict)
    attempts: list[str] = field(default_factory=list)

    def routes(self) -> Starlette:
        ways = {"/say": self.say, "/hook": self.hook, "/trouble": self.make_trouble}
        seen = Route("/messages", self.messages)
        return Starlette(routes=[seen, *(Route(path, do, methods=["POST"]) for path, do in ways.items())])

    async def say(self, request: Request) -> Response:
        """{"user", "text"} of somebody who writes: sent on, signed; the door's answer is ours."""
        body = json.dumps({"message_id": str(uuid4()), **await request.json()})
        sent = f"say_{uuid4()}"
        now = datetime.now(timezone.utc)
        signed = {
            "webhook-id": sent,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": Webhook(self.secret).sign(sent, now, body),
        }
        async with httpx2.AsyncClient(trust_env=False) as http:
            answer = await http.post(self.door, content=body, headers=signed, timeout=10)
        return Response(answer.content, answer.status_code, media_type=answer.headers.get("content-type"))

    async def hook(self, request: Request) -> Response:
        """What Zhiban says to somebody. The same webhook-id again is the same message: it is shown once."""
        body = await request.body()
        try:
            message = Webhook(self.secret).verify(body, dict(request.headers))["data"]
        except (WebhookVerificationError, ValueError):
            return JSONResponse({"error": "signature"}, 401)
        self.attempts.append(request.headers["webhook-id"])
        trouble = self._trouble_for(message["user"])
        match trouble.get("kind"):
            case "fail":
                return JSONResponse({"error": "told to"}, trouble.get("status", 500))
            case "limit":
                return Response(status_code=429, headers={"Retry-After": str(trouble["seconds"])})
            case "hang":
                await asyncio.sleep(trouble.get("seconds", 3600))
        self._keep(request.headers["webhook-id"], message)
        if trouble.get("kind") == "die":
            os._exit(1)
        if trouble.get("kind") == "silence":  # it has the message, and does not say so
            await asyncio.sleep(trouble.get("seconds", 3600))
        return Response(status_code=204)

    async def messages(self, request: Request) -> Response:
        """What was shown to ?user=, oldest first, and which ids came how often."""
        shown = [kept["message"] for kept in self._kept() if kept["message"]["user"] == request.query_params["user"]]
        return JSONResponse({"messages": shown, "attempts": self.attempts})

    async def make_trouble(self, request: Request) -> Response:
        """{"kind": "fail|limit|hang|silence|die", "times"?, "user"?, "status"?, "seconds"?}; {} ends it."""
        self.trouble = await request.json()
        return Response(status_code=204)

    def _trouble_for(self, user: str) -> dict[str, Any]:
        trouble = self.trouble
        if not trouble or trouble.get("user", user) != user or trouble.get("times") == 0:
            return {}
        if "times" in trouble:
            trouble["times"] -= 1
        return dict(trouble)

    def _kept(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.file.read_text().splitlines()] if self.file.exists() else []

    def _keep(self, id_: str, message: dict[str, Any]) -> None:
        if all(kept["id"] != id_ for kept in self._kept()):
            with self.file.open("a") as file:
                file.write(json.dumps({"id": id_, "message": message}, ensure_ascii=False) + "\n")
