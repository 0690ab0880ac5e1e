"""The knowledge server as editors need it: reading, saving, explaining, import and export; light, like `client`."""

from __future__ import annotations

import contextlib
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any
from urllib.parse import quote

import httpx2

from knowledge_base.client import KnowledgeUnavailable

_CONNECT_SECONDS = 2.0  # an editor may wait where a customer may not
_READ_SECONDS = 5.0
_EXPORT_SECONDS = 120.0
_IMPORT_SECONDS = 300.0  # 20,000 rows are encoded before anything is written


class KnowledgeRefused(Exception):
    """The knowledge server said no on purpose; `problem` is its RFC 9457 document."""

    def __init__(self, status: int, problem: Mapping[str, Any]) -> None:
        super().__init__(f"{status} {problem.get('code')}")
        self.status = status
        self.problem = problem

    @property
    def code(self) -> str:
        return str(self.problem.get("code") or "refused")


@dataclass(frozen=True)
class ImportFile:
    """A file on its way into the knowledge base; the ending of `name` may tell its format."""

    name: str
    content: bytes
    by: str
    dry_run: bool = False

    def as_request(self) -> dict[str, Any]:
        return {
            "params": {"dry_run": str(self.dry_run).lower()},
            "files": {"file": (self.name, self.content)},
            "headers": {"X-Editor": quote(self.by, safe="")},
        }


class EditingClient:
    """Use as a context manager. Every method raises KnowledgeUnavailable, or KnowledgeRefused for a 4xx."""

    def __init__(self, url: str) -> None:
        # Plain HTTP on a private network: no certificates to load for each client.
        self._http = httpx2.AsyncClient(base_url=url, timeout=_within(_READ_SECONDS), trust_env=False, verify=False)

    async def __aenter__(self) -> EditingClient:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._http.aclose()

    async def articles(self) -> dict[str, Any]:
        """`{"base_version", "articles": [...]}`, each article whole and with its version."""
        return await self._json("GET", "/v1/articles")

    async def rendered(self, article_id: str, language: str) -> dict[str, Any]:
        """One article as customers of `language` see it."""
        return await self._json("GET", _path(article_id), params={"language": language})

    async def macros(self) -> list[dict[str, Any]]:
        """Every macro, whole, with its version, by whom and when."""
        macros: list[dict[str, Any]] = (await self._json("GET", "/v1/macros"))["macros"]
        return macros

    async def save_macro(self, macro_id: str, macro: Mapping[str, Any], version: int) -> dict[str, Any]:
        """`{"id", "version"}` once written; `version` is the one that was edited, 0 for a new one."""
        headers = {"If-Match": f'"{version}"'}
        return await self._json("PUT", f"/v1/macros/{quote(macro_id, safe='')}", json=dict(macro), headers=headers)

    async def delete_macro(self, macro_id: str, version: int, by: str) -> None:
        """Delete the macro in that version."""
        headers, path = {"If-Match": f'"{version}"'}, f"/v1/macros/{quote(macro_id, safe='')}"
        await self._json("DELETE", path, headers=headers, params={"by": by})

    async def history(self, article_id: str) -> list[dict[str, Any]]:
        """Every version `{"version", "by", "at", "article"}`, newest first."""
        versions = (await self._json("GET", f"{_path(article_id)}/history"))["versions"]
        return sorted(versions, key=lambda one: int(one["version"]), reverse=True)

    async def confirmed(self, article_id: str) -> dict[str, Any]:
        """`{"hearing", "confirmed": [...]}`: what customers asked that this article answered, latest first."""
        return await self._json("GET", "/v1/confirmed", params={"article": article_id})

    async def drop_confirmed(self, question_id: str) -> None:
        """It was not what the article answers."""
        await self._json("DELETE", f"/v1/confirmed/{quote(question_id, safe='')}")

    async def save(self, article_id: str, version: int, article: Mapping[str, Any], by: str) -> dict[str, Any]:
        """Put the article in the place of `version` (0: it is new); `{"id", "version"}`."""
        headers = {"If-Match": f'"{version}"'}
        return await self._json("PUT", _path(article_id), headers=headers, json={**article, "by": by})

    async def understand(self, text: str, language: str | None, audience: str, explain: bool) -> dict[str, Any]:
        """An understanding; `explain` asks for the reasons, where the server gives them."""
        asked = {"text": text, "audience": audience, "explain": explain, **({"language": language} if language else {})}
        return await self._json("POST", "/understand", json=asked)

    async def embed(self, texts: list[str]) -> list[list[float]]:
        """One vector a text."""
        data = (await self._json("POST", "/v1/embeddings", json={"input": texts}))["data"]
        return [item["embedding"] for item in sorted(data, key=lambda item: int(item["index"]))]

    async def take_in(self, file: ImportFile) -> dict[str, Any]:
        """Import a file, or only say what that would change: the server's report."""
        return await self._json("POST", "/v1/import", timeout=_within(_IMPORT_SECONDS), **file.as_request())

    async def take_in_step_by_step(self, file: ImportFile) -> AsyncIterator[dict[str, Any]]:
        """The same, telling how far it is: each `{"progress": ..}`, last `{"report": ..}` or `{"problem": ..}`."""
        asked = file.as_request()
        asked["headers"]["Accept"] = "application/x-ndjson"
        try:
            async with self._http.stream("POST", "/v1/import", timeout=_within(_IMPORT_SECONDS), **asked) as response:
                if response.status_code >= 400:
                    await response.aread()
                    _read(response)
                async for line in response.aiter_lines():
                    if line.strip():
                        yield json.loads(line)
        except (httpx2.HTTPError, ValueError) as error:
            raise KnowledgeUnavailable(type(error).__name__) from error

    @contextlib.asynccontextmanager
    async def export(self, file_format: str) -> AsyncIterator[httpx2.Response]:
        """The whole base as a file; the response is open and its body unread."""
        try:
            asked = self._http.stream(
                "GET", "/v1/export", params={"format": file_format}, timeout=_within(_EXPORT_SECONDS)
            )
            async with asked as response:
                if response.status_code >= 400:
                    await response.aread()
                    _read(response)
                yield response
        except httpx2.HTTPError as error:
            raise KnowledgeUnavailable(type(error).__name__) from error

    async def _json(self, method: str, path: str, **options: Any) -> dict[str, Any]:
        try:
            return _read(await self._http.request(method, path, **options))
        except httpx2.HTTPError as error:
            raise KnowledgeUnavailable(type(error).__name__) from error


def _within(seconds: float) -> httpx2.Timeout:
    return httpx2.Timeout(seconds, connect=_CONNECT_SECONDS)


def _path(article_id: str) -> str:
    return f"/v1/articles/{quote(article_id, safe='')}"


def _read(response: httpx2.Response) -> dict[str, Any]:
    try:
        body = response.json() if response.content else {}
    except ValueError as error:
        raise KnowledgeUnavailable("an answer that cannot be read") from error
    if response.status_code >= 500 or not isinstance(body, dict):
        raise KnowledgeUnavailable(f"status {response.status_code}")
    if response.status_code >= 400:
        raise KnowledgeRefused(response.status_code, body)
    return body
