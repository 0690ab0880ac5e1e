"""Import, export and history of articles over HTTP."""

from __future__ import annotations

import asyncio
import contextlib
import json
import tempfile
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import unquote

import numpy as np
from fastapi import APIRouter, File, Header, Query, Request, Response, UploadFile
from fastapi.responses import FileResponse, JSONResponse, StreamingResponse
from starlette.background import BackgroundTask

from knowledge_base.bulk_store import BulkStore
from knowledge_base.importing.collisions import Asked, Texts
from knowledge_base.importing.exporting import write
from knowledge_base.importing.importer import Importer, Progress, stored
from knowledge_base.importing.report import Report
from knowledge_base.search import Entry
from knowledge_base.server.knowledge import Knowledge
from knowledge_base.server.limits import MOST_IMPORT_BYTES
from knowledge_base.server.problems import (
    STATUS_FOR,
    ArticleNotFound,
    EditorMissing,
    ImportRunning,
    failure,
    refusal,
)
from knowledge_base.shipped import read_articles
from knowledge_base.store import SHIPPED

_LONGEST_NAME = 80
_COPY_BYTES = 1 << 20
_ROWS_AT_ONCE = 4096
_LINES = "application/x-ndjson"
_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "jsonl": _LINES,
}

Format = Literal["csv", "xlsx", "jsonl"]


@dataclass(frozen=True)
class _Blocks:
    """The texts of all articles but some, a few thousand at a time."""

    entries: Sequence[Entry]
    without: frozenset[str]

    def __iter__(self) -> Iterator[Texts]:
        asked: list[Asked] = []
        vectors = []
        for entry in self.entries:
            if entry.article_id in self.without or not entry.phrasings:
                continue
            asked += [Asked(entry.article_id, text) for text in entry.phrasings]
            vectors.append(entry.vectors)
            if len(asked) >= _ROWS_AT_ONCE:
                yield Texts(asked, np.concatenate(vectors))
                asked, vectors = [], []
        if asked:
            yield Texts(asked, np.concatenate(vectors))


class Imports:
    """One import at a time: each may hold tens of megabytes."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge
        self._store: BulkStore | None = None
        self._importer: Importer | None = None
        self._busy = asyncio.Lock()

    def store(self) -> BulkStore:
        if self._store is None:
            settings = self._knowledge.settings
            self._store = BulkStore(settings.redis_url or "", settings.namespace)
        return self._store

    async def aclose(self) -> None:
        if self._store is not None:
            await self._store.aclose()

    async def run(self, path: Path, editor: str | None, progress: Progress) -> Report:
        """Plan, and apply when there is an editor."""
        if self._busy.locked():
            raise ImportRunning
        async with self._busy:
            self._knowledge.base()
            importer = self._made()
            plan = await importer.plan(path, progress)
            if editor is None:
                return plan.report
            return await importer.apply(plan, editor, self._knowledge.clock(), progress)

    def _made(self) -> Importer:
        if self._importer is None:
            thread = self._knowledge.thread()
            self._importer = Importer(self.store(), thread.vectors, self._known, read_articles())
        return self._importer

    async def _known(self, without: frozenset[str], _: Progress) -> Iterable[Texts]:
        return _Blocks(await self._knowledge.base().entries(), without)


def import_routes(knowledge: Knowledge) -> APIRouter:
    """The routes; the connection they use is closed when the server ends."""
    imports = Imports(knowledge)

    @contextlib.asynccontextmanager
    async def lifespan(_: Any) -> AsyncIterator[None]:
        try:
            yield
        finally:
            await imports.aclose()

    router = APIRouter(prefix="/v1", lifespan=lifespan)

    @router.post("/import", max_body_size=MOST_IMPORT_BYTES)
    async def take_in(
        request: Request,
        file: Annotated[UploadFile, File()],
        dry_run: Annotated[bool, Query()] = False,
        x_editor: Annotated[str | None, Header()] = None,
        by: Annotated[str | None, Query()] = None,
    ) -> Response:
        editor = None if dry_run else _editor(by if x_editor is None else unquote(x_editor))
        path = await _kept(file)

        async def work(progress: Progress) -> Report:
            return await imports.run(path, editor, progress)

        if _LINES in request.headers.get("accept", ""):
            return StreamingResponse(_lines(work, path), media_type=_LINES)
        try:
            return JSONResponse((await work(lambda *_: None)).as_json())
        finally:
            path.unlink(missing_ok=True)

    @router.get("/export")
    async def export(file_format: Annotated[Format, Query(alias="format")] = "csv") -> Response:
        store = imports.store()
        editions = await stored(store, sorted(await store.versions()))
        path = _new_path()
        await asyncio.to_thread(write, [edition.article for edition in editions.values()], file_format, path)
        gone = BackgroundTask(path.unlink, missing_ok=True)
        return FileResponse(path, 200, None, _TYPES[file_format], gone, f"articles.{file_format}")

    @router.get("/articles/{article_id}/history")
    async def history(article_id: str) -> Response:
        past = await imports.store().history(article_id)
        if not past:
            raise ArticleNotFound
        versions = [
            {"version": one.version, "at": one.at, "by": one.by, "article": one.article.as_json()} for one in past
        ]
        return JSONResponse({"id": article_id, "versions": versions})

    return router


async def _lines(work: Callable[[Progress], Any], path: Path) -> AsyncIterator[str]:
    """Progress as it is made, then the report or the problem; ends the work when nobody listens any more."""
    queue: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

    async def worked() -> None:
        try:
            report = await work(lambda step, done, total: queue.put_nowait(_progress(step, done, total)))
            queue.put_nowait({"report": report.as_json()})
        except Exception as error:  # noqa: BLE001 - the answer has begun: the last line has to say it
            answer = refusal(error) if type(error) in STATUS_FOR else failure(error)
            queue.put_nowait({"problem": json.loads(bytes(answer.body))})

    task = asyncio.create_task(worked())
    try:
        while True:
            line = await queue.get()
            yield json.dumps(line, ensure_ascii=False) + "\n"
            if "progress" not in line:
                return
    finally:
        task.cancel()
        path.unlink(missing_ok=True)  # noqa: ASYNC240 - a temporary file, gone at once


def _progress(step: str, done: int, total: int) -> dict[str, Any]:
    return {"progress": {"step": step, "done": done, "total": total}}


def _editor(name: str | None) -> str:
    plain = (name or "").strip()
    if not plain or len(plain) > _LONGEST_NAME or plain == SHIPPED or not plain.isprintable():
        raise EditorMissing
    return plain


def _new_path() -> Path:
    with tempfile.NamedTemporaryFile(prefix="zhiban-", delete=False) as file:
        return Path(file.name)


async def _kept(file: UploadFile) -> Path:
    path = _new_path()
    with path.open("wb") as kept:
        while piece := await file.read(_COPY_BYTES):
            kept.write(piece)
    return path
