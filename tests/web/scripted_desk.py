"""The doors' contract for agents, over the scripted world: sign-in, queue, conversations, tickets, event stream."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import yaml
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from tests.web.scripted_answers import AGENTS, conversation_of, problem
from tests.web.scripted_assist import ASSIST_PATHS, ScriptedAssist
from tests.web.scripted_world import Event, Talk, World, now_text

PASSWORD = "correct horse"
RIGHTS = yaml.safe_load((Path(__file__).parents[2] / "desk" / "rights.yml").read_text(encoding="utf-8"))["rights"]
CATEGORIES = [
    {"id": "refunds", "title": {"zh-Hans": "退款", "en": "Refunds"}},
    {"id": "logistics", "title": {"zh-Hans": "物流", "en": "Delivery"}},
]


def rights_of(name: str) -> list[str]:
    return [right for right, roles in RIGHTS.items() if set(roles) & set(AGENTS[name]["roles"])]  # type: ignore[call-overload]


class ScriptedDesk:
    """The handlers. `away` are colleagues who may not be transferred to; `offers` maps a conversation to its offer."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.assist = ScriptedAssist(self)
        self.streams: list[tuple[str, asyncio.Queue[tuple[str, Any] | None]]] = []
        self.loop: asyncio.AbstractEventLoop | None = None
        self.capacity = 5
        self.away: set[str] = set()
        self.offers: dict[str, dict[str, str]] = {}
        self.transfers: list[dict[str, Any]] = []
        self.declined: list[str] = []
        world.listeners.append(self._passed_on)

    def waiting_talks(self) -> list[Talk]:
        """Whoever has a head start before the others, else as they came."""
        waiting = [talk for talk in self.world.talks.values() if talk.state == "waiting"]
        return sorted(waiting, key=lambda talk: -talk.facts.get("head_start", 0))

    # What the streams say

    def _passed_on(self, event: Event) -> None:
        self.tell("conversation", event)
        if event["type"] == "state":
            self.tell("waiting", {"count": len(self.waiting_talks())})

    def tell(self, kind: str, data: Any, to: str | None = None) -> None:
        """Send to every stream, or to those of one agent."""
        for name, stream in list(self.streams):
            if self.loop is not None and to in (None, name):
                self.loop.call_soon_threadsafe(stream.put_nowait, (kind, data))

    def end_streams(self) -> None:
        """Close every event stream; the page comes back by itself."""
        for _name, stream in list(self.streams):
            assert self.loop is not None
            self.loop.call_soon_threadsafe(stream.put_nowait, None)

    async def events(self, request: Request) -> Response:
        self.loop = asyncio.get_running_loop()
        queue: asyncio.Queue[tuple[str, Any] | None] = asyncio.Queue()
        own = (request.scope["agent"], queue)
        self.streams.append(own)
        queue.put_nowait(("waiting", {"count": len(self.waiting_talks())}))

        async def lines() -> AsyncIterator[str]:
            try:
                while (item := await queue.get()) is not None:
                    yield f"event: {item[0]}\ndata: {json.dumps(item[1])}\n\n"
            finally:
                self.streams.remove(own)

        return StreamingResponse(lines(), media_type="text/event-stream")

    # Who calls

    async def handle(self, request: Request) -> Response:
        name = request.scope["endpoint_name"]
        if request.method not in ("GET", "HEAD") and request.headers.get("x-requested-with") != "zhiban":
            return problem(403, "header_missing")
        agent = request.cookies.get("zhiban_agent", "")
        if name != "sign_in" and agent not in AGENTS:
            return problem(401, "not_signed_in")
        request.scope["agent"] = agent
        handler = getattr(self, name, None) or getattr(self.assist, name)
        answer: Response = await handler(request)
        return answer

    async def sign_in(self, request: Request) -> Response:
        asked = await request.json()
        if asked["name"] not in AGENTS or asked["password"] != PASSWORD:
            return problem(401, "sign_in_refused")
        response = Response(status_code=204)
        response.set_cookie("zhiban_agent", asked["name"], httponly=True, samesite="strict")
        return response

    async def sign_out(self, _request: Request) -> Response:
        response = Response(status_code=204)
        response.delete_cookie("zhiban_agent")
        return response

    async def me(self, request: Request) -> Response:
        name = request.scope["agent"]
        available = bool(self.world.presence and self.world.presence[-1])
        duty = {"open": True, "reachable": available, "opens_at": None, "agents": [name] if available else []}
        skills = {"categories": [], "languages": [], "vip": True}
        routing = {"assignment": "pick", "offer_seconds": 20, "categories": ["refunds", "logistics"]}
        facts = {"name": name, "rights": rights_of(name), "skills": skills, "capacity": self.capacity}
        load = {"held": len(self._held(name)), "available": available, "duty": duty, "routing": routing}
        return JSONResponse(facts | load | AGENTS[name])

    async def presence(self, request: Request) -> Response:
        self.world.presence.append((await request.json())["available"])
        return Response(status_code=204)

    # The queue

    def _held(self, name: str) -> list[Talk]:
        return [talk for talk in self.world.talks.values() if talk.holder == name]

    def _entry(self, talk: Talk, place: int, name: str) -> dict[str, Any]:
        keys = ("language", "reason", "epoch", "preview", "since")
        offer = self.offers.get(talk.id)
        seen = offer and {"to": "you" if offer["to"] == name else "colleague", "until": offer["until"]}
        known = {"conversation": talk.id, "position": place, "offered": seen, "category": None, "vip": False}
        more = {"mood": "calm", "head_start": 0, "last_agent": None, "yours": False, "note": "", "transferred_by": None}
        free = {"may_take": seen is None or seen["to"] == "you"}
        facts = {key: value for key, value in talk.facts.items() if key in {*known, *more}}
        return known | more | free | {key: getattr(talk, key) for key in keys} | facts

    async def waiting(self, request: Request) -> Response:
        name = request.scope["agent"]
        entries = [self._entry(talk, place, name) for place, talk in enumerate(self.waiting_talks(), 1)]
        return JSONResponse({"waiting": entries})

    async def held(self, request: Request) -> Response:
        return JSONResponse({"conversations": [conversation_of(talk) for talk in self._held(request.scope["agent"])]})

    async def next(self, request: Request) -> Response:
        name = request.scope["agent"]
        held = len(self._held(name))
        if held >= self.capacity:
            return problem(409, "at_capacity", held=held, capacity=self.capacity)
        free = [talk for talk in self.waiting_talks() if self._entry(talk, 0, name)["may_take"]]
        if not free:
            return Response(status_code=204)
        self.world.change(free[0], "person", "claimed", holder=name)
        return JSONResponse(conversation_of(free[0]))

    async def board(self, request: Request) -> Response:
        if "board.see" not in rights_of(request.scope["agent"]):
            return problem(403, "not_allowed", right="board.see")
        agents = []
        for name, facts in AGENTS.items():
            holds = [
                {"conversation": talk.id, "since": talk.since, "seconds": 75, "category": None, "vip": False}
                | {"language": talk.language, "preview": talk.preview}
                for talk in self._held(name)
            ]
            agents.append({"name": name, "display_name": facts["display_name"], "state": "available", "holds": holds})
        return JSONResponse({"at": now_text(), "waiting": [], "agents": agents})

    async def colleagues(self, request: Request) -> Response:
        others = [
            {"name": name, "display_name": facts["display_name"], "number": facts["number"], "capacity": self.capacity}
            | {"available": name not in self.away, "held": len(self._held(name)), "skills": {}}
            for name, facts in AGENTS.items()
            if name != request.scope["agent"] and "editor" not in facts["roles"]  # type: ignore[operator]
        ]
        return JSONResponse({"colleagues": others, "categories": CATEGORIES})

    # One conversation

    def seen_talk(self, request: Request) -> Talk | None:
        """The talk, if the caller may see it."""
        talk = self.world.talks.get(request.path_params["id"])
        name = request.scope["agent"]
        may = talk and (talk.state in ("waiting", "closed") or talk.holder == name)
        return talk if may or "conversations.see_all" in rights_of(name) else None

    async def read(self, request: Request) -> Response:
        talk = self.seen_talk(request)
        if talk is None:
            return problem(404, "conversation_not_found")
        after = int(request.query_params.get("after", 0))
        return JSONResponse({"conversation": conversation_of(talk), "events": talk.events[after:]})

    async def claim(self, request: Request) -> Response:
        talk = self.world.talks[request.path_params["id"]]
        name = request.scope["agent"]
        if talk.holder not in (None, name):
            return problem(409, "handoff_already_claimed", holder=talk.holder)
        return await self._changed(request, "person", "claimed", holder=name)

    async def release(self, request: Request) -> Response:
        return await self._changed(request, "bot", "released")

    async def close(self, request: Request) -> Response:
        return await self._changed(request, "closed", "closed_by_agent")

    async def decline(self, request: Request) -> Response:
        self.declined.append(request.path_params["id"])
        self.offers.pop(request.path_params["id"], None)
        return Response(status_code=204)

    async def transfer(self, request: Request) -> Response:
        body = await request.json()
        to = body.get("to") or {}
        if to.get("agent") in self.away:
            return problem(409, "agent_away")
        self.transfers.append({key: value for key, value in body.items() if key != "epoch"})
        note = {"note": body["note"]} if body.get("note") else {}
        talk = self.world.talks[request.path_params["id"]]
        talk.facts |= {"transferred_by": request.scope["agent"], "note": body.get("note", "")}
        return await self._changed(request, "waiting", "transferred", **note)

    async def take_over(self, request: Request) -> Response:
        name = request.scope["agent"]
        if "conversations.take_over" not in rights_of(name):
            return problem(404, "conversation_not_found")
        talk = self.world.talks[request.path_params["id"]]
        more = {"former": talk.holder} if talk.holder else {}
        return await self._changed(request, "person", "taken_over", holder=name, **more)

    async def _changed(
        self, request: Request, state: str, reason: str, holder: str | None = None, **more: Any
    ) -> Response:
        talk = self.world.talks[request.path_params["id"]]
        if (await request.json()).get("epoch") not in (None, talk.epoch):
            return problem(409, "conversation_moved_on")
        self.world.change(talk, state, reason, holder=holder, **more)
        return JSONResponse(conversation_of(talk))

    async def messages(self, request: Request) -> Response:
        talk = self.world.talks[request.path_params["id"]]
        body = await request.json()
        if body["epoch"] != talk.epoch or talk.holder != request.scope["agent"]:
            return problem(409, "conversation_moved_on")
        refused = self.assist.refused(body)
        if refused:
            return refused
        if body["message_id"] not in self.world.seen:
            more = {key: body[key] for key in ("article",) if body.get(key)}
            name = request.scope["agent"]
            event = self.world.say(talk, "agent", body["text"], name, message_id=body["message_id"], **more)
            self.world.seen[body["message_id"]] = (talk.id, event["seq"])
        return JSONResponse({"conversation": talk.id, "seq": self.world.seen[body["message_id"]][1]}, 202)

    # Tickets

    async def tickets(self, request: Request) -> Response:
        state = request.query_params.get("state", "open")
        wanted = [ticket for ticket in self.world.tickets if (ticket["state"] == "done") == (state == "done")]
        return JSONResponse({"tickets": [ticket for ticket in wanted if state != "due" or ticket["due_at"] < "2026"]})

    async def change_ticket(self, request: Request) -> Response:
        body = await request.json()
        ticket = next(ticket for ticket in self.world.tickets if ticket["id"] == request.path_params["id"])
        if body["version"] != ticket["version"]:
            return problem(409, "ticket_changed")
        ticket["version"] += 1
        ticket["state"] = body.get("state") or ticket["state"]
        note = {"at": ticket["updated_at"], "agent": "lin", "state": ticket["state"], "text": body.get("note", "")}
        ticket["history"] = [*ticket["history"], note]
        return JSONResponse(ticket)


