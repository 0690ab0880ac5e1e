"""The knowledge base of one process: loaded from the store, and never more than a moment behind it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

import structlog

from knowledge_base.article import AGENT, Article
from knowledge_base.calibration import METHOD, Calibration, calibrate
from knowledge_base.crossvalidation import cross_validate
from knowledge_base.encoder import Vectors, prepared
from knowledge_base.encoder_thread import EncoderThread
from knowledge_base.faiss_index import FaissIndex
from knowledge_base.retriever import Edition, Retriever
from knowledge_base.search import Entry, Search, make_entry
from knowledge_base.store import ArticleStore, Change, StoreUnavailable
from knowledge_base.understanding import RenderedArticle, Understanding
from reading.language import read_language

_RETRY_SECONDS = 0.2
_STALE_SECONDS = 1.0
_WARM_UP = ("你好", "您好,請問", "how are you today")

_log = structlog.get_logger(__name__)


class LiveBase:
    """Understands texts, takes edits, and follows everyone else's."""

    def __init__(
        self,
        store: ArticleStore,
        thread: EncoderThread,
        shipped: Sequence[Article],
        out_of_scope: Sequence[str],
        clock: Callable[[], datetime],
    ) -> None:
        self._store, self._thread, self._clock = store, thread, clock
        self._shipped, self._out_of_scope = shipped, [prepared(text) for text in out_of_scope]
        self._outside: list[tuple[str, Vectors]] = []
        self._retriever = Retriever(thread.identity, Search(FaissIndex(thread.identity.dimension)))
        self._calibration_key = "{name}:{version}:{dimension}:{method}".format(
            **thread.identity.as_json(), method=METHOD
        )
        self._place = "0-0"
        self._revision = 0
        self._calibrated_on = -1
        self._stale = asyncio.Event()
        self.following = False

    @property
    def ready(self) -> bool:
        """Whether articles and calibration are there."""
        return self._calibrated_on >= 0

    @property
    def revision(self) -> int:
        return self._revision

    @property
    def calibration(self) -> Calibration:
        return self._retriever.calibration

    def __len__(self) -> int:
        return len(self._retriever)

    async def understand(self, text: str, language: str | None, audience: str) -> Understanding:
        """What `text` asks for; raises TooBusy."""
        return await self._thread.run(lambda: self._understand(text, language, audience))

    def _understand(self, text: str, language: str | None, audience: str) -> Understanding:
        plain = prepared(text)
        vector = self._thread.vector(plain)
        return self._retriever.understand(plain, vector, language or read_language(text), audience)

    def article(self, article_id: str, language: str) -> RenderedArticle | None:
        """One article in `language`, or None."""
        return self._retriever.article(article_id, language)

    def editions(self) -> list[Edition]:
        """Every article with its version, by id."""
        return self._retriever.editions()

    async def entries(self) -> tuple[Entry, ...]:
        """What search knows of every article, of one moment."""
        return await self._thread.run(self._retriever.entries, patient=True)

    async def change(self, article: Article, expected: int, by: str) -> int:
        """Write an article and use it at once; gives its new version. Raises ArticleChanged."""
        version = await self._store.put(article, expected, by, self._clock())
        await self._refresh([article.id])
        return version

    async def load(self) -> None:
        """Ship what is shipped, read everything, and see that there is a calibration."""
        await self._store.ship(self._shipped, self._clock())
        vectors = await self._thread.vectors(self._out_of_scope)
        self._outside = list(zip(self._out_of_scope, vectors, strict=True))
        await self._synchronise()
        await self._take_calibration()
        if not self.ready:
            await self._calibrate()
        # The first text of each language pays for loading its tables: let it be ours.
        for text in _WARM_UP:
            await self.understand(text, None, AGENT)

    async def follow(self) -> None:
        """Keep up with the store until cancelled; what is in memory serves on while the store is away."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._follow_changes())
            tasks.create_task(self._keep_calibrated())

    async def _follow_changes(self) -> None:
        while _wanted():
            try:
                if not self.following:
                    await self._synchronise()
                await self._apply(await self._store.changes(self._place))
                self.following = True
            except StoreUnavailable as error:
                if self.following:
                    _log.warning("knowledge_store_away", cause=str(error))
                self.following = False
                await asyncio.sleep(_RETRY_SECONDS)

    async def _apply(self, changes: Sequence[Change]) -> None:
        revision = await self._store.revision() if not changes else changes[0].revision
        # A trimmed stream leaves a gap; a store restored from a backup has gone back in time.
        if revision > self._revision + 1 or revision < self._revision:
            await self._synchronise()
            return
        await self._refresh({change.article_id for change in changes if change.article_id})
        if any(change.encoder == self._calibration_key for change in changes):
            await self._take_calibration()
        if changes:
            self._place = changes[-1].place
            self._moved_to(changes[-1].revision)

    async def _refresh(self, ids: Iterable[str]) -> None:
        for edition in await self._store.editions(sorted(ids)):
            await self._take_in(edition, only_newer=True)

    async def _synchronise(self) -> None:
        revision, stored = await self._store.revision(), await self._store.versions()
        held = self._retriever.versions()
        for article_id in held.keys() - stored.keys():
            await self._thread.run(lambda gone=article_id: self._retriever.remove(gone), patient=True)  # type: ignore[misc]
        for edition in await self._store.editions([known for known in stored if held.get(known) != stored[known]]):
            await self._take_in(edition)
        self._place = f"{revision}-0"
        self._moved_to(revision)

    async def _take_in(self, edition: Edition, only_newer: bool = False) -> None:
        def task() -> None:
            # Asked here, on the thread: an edit and the stream's word of a later one may arrive in either order.
            if only_newer and self._retriever.versions().get(edition.article.id, 0) >= edition.version:
                return
            self._retriever.put(edition, make_entry(edition.article, self._thread.encoder))

        await self._thread.run(task, patient=True)

    def _moved_to(self, revision: int) -> None:
        self._revision = revision
        self._retriever.base_version = str(revision)
        if revision != self._calibrated_on:
            self._stale.set()

    async def _keep_calibrated(self) -> None:
        while _wanted():
            await self._stale.wait()
            self._stale.clear()
            try:
                while self._calibrated_on != self._revision and _wanted():
                    if await self._store.may_calibrate(self._calibration_key):
                        await self._calibrate()
                    else:
                        await asyncio.sleep(_STALE_SECONDS)
            except StoreUnavailable:
                await asyncio.sleep(_STALE_SECONDS)
                self._stale.set()

    async def _calibrate(self) -> None:
        revision = self._revision
        entries = await self._thread.run(self._retriever.entries, patient=True)
        calibration = await asyncio.to_thread(self._measure, entries, str(revision))
        self._use(calibration, revision)
        await self._store.keep_calibration(self._calibration_key, revision, calibration.as_json())

    def _measure(self, entries: Sequence[Entry], base_version: str) -> Calibration:
        dimension = self._thread.identity.dimension
        return calibrate(cross_validate(entries, self._outside, lambda: FaissIndex(dimension)), base_version)

    async def _take_calibration(self) -> None:
        held = await self._store.calibration(self._calibration_key)
        if held is not None:
            revision, data = held
            if revision != self._calibrated_on:
                self._use(Calibration.from_json(data), revision)

    def _use(self, calibration: Calibration, revision: int) -> None:
        self._retriever.calibration = calibration
        self._calibrated_on = revision
        _log.info("knowledge_calibrated", revision=revision, trials=calibration.trials)


def _wanted() -> bool:
    """False once this task is cancelled: a cancellation that arrives together with Redis' answer is else lost."""
    task = asyncio.current_task()
    return task is None or not task.cancelling()
