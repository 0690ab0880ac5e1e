"""The doors' contract for assistance, scripted: suggestions, context, check while typing, search, wrap-up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tests.web.scripted_answers import conversation_of, problem
from tests.web.scripted_world import Talk, now_text

if TYPE_CHECKING:
    from tests.web.scripted_desk import ScriptedDesk

TARGET = 185
OPTIONS: dict[str, Any] = {
    "dispositions": [
        {
            "id": "logistics",
            "title": "物流",
            "children": [{"id": "logistics.late", "title": "延误"}, {"id": "logistics.lost", "title": "丢件"}],
        },
        {"id": "refund", "title": "退款", "children": [{"id": "refund.asked", "title": "要求退款"}]},
    ],
    "categories": [
        {"id": "logistics", "title": "物流", "required": ["order_number", "phone"]},
        {"id": "refunds", "title": "退款", "required": ["order_number"]},
    ],
    "tickets": [
        {"kind": "callback", "due_hours": 24},
        {"kind": "complaint", "due_hours": 48},
        {"kind": "follow_up", "due_hours": 72},
    ],
    "fields": [
        {"name": name, "label": label}
        for name, label in {
            "category": "类别",
            "order_number": "订单号",
            "phone": "电话",
            "product": "商品",
            "request": "客户诉求",
            "promised": "已承诺",
            "deadline": "期限",
        }.items()
    ],
    "target_seconds": TARGET,
}


def handling(talk_seconds: int = 120, after: int = 5) -> dict[str, Any]:
    total = talk_seconds + after
    known = {"talk_seconds": talk_seconds, "after_seconds": after, "total_seconds": total}
    return known | {"target_seconds": TARGET, "within": total <= TARGET}


def last_said(talk: Talk) -> int:
    said = [one["seq"] for one in talk.events if one["type"] == "message" and one["author"]["role"] == "customer"]
    return said[-1] if said else len(talk.events)


def bare_context(talk: Talk) -> dict[str, Any]:
    """The context of a conversation of which nothing is known."""
    known = {"conversation": talk.id, "seq": len(talk.events), "language": talk.language, "wants": None, "summary": []}
    more = {"rewritten": None, "tried": [], "slots": [], "mood": {"now": "calm", "over_time": []}, "earlier": []}
    who = {"name": None, "vouched_as": None, "language": talk.language, "channel": "widget"}
    return known | more | {"customer": who, "tickets": [], "orders": {"state": "none", "orders": []}}


class ScriptedAssist:
    """The handlers, what they answer, and what was asked of them.

    `rules` are {"words","rule","severity","why","better"?}: found where the words are. `contexts` and `forms` are by
    conversation id; `lag` makes the suggestions answer an older message once, `behind` every time.
    """

    def __init__(self, desk: ScriptedDesk) -> None:
        self.desk = desk
        self.world = desk.world
        self.contexts: dict[str, dict[str, Any]] = {}
        self.verified: dict[str, dict[str, Any]] = {}
        self.rules: list[dict[str, Any]] = []
        self.macros: list[dict[str, Any]] = []
        self.forms: dict[str, dict[str, Any]] = {}
        self.outcomes: list[dict[str, Any]] = []
        self.messages: list[dict[str, Any]] = []
        self.checked: list[str] = []
        self.wrapped: list[dict[str, Any]] = []
        self.begun: list[str] = []
        self.abstained: str | None = None
        self.unavailable: set[str] = set()
        self.lag = 0
        self.behind = 0

    def _missing(self, name: str) -> Response | None:
        return problem(503, "knowledge_unavailable") if name in self.unavailable else None

    def _not_seen(self) -> Response:
        return problem(404, "conversation_not_found")

    async def suggestions(self, request: Request) -> Response:
        talk = self.desk.seen_talk(request)
        if talk is None:
            return self._not_seen()
        for_seq = last_said(talk) - self.lag - self.behind
        self.lag = 0
        found = {"for_seq": for_seq, "mood": "calm", "abstained": self.abstained}
        return self._missing("suggestions") or JSONResponse(found | {"suggestions": self.world.suggestions})

    async def outcome(self, request: Request) -> Response:
        self.outcomes.append(await request.json())
        return Response(status_code=204)

    async def context(self, request: Request) -> Response:
        talk = self.desk.seen_talk(request)
        if talk is None:
            return self._not_seen()
        unsure = {"state": "no", "by": None, "at": None, "how": None}
        known = bare_context(talk) | self.contexts.get(talk.id, {})
        told = {"verified": self.verified.get(talk.id, known.get("verified", unsure))}
        return self._missing("context") or JSONResponse(known | told)

    async def verify(self, request: Request) -> Response:
        how = (await request.json())["how"]
        ticked = {"state": "ticked", "by": request.scope["agent"], "at": now_text(), "how": how}
        self.verified[request.path_params["id"]] = ticked
        return JSONResponse(ticked)

    async def unverify(self, request: Request) -> Response:
        unsure = {"state": "no", "by": None, "at": None, "how": None}
        self.verified[request.path_params["id"]] = unsure
        return JSONResponse(unsure)

    # While typing

    def _found(self, text: str) -> list[dict[str, Any]]:
        found = []
        for rule in self.rules:
            at = text.find(rule["words"])
            if at >= 0:
                sentence = rule.get("sentence", rule["words"])
                start = text.find(sentence)
                spans = {"span": [at, at + len(rule["words"])], "sentence": [start, start + len(sentence)]}
                found.append({"better": None} | {k: v for k, v in rule.items() if k != "words"} | spans)
        return found

    async def check(self, request: Request) -> Response:
        text = (await request.json())["text"]
        self.checked.append(text)
        return self._missing("check") or JSONResponse({"for_seq": 1, "findings": self._found(text)})

    def refused(self, body: dict[str, Any]) -> Response | None:
        """Whether a message is kept back: a finding that stops, and nobody has confirmed it."""
        self.messages.append(body)
        confirmed = body.get("confirm", {}).get("rules", [])
        findings = [one for one in self._found(body["text"]) if one["severity"] == "stop"]
        if all(one["rule"] in confirmed for one in findings):
            return None
        return problem(422, "confirmation_needed", findings=findings)

    async def search(self, request: Request) -> Response:
        words = request.query_params["q"]
        articles = [one for one in self.world.articles if words in one["question"] + one["answer"]]
        macros = [one for one in self.macros if words in one["title"] + one["text"]]
        return self._missing("search") or JSONResponse({"articles": articles, "macros": macros})

    # Wrap-up

    async def wrap_up_options(self, _request: Request) -> Response:
        return JSONResponse(OPTIONS)

    def _prefilled(self, conversation: str) -> dict[str, Any]:
        form = {field["name"]: {"value": None, "seq": None} for field in OPTIONS["fields"]}
        known = {"disposition": None, "summary": "", "problems": [], "handling": handling(), "done": False}
        filled = self.forms.get(conversation, {})
        return known | filled | {"form": form | filled.get("form", {})}

    async def wrap_up(self, request: Request) -> Response:
        return JSONResponse(self._prefilled(request.path_params["id"]))

    async def begin_wrap_up(self, request: Request) -> Response:
        self.begun.append(request.path_params["id"])
        return self._missing("wrap_up") or JSONResponse(self._prefilled(request.path_params["id"]))

    def _problems(self, form: dict[str, Any], disposition: str | None) -> list[dict[str, Any]]:
        def wrong(field: str, code: str, why: str) -> dict[str, Any]:
            return {"field": field, "code": code, "severity": "stop", "why": why}

        found = [] if disposition else [wrong("disposition", "required", "请选择归类。")]
        category = next((one for one in OPTIONS["categories"] if one["id"] == form.get("category")), None)
        needed = [field for field in (category or {}).get("required", []) if not form.get(field)]
        found += [wrong(field, "required", "这一类需要填写。") for field in needed]
        order = form.get("order_number")
        if order and not order.startswith("QH"):
            found.append(wrong("order_number", "unknown_order", "没有查到这个订单。"))
        if form.get("phone") and len(form["phone"]) < 11:
            found.append(wrong("phone", "bad_phone", "电话号码不完整。"))
        return found

    async def check_wrap_up(self, request: Request) -> Response:
        body = await request.json()
        return JSONResponse({"problems": self._problems(body["form"], body.get("disposition", "unsaid"))})

    async def finish_wrap_up(self, request: Request) -> Response:
        body = await request.json()
        talk = self.world.talks[request.path_params["id"]]
        if body["epoch"] != talk.epoch:
            return problem(409, "conversation_moved_on")
        found = self._problems(body["form"], body["disposition"])
        if found:
            return problem(422, "wrap_up_refused", problems=found)
        self.wrapped.append(body)
        if body["close"]:
            self.world.change(talk, "closed", "closed_by_agent")
        tickets = [f"T17-{90 + number}" for number, _ticket in enumerate(body["tickets"])]
        done = {"conversation": conversation_of(talk), "tickets": tickets, "handling": handling(120, 35)}
        return JSONResponse(done)


AGENT_CONVERSATION = "/v1/agent/conversations/{id}"
ASSIST_PATHS = [
    ("GET", "/v1/conversations/{id}/suggestions", "suggestions"),
    ("GET", f"{AGENT_CONVERSATION}/suggestions", "suggestions"),
    ("POST", f"{AGENT_CONVERSATION}/suggestions/outcome", "outcome"),
    ("GET", f"{AGENT_CONVERSATION}/context", "context"),
    ("POST", f"{AGENT_CONVERSATION}/verified", "verify"),
    ("DELETE", f"{AGENT_CONVERSATION}/verified", "unverify"),
    ("POST", f"{AGENT_CONVERSATION}/check", "check"),
    ("GET", "/v1/agent/search", "search"),
    ("GET", "/v1/agent/wrap-up/options", "wrap_up_options"),
    ("GET", f"{AGENT_CONVERSATION}/wrap-up", "wrap_up"),
    ("POST", f"{AGENT_CONVERSATION}/wrap-up/begin", "begin_wrap_up"),
    ("POST", f"{AGENT_CONVERSATION}/wrap-up/check", "check_wrap_up"),
    ("POST", f"{AGENT_CONVERSATION}/wrap-up", "finish_wrap_up"),
]