CONVERSATION = "/v1/conversations/{id}"
PATHS = [
    ("POST", "/v1/desk/sign-in", "sign_in"),
    ("POST", "/v1/desk/sign-out", "sign_out"),
    ("GET", "/v1/desk/me", "me"),
    ("POST", "/v1/desk/presence", "presence"),
    ("GET", "/v1/desk/waiting", "waiting"),
    ("GET", "/v1/desk/held", "held"),
    ("GET", "/v1/desk/events", "events"),
    ("GET", "/v1/desk/board", "board"),
    ("GET", "/v1/desk/colleagues", "colleagues"),
    ("POST", "/v1/agent/next", "next"),
    ("GET", CONVERSATION, "read"),
    ("POST", f"{CONVERSATION}/take-over", "take_over"),
    *(
        ("POST", f"{CONVERSATION}/{name}", name)
        for name in ("claim", "release", "close", "decline", "transfer", "messages")
    ),
    ("GET", "/v1/tickets", "tickets"),
    ("PATCH", "/v1/tickets/{id}", "change_ticket"),
]


def desk_routes(world: World) -> list[Route]:
    """The routes; the desk itself is `world.desk`, for tests that look at it or break its streams."""
    desk = ScriptedDesk(world)
    world.desk = desk  # type: ignore[attr-defined]

    def route(method: str, path: str, name: str) -> Route:
        async def endpoint(request: Request) -> Response:
            request.scope["endpoint_name"] = name
            return await desk.handle(request)

        return Route(path, endpoint, methods=[method])

    return [route(*one) for one in (*PATHS, *ASSIST_PATHS)]
