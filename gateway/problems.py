"""Every refusal and failure as an RFC 9457 problem: one table, and the handlers that answer from it."""

import http
from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from desk import DeskError
from desk.times import to_text

MEDIA_TYPE = "application/problem+json"
INTERNAL = "internal_error"

# What is wrong and what would be right. Nothing of the request is ever repeated here.
PROBLEMS: dict[str, tuple[int, str]] = {
    "bad_json": (400, "The body is not valid JSON in UTF-8."),
    "bad_request": (400, "The request could not be read."),
    "session_invalid": (401, "A valid session is needed: POST /v1/sessions gives one."),
    "api_key_invalid": (401, "This API key is not known."),
    "signature_refused": (401, "No account of this name has signed this within the last five minutes."),
    "not_signed_in": (401, "Sign in first: POST /v1/desk/sign-in."),
    "sign_in_refused": (401, "The name or the password is wrong."),
    "vouch_refused": (403, "The vouching signature is missing, wrong or too old, or vouching is off."),
    "header_missing": (403, "This request needs the header X-Requested-With: zhiban."),
    "foreign_origin": (403, "This request comes from a page of another site."),
    "not_allowed": (403, "Your account lacks the right that `right` names."),
    "password_wrong": (403, "The present password is wrong."),
    "not_admin": (403, "Only an administrator may do this."),
    "not_editor": (403, "Only an editor or an administrator may do this."),
    "not_found": (404, "There is nothing here."),
    "article_not_found": (404, "There is no such article."),
    "conversation_not_found": (404, "There is no such conversation, or you may not see it."),
    "agent_not_found": (404, "There is no such agent."),
    "ticket_not_found": (404, "There is no such ticket."),
    "letter_not_found": (404, "There is no such dead letter."),
    "attachment_not_found": (404, "There is no such attachment, or you may not see it."),
    "method_not_allowed": (405, "This path does not take this method."),
    "conversation_moved_on": (409, "The conversation has changed; read it again and repeat with its epoch."),
    "handoff_already_claimed": (409, "Somebody else has taken this conversation."),
    "handoff_offered": (409, "The conversation is offered to a colleague until the moment in `until`."),
    "at_capacity": (409, "You hold as many conversations as you should: `held` of `capacity`."),
    "agent_away": (409, "This colleague is not here now."),
    "account_changed": (409, "The account has changed; read it again and repeat with its version."),
    "last_admin": (409, "Somebody must be able to manage accounts: this is the last one who can."),
    "opening_hours_changed": (409, "Somebody else has changed the opening hours; read them again."),
    "import_running": (409, "Somebody else is importing; try again when that is done."),
    "name_taken": (409, "An agent with this name exists."),
    "ticket_changed": (409, "The ticket has changed; read it again and repeat with its version."),
    "wrapped_up_already": (409, "This case is wrapped up already."),
    "macro_changed": (412, "The macro has changed; read it again and repeat with its version."),
    "article_changed": (412, "The article has changed; `current` is how it stands now: repeat with its version."),
    "body_too_large": (413, "The body is too large: 64 KiB; 1 MiB for an article, 2 for a picture, 20 for an import."),
    "unsupported_picture": (415, "Only PNG, JPEG, GIF and WebP pictures are taken."),
    "invalid": (422, "Some fields are missing or wrong; `errors` names them."),
    "confirmation_needed": (422, "The rules keep this text in; `findings` says why: mend it, or send `confirm`."),
    "wrap_up_refused": (422, "The contact form is not complete; `problems` names the fields."),
    "bad_macro": (422, "The macro cannot be taken in."),
    "bad_article": (422, "The article cannot be taken in."),
    "file_missing": (422, "The form needs the field `file` with a file."),
    "import_refused": (422, "Nothing was imported: rows are broken; `report` names them."),
    "unknown_category": (422, "There is no such category: GET /v1/desk/colleagues lists them."),
    "bad_opening_hours": (422, "The opening hours cannot be read."),
    "unreadable_file": (422, "The file cannot be read as CSV, XLSX or JSONL."),
    "knowledge_refused": (422, "The knowledge server does not take this."),
    "empty_message": (422, "A message needs a text, a payload or an attachment."),
    "too_long": (422, "The text is too long."),
    "weak_password": (422, "The password is too short: 10 characters at least."),
    "version_missing": (428, "Say which version you change: If-Match with its number, 0 for a new article."),
    "too_many_attempts": (429, "Too many failed attempts; try again after the seconds in Retry-After."),
    "rate_limited": (429, "Too many requests; try again after the seconds in Retry-After."),
    INTERNAL: (500, "Something went wrong on our side. It has been recorded."),
    "desk_error": (500, "Something went wrong on our side. It has been recorded."),
    "lease_lost": (500, "Something went wrong on our side. It has been recorded."),
    "store_unsuitable": (500, "Something went wrong on our side. It has been recorded."),
    "settings_wrong": (500, "Something went wrong on our side. It has been recorded."),
    "busy": (503, "Too many messages wait just now; send yours again after the seconds in Retry-After."),
    "store_unavailable": (503, "The store cannot be reached; try again after the seconds in Retry-After."),
    "not_acknowledged": (503, "The write was not confirmed; repeat it with the same id."),
    "knowledge_unavailable": (503, "The knowledge server cannot be reached; try again soon."),
    "closing": (503, "This server is about to stop; try again after the seconds in Retry-After."),
}
_CODE_OF_STATUS = {404: "not_found", 405: "method_not_allowed", 413: "body_too_large"}
_RETRY_SECONDS = 2

