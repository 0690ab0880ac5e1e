"""The clients of the knowledge server, async (aiohttp: a quarter of httpx2's CPU) and sync; valid on Python 3.10."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Any, NamedTuple, TypeVar
from urllib.parse import quote

import aiohttp
import httpx2

from knowledge_base.understanding import (
    ANSWER,
    CHOICE,
    UNKNOWN,
    ArticleMatch,
    EncoderIdentity,
    RenderedArticle,
    Understanding,
    unpack_vector,
)

__all__ = [
    "ANSWER",
    "CHOICE",
    "UNKNOWN",
    "ArticleMatch",
    "EncoderIdentity",
    "KnowledgeClient",
    "KnowledgeUnavailable",
    "RenderedArticle",
    "SyncKnowledgeClient",
    "Understanding",
    "unpack_vector",
]

DEFAULT_URL = "http://127.0.0.1:8090"
CONNECT_SECONDS = 0.5
READ_SECONDS = 2.0
EMBED_SECONDS = 60.0
EMBED_BATCH = 128

_Result = TypeVar("_Result")


class KnowledgeUnavailable(Exception):
    """The knowledge server gave no usable answer: refused, too late, failing, or it rejected the request."""

    code = "knowledge_unavailable"


class _Response(NamedTuple):
    status: int
    body: bytes


class KnowledgeClient:
    """The knowledge server from asyncio; use as a context manager or call `aclose`."""

    def __init__(self, url: str = DEFAULT_URL) -> None:
        self._url = url.rstrip("/")
        self._session: aiohttp.ClientSession | None = None  # made in the loop that uses it

    async def __aenter__(self) -> KnowledgeClient:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def understand(
        self,
        text: str,
        language: str | None = None,
        audience: str = "customer",
        timeout: float = 0.3,
        answered: Sequence[str] = (),
        said_before: str = "",
    ) -> Understanding:
        """What `text` asks for, within `timeout` seconds in all.

        `answered` are the ids of the articles answered last and `said_before` is the customer's text before this one:
        with them a short continuation keeps its topic.
        """
        question = _question(text, language, audience, answered, said_before)
        response = await self._send("POST", "/understand", timeout, json=question)
        return _read(response, Understanding.from_json)

    async def article(self, article_id: str, language: str | None = None) -> RenderedArticle | None:
        """One article in `language`, or None when there is none of that id."""
        response = await self._send("GET", _article_path(article_id), READ_SECONDS, params=_in(language))
        return None if response.status == 404 else _read(response, RenderedArticle.from_json)

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """One vector a text, in the same order."""
        vectors: list[list[float]] = []
        for batch in _batches(texts):
            response = await self._send("POST", "/v1/embeddings", EMBED_SECONDS, json={"input": batch})
            vectors += _read(response, _embeddings)
        return vectors

    async def encoder(self) -> EncoderIdentity:
        """Which encoder the server runs."""
        return _read(await self._send("GET", "/v1/encoder", READ_SECONDS), EncoderIdentity.from_json)

    async def _send(
        self, method: str, path: str, seconds: float, json: object = None, params: Mapping[str, str] | None = None
    ) -> _Response:
        if self._session is None:
            self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), trust_env=False)
        limits = aiohttp.ClientTimeout(total=seconds, sock_connect=min(seconds, CONNECT_SECONDS))
        try:
            async with self._session.request(
                method, self._url + path, json=json, params=params, timeout=limits
            ) as response:
                return _Response(response.status, await response.read())
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError) as error:
            raise KnowledgeUnavailable(type(error).__name__) from error


class SyncKnowledgeClient:
    """The knowledge server from plain code; use as a context manager or call `close`."""

    def __init__(self, url: str = DEFAULT_URL) -> None:
        self._http = httpx2.Client(base_url=url, timeout=_phases(READ_SECONDS), trust_env=False)

    def __enter__(self) -> SyncKnowledgeClient:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._http.close()

    def understand(
        self, text: str, language: str | None = None, audience: str = "customer", timeout: float = 0.3
    ) -> Understanding:
        """What `text` asks for; `timeout` seconds bound each of connecting, writing and reading."""
        response = self._send("POST", "/understand", timeout, json=_question(text, language, audience, (), ""))
        return _read(response, Understanding.from_json)

    def article(self, article_id: str, language: str | None = None) -> RenderedArticle | None:
        """One article in `language`, or None when there is none of that id."""
        response = self._send("GET", _article_path(article_id), READ_SECONDS, params=_in(language))
        return None if response.status == 404 else _read(response, RenderedArticle.from_json)

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """One vector a text, in the same order."""
        vectors: list[list[float]] = []
        for batch in _batches(texts):
            response = self._send("POST", "/v1/embeddings", EMBED_SECONDS, json={"input": batch})
            vectors += _read(response, _embeddings)
        return vectors

    def encoder(self) -> EncoderIdentity:
        """Which encoder the server runs."""
        return _read(self._send("GET", "/v1/encoder", READ_SECONDS), EncoderIdentity.from_json)

    def _send(self, method: str, path: str, seconds: float, **options: Any) -> _Response:
        try:
            response = self._http.request(method, path, timeout=_phases(seconds), **options)
            return _Response(response.status_code, response.content)
        except httpx2.HTTPError as error:
            raise KnowledgeUnavailable(type(error).__name__) from error


def _phases(seconds: float) -> httpx2.Timeout:
    return httpx2.Timeout(seconds, connect=min(seconds, CONNECT_SECONDS))


def _question(
    text: str, language: str | None, audience: str, answered: Sequence[str], said_before: str
) -> dict[str, Any]:
    context = {"context": {"articles": list(answered), "text": said_before}} if answered else {}
    return {"text": text, "audience": audience, **_in(language), **context}


def _in(language: str | None) -> dict[str, str]:
    return {"language": language} if language else {}


def _article_path(article_id: str) -> str:
    return f"/v1/articles/{quote(article_id, safe='')}"


def _batches(texts: Sequence[str]) -> list[list[str]]:
    return [list(texts[start : start + EMBED_BATCH]) for start in range(0, len(texts), EMBED_BATCH)]


def _embeddings(body: dict[str, Any]) -> list[list[float]]:
    return [item["embedding"] for item in sorted(body["data"], key=lambda item: int(item["index"]))]


def _read(response: _Response, reader: Callable[[Any], _Result]) -> _Result:
    if response.status >= 400:
        raise KnowledgeUnavailable(f"status {response.status}")
    try:
        return reader(json.loads(response.body))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise KnowledgeUnavailable("an answer that cannot be read") from error
