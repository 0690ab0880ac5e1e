"""The doors' contract for agents, over the scripted world: queue, conversations, tickets, event stream."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from tests.web.scripted_world import Event, Talk, World

AGENT = {"name": "lin", "display_name": "林晓"}
PASSWORD = "correct horse"


def _problem(status: int, code: str, **more: Any) -> JSONResponse:
    return JSONResponse(
        {"status": status, "code": code, "title": code, "detail": code, **more},
        status,
        media_type="application/problem+json",
    )


def _conversation(talk: Talk) -> dict[str, Any]:
    known = {"id": talk.id, "state": talk.state, "epoch": talk.epoch, "holder": talk.holder, "language": talk.language}
    opened = talk.events[0]["at"]
    return known | {
        "seq": len(talk.events),
        "opened_at": opened,
        "channel": "widget",
        "reason": talk.reason,
        "preview": talk.preview,
        "vouched_as": None,
    }


class ScriptedDesk:
    """The handlers; one agent, `lin`."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.streams: list[asyncio.Queue[tuple[str, Any] | None]] = []
        self.loop: asyncio.AbstractEventLoop | None = None
        world.listeners.append(self._passed_on)

    def waiting_talks(self) -> list[Talk]:
        return [talk for talk in self.world.talks.values() if talk.state == "waiting"]

    def _passed_on(self, event: Event) -> None:
        if self.loop is None:
            return
        for stream in list(self.streams):
            self.loop.call_soon_threadsafe(stream.put_nowait, ("conversation", event))
            if event["type"] == "state":
                self.loop.call_soon_threadsafe(stream.put_nowait, ("waiting", {"count": len(self.waiting_talks())}))

    def _signed_in(self, request: Request) -> bool:
        return request.cookies.get("zhiban_agent") == "token"

    async def handle(self, request: Request) -> Response:
        name = request.scope["endpoint_name"]
        if request.method != "GET" and request.headers.get("x-requested-with") != "zhiban":
            return _problem(403, "header_missing")
        if name != "sign_in" and not self._signed_in(request):
            return _problem(401, "not_signed_in")
        answer: Response = await getattr(self, name)(request)
        return answer

    async def sign_in(self, request: Request) -> Response:
        if await request.json() != {"name": AGENT["name"], "password": PASSWORD}:
            return _problem(401, "sign_in_refused")
        response = Response(status_code=204)
        response.set_cookie("zhiban_agent", "token", httponly=True, samesite="strict")
        return response

    async def sign_out(self, _request: Request) -> Response:
        response = Response(status_code=204)
        response.delete_cookie("zhiban_agent")
        return response

    async def me(self, _request: Request) -> Response:
        available = bool(self.world.presence and self.world.presence[-1])
        duty = {"open": True, "reachable": available, "opens_at": None, "agents": ["lin"] if available else []}
        return JSONResponse(AGENT | {"roles": ["agent"], "available": available, "duty": duty})

    async def presence(self, request: Request) -> Response:
        self.world.presence.append((await request.json())["available"])
        return Response(status_code=204)

    async def waiting(self, _request: Request) -> Response:
        keys = ("language", "reason", "epoch", "preview", "since")
        entries = [
            {"conversation": talk.id, "position": place} | {key: getattr(talk, key) for key in keys}
            for place, talk in enumerate(self.waiting_talks(), 1)
        ]
        return JSONResponse({"waiting": entries})

    async def held(self, _request: Request) -> Response:
        mine = [talk for talk in self.world.talks.values() if talk.holder == AGENT["name"]]
        return JSONResponse({"conversations": [_conversation(talk) for talk in mine]})

    async def events(self, _request: Request) -> Response:
        self.loop = asyncio.get_running_loop()
        queue: asyncio.Queue[tuple[str, Any] | None] = asyncio.Queue()
        self.streams.append(queue)
        queue.put_nowait(("waiting", {"count": len(self.waiting_talks())}))

        async def lines() -> AsyncIterator[str]:
            try:
                while (item := await queue.get()) is not None:
                    yield f"event: {item[0]}\ndata: {json.dumps(item[1])}\n\n"
            finally:
                self.streams.remove(queue)

        return StreamingResponse(lines(), media_type="text/event-stream")

    def end_streams(self) -> None:
        """Close every event stream; the page comes back by itself."""
        for stream in list(self.streams):
            assert self.loop is not None
            self.loop.call_soon_threadsafe(stream.put_nowait, None)

    def _talk(self, request: Request) -> Talk | None:
        talk = self.world.talks.get(request.path_params["id"])
        seen = talk and (talk.state == "waiting" or talk.holder == AGENT["name"] or talk.state == "closed")
        return talk if seen else None

    async def read(self, request: Request) -> Response:
        talk = self._talk(request)
        if talk is None:
            return _problem(404, "conversation_not_found")
        after = int(request.query_params.get("after", 0))
        return JSONResponse({"conversation": _conversation(talk), "events": talk.events[after:]})

    async def claim(self, request: Request) -> Response:
        talk = self.world.talks[request.path_params["id"]]
        if talk.holder not in (None, AGENT["name"]):
            return _problem(409, "handoff_already_claimed", holder=talk.holder)
        return await self._changed(request, "person", "claimed", holder=AGENT["name"])

    async def release(self, request: Request) -> Response:
        return await self._changed(request, "bot", "released")

    async def close(self, request: Request) -> Response:
        return await self._changed(request, "closed", "closed_by_agent")

    async def _changed(self, request: Request, state: str, reason: str, holder: str | None = None) -> Response:
        talk = self.world.talks[request.path_params["id"]]
        if (await request.json()).get("epoch") not in (None, talk.epoch):
            return _problem(409, "conversation_moved_on")
        self.world.change(talk, state, reason, holder=holder)
        return JSONResponse(_conversation(talk))

    async def messages(self, request: Request) -> Response:
        talk = self.world.talks[request.path_params["id"]]
        body = await request.json()
        if body["epoch"] != talk.epoch or talk.holder != AGENT["name"]:
            return _problem(409, "conversation_moved_on")
        if body["message_id"] not in self.world.seen:
            more = {"article": body["article"]} if body.get("article") else {}
            event = self.world.say(talk, "agent", body["text"], AGENT["name"], message_id=body["message_id"], **more)
            self.world.seen[body["message_id"]] = (talk.id, event["seq"])
        return JSONResponse({"conversation": talk.id, "seq": self.world.seen[body["message_id"]][1]}, 202)

    async def suggestions(self, request: Request) -> Response:
        talk = self._talk(request)
        if talk is None:
            return _problem(404, "conversation_not_found")
        said = [
            event["seq"]
            for event in talk.events
            if event["type"] == "message" and event["author"]["role"] == "customer"
        ]
        return JSONResponse({"for_seq": said[-1] if said else len(talk.events), "suggestions": self.world.suggestions})

    async def search(self, request: Request) -> Response:
        words = request.query_params["q"]
        return JSONResponse(
            {
                "articles": [
                    article for article in self.world.articles if words in article["question"] + article["answer"]
                ]
            }
        )

    async def tickets(self, request: Request) -> Response:
        state = request.query_params.get("state", "open")
        wanted = [ticket for ticket in self.world.tickets if (ticket["state"] == "done") == (state == "done")]
        return JSONResponse({"tickets": [ticket for ticket in wanted if state != "due" or ticket["due_at"] < "2026"]})

    async def change_ticket(self, request: Request) -> Response:
        body = await request.json()
        ticket = next(ticket for ticket in self.world.tickets if ticket["id"] == request.path_params["id"])
        if body["version"] != ticket["version"]:
            return _problem(409, "ticket_changed")
        ticket["version"] += 1
        ticket["state"] = body.get("state") or ticket["state"]
        ticket["history"] = [
            *ticket["history"],
            {"at": ticket["updated_at"], "agent": "lin", "state": ticket["state"], "text": body.get("note", "")},
        ]
        return JSONResponse(ticket)


def desk_routes(world: World) -> list[Route]:
    """The routes; the desk itself is `world.desk`, for tests that break its streams."""
    desk = ScriptedDesk(world)
    world.desk = desk  # type: ignore[attr-defined]

    def route(path: str, name: str, method: str = "GET") -> Route:
        async def endpoint(request: Request) -> Response:
            request.scope["endpoint_name"] = name
            return await desk.handle(request)

        return Route(path, endpoint, methods=[method])

    conversation = "/v1/conversations/{id}"
    return [
        route("/v1/desk/sign-in", "sign_in", "POST"),
        route("/v1/desk/sign-out", "sign_out", "POST"),
        route("/v1/desk/me", "me"),
        route("/v1/desk/presence", "presence", "POST"),
        route("/v1/desk/waiting", "waiting"),
        route("/v1/desk/held", "held"),
        route("/v1/desk/events", "events"),
        route("/v1/desk/search", "search"),
        route(conversation, "read"),
        *(route(f"{conversation}/{name}", name, "POST") for name in ("claim", "release", "close", "messages")),
        route(f"{conversation}/suggestions", "suggestions"),
        route("/v1/tickets", "tickets"),
        route("/v1/tickets/{id}", "change_ticket", "PATCH"),
    ]