_log = structlog.get_logger()


class FieldError(BaseModel):
    """One field that is wrong."""

    field: str
    message: str


class Problem(BaseModel):
    """The body of every refusal (RFC 9457)."""

    type: str = Field(examples=["urn:zhiban:problem:conversation_not_found"])
    title: str
    status: int
    code: str
    detail: str
    holder: str | None = None
    right: str | None = None
    until: str | None = None
    held: int | None = None
    capacity: int | None = None
    errors: list[FieldError] | None = None


class DoorError(Exception):
    """A refusal that a door makes on purpose; `code` is a key of PROBLEMS."""

    def __init__(
        self,
        code: str,
        retry_after: int | None = None,
        cause: str | None = None,
        facts: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.retry_after = retry_after
        self.cause = cause
        self.facts = facts or {}


def describe(code: str, **extra: Any) -> dict[str, Any]:
    """The problem document of `code`; an unknown code reads as an internal error."""
    code = code if code in PROBLEMS else INTERNAL
    status, detail = PROBLEMS[code]
    title = http.HTTPStatus(status).phrase
    kind = f"urn:zhiban:problem:{code}"
    return {"type": kind, "title": title, "status": status, "code": code, "detail": detail, **extra}


def problem_response(
    code: str, *, headers: Mapping[str, str] | None = None, retry_after: int | None = None, **extra: Any
) -> JSONResponse:
    body = describe(code, **extra)
    sent = dict(headers or {})
    if body["status"] in (429, 503):
        sent["Retry-After"] = str(retry_after or _RETRY_SECONDS)
    if body["status"] == 401:
        sent.setdefault("WWW-Authenticate", "Bearer")
    return JSONResponse(body, status_code=body["status"], headers=sent, media_type=MEDIA_TYPE)


def answer_problems(app: FastAPI) -> None:
    """Make `app` answer every exception with a problem."""
    app.add_exception_handler(DoorError, _door_refusal)
    app.add_exception_handler(DeskError, _desk_refusal)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http_refusal)
    app.add_exception_handler(Exception, _unknown_error)


def code_of(error: BaseException) -> str:
    """The code under which `error` is answered."""
    code = getattr(error, "code", INTERNAL) if isinstance(error, (DoorError, DeskError)) else INTERNAL
    return code if code in PROBLEMS else INTERNAL


async def _door_refusal(_request: Request, error: Exception) -> JSONResponse:
    refusal = cast("DoorError", error)
    return problem_response(refusal.code, retry_after=refusal.retry_after, **refusal.facts)


async def _desk_refusal(request: Request, error: Exception) -> JSONResponse:
    code = code_of(error)
    if PROBLEMS[code][0] == 503:
        cause = f"{type(error.__cause__).__name__}: {error}"
        _log.warning("desk_refused", code=code, method=request.method, cause=cause)
    elif PROBLEMS[code][0] == 500:
        _log.error("desk_refused", code=code, method=request.method, exc_info=error)
    return problem_response(code, **_facts(error))


def _facts(error: Exception) -> dict[str, Any]:
    """What a refusal of the desk says beside its code."""
    facts = {name: getattr(error, name, None) for name in ("holder", "held", "capacity", "until")}
    return {name: to_text(v) if isinstance(v, datetime) else v for name, v in facts.items() if v is not None}


async def _invalid(_request: Request, error: Exception) -> JSONResponse:
    found = cast("RequestValidationError", error).errors()
    if any(item["type"] == "json_invalid" for item in found):
        return problem_response("bad_json")
    return problem_response("invalid", errors=field_errors(found))


def field_errors(found: Any) -> list[dict[str, str]]:
    """Where and why, never with what: the input stays out, and so do keys that the client made up."""
    return [{"field": _place(item), "message": _reason(item)} for item in found[:20]]


def _place(item: Any) -> str:
    path = [str(part) for part in item["loc"]]
    if item["type"] == "extra_forbidden":
        path = path[:-1]
    return ".".join(path)[:100].encode("utf-8", "replace").decode()


def _reason(item: Any) -> str:
    return str(item["msg"]) if item["type"] not in ("value_error", "assertion_error") else "The value is not allowed"


async def _http_refusal(_request: Request, error: Exception) -> JSONResponse:
    refusal = cast("HTTPException", error)
    code = _CODE_OF_STATUS.get(refusal.status_code, "bad_request" if refusal.status_code < 500 else INTERNAL)
    return problem_response(code, headers=refusal.headers)


async def _unknown_error(_request: Request, _error: Exception) -> JSONResponse:
    """Only the answer: the edge of the doors, which the exception reaches next, records it."""
    return problem_response(INTERNAL)
