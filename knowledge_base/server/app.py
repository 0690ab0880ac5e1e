"""The HTTP door: each handler reads, asks and answers."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from typing import Annotated, Any

import structlog
from fastapi import APIRouter, FastAPI, Header, Query, Request, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.types import ASGIApp

from knowledge_base.article import parse_article
from knowledge_base.live_base import Before
from knowledge_base.server.bodies import (
    ArticleEdit,
    ArticleList,
    EmbeddingsRequest,
    EncoderBody,
    Language,
    Question,
    SavedArticle,
)
from knowledge_base.server.confirmed import confirmed_routes
from knowledge_base.server.imports import import_routes
from knowledge_base.server.knowledge import Knowledge
from knowledge_base.server.limits import MOST_BYTES, AnnouncedLength
from knowledge_base.server.metrics import Metrics
from knowledge_base.server.problems import ArticleNotFound, answer_with_problems, problem, version_of
from knowledge_base.server.suggesting import suggesting_routes
from knowledge_base.understanding import RenderedArticle, Understanding

_log = structlog.get_logger(__name__)


def create_app(knowledge: Knowledge, on_failure: Callable[[], None] = lambda: None) -> ASGIApp:
    """The server's application; it loads `knowledge` when started and calls `on_failure` if that ends."""
    app = FastAPI(
        title="Zhiban knowledge server",
        version="1",
        lifespan=lambda _: _running(knowledge, on_failure),
        max_body_size=MOST_BYTES,
    )
    app.include_router(_encoder_routes(knowledge, metrics := Metrics(knowledge)))
    app.include_router(_health_routes(knowledge, metrics))
    if not knowledge.encoder_only:
        app.include_router(_understanding_routes(knowledge, metrics))
        app.include_router(_article_routes(knowledge))
        app.include_router(import_routes(knowledge))
        app.include_router(suggesting_routes(knowledge))
        app.include_router(confirmed_routes(knowledge))
    answer_with_problems(app)
    return AnnouncedLength(app)


@contextlib.asynccontextmanager
async def _running(knowledge: Knowledge, on_failure: Callable[[], None]) -> AsyncIterator[None]:
    def ended(task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (error := task.exception()):
            cause = error.exceptions[0] if isinstance(error, ExceptionGroup) else error
            _log.error("knowledge_failed", error=type(cause).__name__, detail=str(cause))
            on_failure()

    task = asyncio.create_task(knowledge.run())
    task.add_done_callback(ended)
    yield
    task.cancel()
    await asyncio.wait([task])


def _understanding_routes(knowledge: Knowledge, metrics: Metrics) -> APIRouter:
    router = APIRouter()

    @router.post("/understand", response_model=Understanding)
    async def understand(question: Question) -> Response:
        began = time.perf_counter()
        base = knowledge.base()
        context = question.context
        understanding = await base.understand(
            question.text,
            question.language,
            question.audience,
            explain=question.explain,
            before=Before(tuple(context.articles), context.text) if context else None,
        )
        metrics.seconds.observe(time.perf_counter() - began)
        metrics.outcomes.labels(understanding.outcome).inc()
        return JSONResponse(understanding.as_json())

    return router


def _article_routes(knowledge: Knowledge) -> APIRouter:
    router = APIRouter(prefix="/v1/articles")

    @router.get("", response_model=ArticleList)
    async def list_articles() -> Response:
        base = knowledge.base()
        articles = [{**edition.article.as_json(), "version": edition.version} for edition in base.editions()]
        return JSONResponse({"base_version": str(base.revision), "articles": articles})

    @router.get("/{article_id}", response_model=RenderedArticle)
    async def read_article(article_id: str, language: Annotated[Language, Query()] = "zh-Hans") -> Response:
        article = knowledge.base().article(article_id, language)
        if article is None:
            raise ArticleNotFound
        return JSONResponse(article.as_json(), headers={"ETag": f'"{article.version}"'})

    @router.put("/{article_id}", response_model=SavedArticle)
    async def save_article(
        article_id: str, edit: ArticleEdit, if_match: Annotated[str | None, Header()] = None
    ) -> Response:
        expected = version_of(if_match)
        article = parse_article({**edit.model_dump(exclude={"by"}), "id": article_id})
        version = await knowledge.base().change(article, expected, edit.by)
        return JSONResponse({"id": article.id, "version": version}, headers={"ETag": f'"{version}"'})

    return router


def _encoder_routes(knowledge: Knowledge, metrics: Metrics) -> APIRouter:
    router = APIRouter(prefix="/v1")

    @router.get("/encoder", response_model=EncoderBody)
    async def encoder() -> Response:
        return JSONResponse(knowledge.thread().identity.as_json())

    @router.post("/embeddings")
    async def embeddings(request: EmbeddingsRequest) -> Response:
        thread, texts = knowledge.thread(), request.texts()
        vectors = await thread.vectors(texts)
        metrics.embedded.inc(len(texts))
        return JSONResponse(_embeddings(vectors, thread.identity.name, request.encoding_format))

    return router


def _health_routes(knowledge: Knowledge, metrics: Metrics) -> APIRouter:
    router = APIRouter()

    @router.get("/healthz")
    async def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @router.get("/readyz")
    async def readyz(_: Request) -> Response:
        if not knowledge.ready:
            return problem(503, "not_ready", knowledge.progress)
        body: dict[str, Any] = {"status": "ok", "encoder": knowledge.thread().identity.as_json()}
        if not knowledge.encoder_only:
            base = knowledge.base()
            body |= {"articles": len(base), "base_version": str(base.revision), "following": base.following}
        return JSONResponse(body)

    @router.get("/metrics")
    async def exposition() -> Response:
        return Response(metrics.exposition(), media_type=CONTENT_TYPE_LATEST)

    return router


def _embeddings(vectors: Any, model: str, encoding_format: str) -> dict[str, Any]:
    def packed(row: Any) -> Any:
        return base64.b64encode(row.astype("<f4").tobytes()).decode() if encoding_format == "base64" else row.tolist()

    data = [{"object": "embedding", "index": place, "embedding": packed(row)} for place, row in enumerate(vectors)]
    return {"object": "list", "model": model, "data": data, "usage": {"prompt_tokens": 0, "total_tokens": 0}}
