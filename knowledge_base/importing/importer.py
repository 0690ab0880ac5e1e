"""An import from file to base: read, compare, warn, and, when nothing is broken, switch."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import numpy as np

from knowledge_base.article import Article
from knowledge_base.bulk_store import BulkStore
from knowledge_base.encoder import prepared
from knowledge_base.importing import collisions
from knowledge_base.importing.collisions import Asked, Texts
from knowledge_base.importing.comparing import Write, compare
from knowledge_base.importing.files import read_file
from knowledge_base.importing.report import Collision, ImportRefused, Report
from knowledge_base.retriever import Edition
from knowledge_base.vectors import Vectors

_AT_ONCE = 256
_EDITIONS_AT_ONCE = 1000

Progress = Callable[[str, int, int], None]  # step, done, total
Encode = Callable[[Sequence[str]], Awaitable[Vectors]]  # of texts as they are written


def silently(_step: str, _done: int, _total: int) -> None:
    """No progress."""


@dataclass(frozen=True)
class Plan:
    """What an import would do."""

    report: Report
    writes: tuple[Write, ...]


class Importer:
    """Imports into one store; `known` are the texts by which articles are found, without those of the ids it is given.

    `distinct` are articles that are known to answer different things: the shipped ones.
    """

    def __init__(
        self,
        store: BulkStore,
        encode: Encode,
        known: Callable[[frozenset[str], Progress], Awaitable[Iterable[Texts]]],
        distinct: Sequence[Article],
    ) -> None:
        self._store, self._encode, self._known, self._distinct = store, encode, known, distinct
        self._threshold: float | None = None

    async def plan(self, path: Path, progress: Progress = silently) -> Plan:
        """What importing `path` would do; nothing is written. Raises UnreadableFile."""
        progress("reading", 0, 1)
        read = await asyncio.to_thread(read_file, path)
        progress("reading", 1, 1)
        revision = await self._store.revision()
        editions = await stored(self._store, [draft.id for draft in read.drafts])
        found = await asyncio.to_thread(compare, read.drafts, editions)
        created = sum(change.what == "created" for change in found.changes)
        report = Report(
            encoding=read.encoding,
            format=read.format,
            rows=read.rows,
            articles=len(read.drafts),
            created=created,
            changed=len(found.changes) - created,
            unchanged=found.unchanged,
            broken=tuple(sorted((*read.broken, *found.broken), key=lambda broken: broken.row)),
            collisions=tuple(await self._collisions(found.writes, progress)),
            changes=found.changes,
            base_version=str(revision),
        )
        return Plan(report, found.writes)

    async def apply(self, plan: Plan, by: str, at: datetime, progress: Progress = silently) -> Report:
        """Do it, all or nothing. Raises ImportRefused, ArticleChanged, StoreUnavailable."""
        if plan.report.broken:
            raise ImportRefused(plan.report)
        await self._store.put_all([(write.article, write.expected) for write in plan.writes], by, at, progress)
        return replace(plan.report, applied=True, base_version=str(await self._store.revision()))

    async def _collisions(self, writes: Sequence[Write], progress: Progress) -> list[Collision]:
        asked = [
            Asked(write.article.id, prepared(question), question, row)
            for write in writes
            for row, question in write.new_questions()
        ]
        if not asked:
            return []
        ids = frozenset(one.article for one in asked)
        new = Texts(asked, await self._vectors([one.shown for one in asked], progress))
        known = await self._known(ids, progress)
        threshold = await self._measured(progress)
        return await asyncio.to_thread(collisions.collisions, new, known, threshold)

    async def _measured(self, progress: Progress) -> float:
        if self._threshold is None:
            asked = [
                Asked(article.id, prepared(text.question), text.question)
                for article in self._distinct
                for text in article.texts.values()
            ]
            distinct = Texts(asked, await self._vectors([one.shown for one in asked], progress))
            self._threshold = await asyncio.to_thread(collisions.threshold, distinct)
        return self._threshold

    async def _vectors(self, texts: Sequence[str], progress: Progress) -> Vectors:
        return await encoded(self._encode, texts, progress)


async def encoded(encode: Encode, texts: Sequence[str], progress: Progress) -> Vectors:
    """One vector a text."""
    parts = []
    for start in range(0, len(texts), _AT_ONCE):
        parts.append(await encode(texts[start : start + _AT_ONCE]))
        progress("comparing", min(start + _AT_ONCE, len(texts)), len(texts))
    return np.concatenate(parts) if parts else np.zeros((0, 0), np.float32)


async def stored(store: BulkStore, ids: Sequence[str]) -> dict[str, Edition]:
    """These articles as they stand in the store, those that exist."""
    found: dict[str, Edition] = {}
    for start in range(0, len(ids), _EDITIONS_AT_ONCE):
        for edition in await store.editions(ids[start : start + _EDITIONS_AT_ONCE]):
            found[edition.article.id] = edition
    return found
