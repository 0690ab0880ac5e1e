"""What the scripted doors answer with: problems, agents and conversations in the doors' shapes."""

from typing import Any

from starlette.responses import JSONResponse

from tests.web.scripted_world import Talk

AGENTS = {
    "lin": {"display_name": "林晓", "roles": ["agent"], "number": 101},
    "wang": {"display_name": "王主管", "roles": ["agent", "supervisor"], "number": 102},
    "chen": {"display_name": "陈编辑", "roles": ["editor"], "number": 103},
}


def problem(status: int, code: str, **more: Any) -> JSONResponse:
    body = {"status": status, "code": code, "title": code, "detail": code, **more}
    return JSONResponse(body, status, media_type="application/problem+json")


def conversation_of(talk: Talk) -> dict[str, Any]:
    keys = ("id", "state", "epoch", "holder", "language", "reason", "preview")
    known = {key: getattr(talk, key) for key in keys}
    holder = AGENTS.get(talk.holder or "", {})
    more = {"category": None, "vip": False, "display_name": holder.get("display_name"), "vouched_as": None}
    return known | more | {"seq": len(talk.events), "opened_at": talk.events[0]["at"], "channel": "widget"} | talk.facts
