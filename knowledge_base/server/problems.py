"""Refusals and errors as RFC 9457 problems; neither the request nor an exception's text is ever echoed."""

from __future__ import annotations

import traceback
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from knowledge_base.article import BadArticle
from knowledge_base.confirmed.question import BadConfirmed
from knowledge_base.encoder_thread import TooBusy
from knowledge_base.importing.report import ImportRefused, UnreadableFile
from knowledge_base.server.knowledge import NotReady
from knowledge_base.store import ArticleChanged, StoreUnavailable
from knowledge_base.suggesting.answered import BadAnswer
from knowledge_base.suggesting.macro import BadMacro
from knowledge_base.suggesting.store import MacroChanged

_log = structlog.get_logger(__name__)


class ArticleNotFound(Exception):
    """Raised for an id under which there is no article."""

    code = "article_not_found"


class VersionMissing(Exception):
    """Raised for an edit that does not say which version it changes."""

    code = "version_missing"


class EditorMissing(Exception):
    """Raised for an import that does not say who does it."""

    code = "editor_missing"


class ImportRunning(Exception):
    """Raised while another import is being worked on here."""

    code = "import_running"


STATUS_FOR: dict[type[Exception], tuple[int, str]] = {
    ArticleNotFound: (404, "There is no such article"),
    ArticleChanged: (412, "The article has been changed meanwhile"),
    BadArticle: (422, "The article cannot be taken in"),
    MacroChanged: (412, "The macro has been changed meanwhile"),
    BadMacro: (422, "The macro cannot be taken in"),
    BadAnswer: (422, "The answer cannot be taken in"),
    BadConfirmed: (422, "The confirmed question cannot be taken in"),
    VersionMissing: (428, "Say which version you change: If-Match with its number, 0 for a new article"),
    EditorMissing: (428, "Say who imports: X-Editor with a name of at most 80 characters"),
    ImportRunning: (409, "Another import is running: try again when it is done"),
    ImportRefused: (422, "Something in the file is broken: nothing was imported"),
    UnreadableFile: (422, "The file cannot be read"),
    NotReady: (503, "The knowledge server is still loading"),
    TooBusy: (503, "The knowledge server has too much to do"),
    StoreUnavailable: (503, "Redis does not answer"),
}


def problem(status: int, code: str, title: str, **more: Any) -> JSONResponse:
    """One problem; 503 comes with Retry-After."""
    body = {"type": "about:blank", "title": title, "status": status, "code": code, "detail": title, **more}
    headers = {"Retry-After": "1"} if status == 503 else None
    return JSONResponse(body, status, headers, media_type="application/problem+json")


def answer_with_problems(app: FastAPI) -> None:
    """Teach `app` to answer every refusal by the table above, and everything else with a plain 500."""
    for kind in STATUS_FOR:
        app.add_exception_handler(kind, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _failed)


async def _refused(_: Request, error: Exception) -> JSONResponse:
    return refusal(error)


def refusal(error: Exception) -> JSONResponse:
    """The problem that stands for one of the errors of the table."""
    status, title = STATUS_FOR[type(error)]
    more: dict[str, Any] = {}
    if isinstance(error, ArticleChanged):
        more = {"version": error.version, "by": error.by, "at": error.at}
    elif isinstance(error, MacroChanged):
        more = {"version": error.version}
    elif isinstance(error, (BadMacro, BadConfirmed)):
        more = {"detail": str(error)}
    elif isinstance(error, BadArticle):
        more = {"detail": f"{error.field}: {error.problem}"}
    elif isinstance(error, UnreadableFile):
        more = {"detail": str(error)}
    elif isinstance(error, ImportRefused):
        more = {"report": error.report.as_json()}
    return problem(status, getattr(error, "code", "refused"), title, **more)


async def _invalid(_: Request, error: Exception) -> JSONResponse:
    errors = error.errors() if isinstance(error, RequestValidationError) else []
    # Places and rules only: what was sent may be a customer's words.
    detail = "; ".join(f"{'.'.join(str(part) for part in item['loc'])}: {item['type']}" for item in errors[:5])
    return problem(422, "bad_request", "The request is not as it should be", detail=detail)


async def _http(_: Request, error: Exception) -> JSONResponse:
    status = error.status_code if isinstance(error, HTTPException) else 500
    codes = {400: "bad_request", 404: "not_found", 405: "method_not_allowed", 413: "too_large"}
    return problem(status, codes.get(status, "refused"), "The request cannot be answered")


async def _failed(_: Request, error: Exception) -> JSONResponse:
    return failure(error)


def failure(error: Exception) -> JSONResponse:
    """The problem that stands for what nobody foresaw, which is logged."""
    # The message of an exception may quote a customer's words; its kind and the lines it went through do not.
    frames = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)]
    _log.error("request_failed", error=type(error).__name__, frames=frames[-8:])
    return problem(500, "internal_error", "Something went wrong here")


def version_of(if_match: str | None) -> int:
    """The version that If-Match names, as `3` or `"3"`. Raises VersionMissing."""
    digits = (if_match or "").strip().removeprefix("W/").strip('"')
    if not digits.isascii() or not digits.isdigit() or len(digits) > 9:
        raise VersionMissing
    return int(digits)
