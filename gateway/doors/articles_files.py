"""The editors' door for whole files: import, with or without a dry run, and export."""

import json
import re
from collections.abc import AsyncIterator
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response, StreamingResponse
from starlette.datastructures import UploadFile

from gateway.doors.agent_identity import own_page_only
from gateway.doors.articles_access import Editing, SignedInEditor, refusal
from gateway.doors.context import TheDoors
from gateway.doors.declared import problems
from gateway.doors.edge import IMPORT_BODY_LIMIT, IMPORT_LIMIT
from gateway.problems import DoorError, describe
from knowledge_base.client import KnowledgeUnavailable
from knowledge_base.editing_client import EditingClient, ImportFile, KnowledgeRefused

router = APIRouter(prefix="/v1/articles", tags=["editors"], dependencies=[Depends(own_page_only)])

_STEPS = "application/x-ndjson"
_SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,8}$")
_FILE = {
    "type": "object",
    "required": ["file"],
    "properties": {"file": {"type": "string", "contentMediaType": "application/octet-stream"}},
}


@router.post(
    "/import",
    max_body_size=IMPORT_BODY_LIMIT,
    response_model=dict[str, Any],
    responses={200: {"content": {_STEPS: {}}}, **problems(400, 401, 403, 409, 412, 413, 422)},
    # The body is read only once it is known who sends it.
    openapi_extra={"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": _FILE}}}},
)
async def import_articles(
    request: Request,
    editor: SignedInEditor,
    editing: Editing,
    doors: TheDoors,
    dry_run: Annotated[bool, Query(description="only say what would change")] = False,
) -> Any:
    """Take in a CSV, XLSX or JSONL file, whole or not at all: a report; as `application/x-ndjson` step by step."""
    file = await _file(request, editor.name, dry_run)
    if _STEPS in request.headers.get("accept", ""):
        return StreamingResponse(_steps(doors.settings.knowledge_url, file), media_type=_STEPS)
    return await editing.take_in(file)


async def _file(request: Request, by: str, dry_run: bool) -> ImportFile:
    async with request.form(max_files=1, max_fields=4) as form:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            raise DoorError("file_missing")
        content = await file.read(IMPORT_LIMIT + 1)
        suffix = _SUFFIX.search(file.filename or "")
    if len(content) > IMPORT_LIMIT:
        raise DoorError("body_too_large")
    return ImportFile(f"articles{suffix.group().lower() if suffix else ''}", content, by, dry_run)


async def _steps(knowledge_url: str, file: ImportFile) -> AsyncIterator[str]:
    """A JSON object a line; what goes wrong on the way is the last of them."""
    try:
        async with EditingClient(knowledge_url) as editing:
            async for step in editing.take_in_step_by_step(file):
                if "problem" in step:
                    raise KnowledgeRefused(int(step["problem"].get("status", 422)), step["problem"])
                yield json.dumps(step) + "\n"
    except (KnowledgeUnavailable, KnowledgeRefused) as error:
        told = refusal(error) if isinstance(error, KnowledgeRefused) else DoorError(error.code)
        yield json.dumps({"problem": describe(told.code, **told.facts)}) + "\n"


@router.get(
    "/export",
    response_class=Response,
    responses={200: {"content": {"application/octet-stream": {}}}, **problems(401, 403, 422)},
)
async def export_articles(
    _editor: SignedInEditor,
    editing: Editing,
    format: Annotated[Literal["csv", "xlsx", "jsonl"], Query()] = "csv",  # noqa: A002 - the parameter's public name
) -> Response:
    """The whole base as a file that the import takes again."""
    async with editing.export(format) as sent:
        content = await sent.aread()
        media_type = sent.headers.get("content-type", "application/octet-stream")
    headers = {"Content-Disposition": f'attachment; filename="articles.{format}"'}
    return Response(content, media_type=media_type, headers=headers)
