"""The knowledge base of one process: loaded from the store, and never more than a moment behind it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timezone, tzinfo

import structlog

from knowledge_base import several
from knowledge_base.article import AGENT, Article
from knowledge_base.calibration import METHOD, Calibration, shipped_calibration
from knowledge_base.classifier import BadClassifier
from knowledge_base.encoder import prepared
from knowledge_base.encoder_thread import EncoderThread
from knowledge_base.follow_ups import FollowUps
from knowledge_base.indexes.growing import GrowingIndex
from knowledge_base.indexes.snapshot import SnapshotFile
from knowledge_base.kept_vectors import KeptVectors
from knowledge_base.learning import Learned, Lesson, learn_aside
from knowledge_base.reranking.reranking import Reranking
from knowledge_base.retriever import Edition, Retriever, Topic
from knowledge_base.search import Entry, Search, is_lonely
from knowledge_base.store import ArticleStore, Change, StoreUnavailable
from knowledge_base.understanding import ANSWER, RenderedArticle, Understanding
from knowledge_base.vectors import Vectors
from reading.language import read_language

_RETRY_SECONDS = 0.2
_STALE_SECONDS = 1.0
_SURE = 0.97  # a continuation that is this sure by itself is no continuation
_REST = 10  # times as long as it took, nobody learns again: a tenth of one core at most
_MUCH = 0.05  # of the articles changed: then the calibration is measured anew, beside the classifier
_WARM_UP = ("你好", "您好,請問", "how are you today")

_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Before:
    """What was said before a text: the articles answered last, and the customer's text before this one."""

    articles: tuple[str, ...]
    text: str


class LiveBase:
    """Understands texts, takes edits, and follows everyone else's."""

    def __init__(
        self,
        store: ArticleStore,
        thread: EncoderThread,
        shipped: Sequence[Article],
        out_of_scope: Sequence[str],
        clock: Callable[[], datetime],
        zone: tzinfo = timezone.utc,
        snapshot: SnapshotFile | None = None,
    ) -> None:
        """`clock` tells the moment, `zone` the day that it is where the company is; `snapshot` is for a large base."""
        self._store, self._thread, self._clock = store, thread, clock
        self._shipped, self._out_of_scope = shipped, [prepared(text) for text in out_of_scope]
        self._outside: list[tuple[str, Vectors]] = []
        self._index = GrowingIndex(thread.identity.dimension, snapshot=snapshot)
        search = Search(self._index)
        self._retriever = Retriever(thread.identity, search, lambda: clock().astimezone(zone).date())
        self._calibration_key = "{name}:{version}:{dimension}:{method}".format(
            **thread.identity.as_json(), method=METHOD
        )
        self._kept = KeptVectors(store, thread, snapshot.vectors(thread.identity.dimension) if snapshot else None)
        self._follow_ups = FollowUps.read()
        self._place = "0-0"
        self._revision = 0
        self._learned_on = -1
        self._stale = asyncio.Event()
        self.following = False

    @property
    def ready(self) -> bool:
        """Whether articles and calibration are there."""
        return self._learned_on >= 0

    @property
    def revision(self) -> int:
        return self._revision

    @property
    def calibration(self) -> Calibration:
        return self._retriever.calibration

    def __len__(self) -> int:
        return len(self._retriever)

    @property
    def progress(self) -> str:
        """How far loading is, in words."""
        return self._kept.progress

    async def understand(
        self, text: str, language: str | None, audience: str, explain: bool = False, before: Before | None = None
    ) -> Understanding:
        """What `text` asks for, if need be as the continuation of what was said `before`; raises TooBusy."""
        return await self._thread.run(lambda: self._understand(text, language, audience, explain, before))

    def _understand(
        self, text: str, language: str | None, audience: str, explain: bool, before: Before | None
    ) -> Understanding:
        language = language or read_language(text)
        if self._retriever.reranking:
            self._retriever.reranking.begin()
        alone = several.understand(self._retriever, self._thread.vector, text, language, audience, explain)
        if before is None or (alone.outcome == ANSWER and alone.articles[0].confidence >= _SURE):
            return alone
        plain = self._retriever.read(text)
        if not self._follow_ups.continues(plain):
            return alone
        whole = f"{self._retriever.read(before.text)} {plain}".strip()
        topic = Topic(before.articles, whole, self._thread.vector(whole))
        return self._retriever.follow_up(topic, self._thread.vector(plain), language, audience, explain) or alone

    def article(self, article_id: str, language: str) -> RenderedArticle | None:
        """One article in `language`, or None."""
        return self._retriever.article(article_id, language)

    def editions(self) -> list[Edition]:
        """Every article with its version, by id."""
        return self._retriever.editions()

    async def entries(self) -> tuple[Entry, ...]:
        """What search knows of every article, of one moment."""
        return await self._thread.run(self._retriever.entries, patient=True)

    async def lesson(self) -> Lesson:
        """What there is to learn from, with the calibration in force."""
        return Lesson(str(self._revision), await self.entries(), self._outside, self.calibration)

    async def use_reranking(self, reranking: Reranking | None) -> None:
        """Look again at what search is not sure of, from now on; None: no more."""

        def task() -> None:
            self._retriever.reranking = reranking

        await self._thread.run(task, patient=True)

    async def change(self, article: Article, expected: int, by: str) -> int:
        """Write an article and use it at once; gives its new version. Raises ArticleChanged."""
        version = await self._store.put(article, expected, by, self._clock())
        await self._refresh([article.id])
        return version

    async def load(self) -> None:
        """Ship what is shipped, read everything, and see that something was learned from it."""
        await self._store.ship(self._shipped, self._clock())
        self._outside = await self._kept.of_texts(self._out_of_scope)
        await self._synchronise()
        await self._thread.run(self._index.settle, patient=True)
        await self._take_learned()
        if not self.ready:  # the classifier takes seconds, to measure the calibration takes longer: that comes after
            entries = await self.entries()
            lesson = Lesson(str(self._revision), entries, self._outside)
            if not lesson.small:
                lesson = replace(lesson, base_version="", calibration=shipped_calibration(is_lonely(entries)))
            await self._learn(lesson)
        # The first text of each language pays for loading its tables: let it be ours.
        for text in _WARM_UP:
            await self.understand(text, None, AGENT)

    async def follow(self) -> None:
        """Keep up with the store until cancelled; what is in memory serves on while the store is away."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._follow_changes())
            tasks.create_task(self._keep_calibrated())

    async def _follow_changes(self) -> None:
        while wanted():
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
            await self._take_learned()
        if changes:
            self._place = changes[-1].place
            self._moved_to(changes[-1].revision)

    async def _refresh(self, ids: Iterable[str]) -> None:
        await self._take_in(await self._store.editions(sorted(ids)), only_newer=True)

    async def _synchronise(self) -> None:
        revision, stored = await self._store.revision(), await self._store.versions()
        held = self._retriever.versions()
        for article_id in held.keys() - stored.keys():
            await self._thread.run(lambda gone=article_id: self._retriever.remove(gone), patient=True)  # type: ignore[misc]
        await self._take_in(await self._store.editions([known for known in stored if held.get(known) != stored[known]]))
        self._place = f"{revision}-0"
        self._moved_to(revision)

    async def _take_in(self, editions: Sequence[Edition], only_newer: bool = False) -> None:
        async for edition, entry in self._kept.entries(editions):

            def task(edition: Edition = edition, entry: Entry = entry) -> None:
                # Asked here, on the thread: an edit and the stream's word of a later one may arrive in either order.
                if only_newer and self._retriever.version(edition.article.id) >= edition.version:
                    return
                self._retriever.put(edition, entry)

            await self._thread.run(task, patient=True)

    def _moved_to(self, revision: int) -> None:
        self._revision = revision
        self._retriever.base_version = str(revision)
        self._index.revision = revision
        if not self._learned_all:
            self._stale.set()

    @property
    def _learned_all(self) -> bool:
        return self._learned_on == self._revision and self.calibration.base_version != ""

    async def _keep_calibrated(self) -> None:
        while wanted():
            await self._stale.wait()
            self._stale.clear()
            try:
                while not self._learned_all and wanted():
                    if await self._store.may_calibrate(self._calibration_key):
                        began = time.monotonic()
                        revision, entries = self._revision, await self.entries()
                        await self._learn(Lesson(str(revision), entries, self._outside, self._still_good(revision)))
                        pause = _REST * (time.monotonic() - began)
                        await self._store.pause_calibration(self._calibration_key, pause)
                    else:
                        await asyncio.sleep(_STALE_SECONDS)
            except (StoreUnavailable, RuntimeError) as error:
                _log.warning("learning_failed", cause=str(error))
                await asyncio.sleep(_STALE_SECONDS)
                self._stale.set()

    def _still_good(self, revision: int) -> Calibration | None:
        """The calibration in force, as long as little of the base has changed since it was measured."""
        measured_on = self.calibration.base_version
        if measured_on and 0 <= revision - int(measured_on) < max(1, len(self) * _MUCH):
            return self.calibration
        return None

    async def _learn(self, lesson: Lesson) -> None:
        learned = await learn_aside(lesson)
        revision = int(lesson.base_version or self._revision)
        await self._use(learned, revision)
        await self._store.keep_calibration(self._calibration_key, revision, learned.as_json())

    async def _take_learned(self) -> None:
        held = await self._store.calibration(self._calibration_key)
        if held is None:
            return
        revision, data = held
        try:
            learned = await asyncio.to_thread(Learned.from_json, data)
        except (BadClassifier, KeyError, TypeError) as error:
            _log.warning("learned_unreadable", cause=str(error))
            return
        if revision != self._learned_on or learned.calibration != self.calibration:
            await self._use(learned, revision)

    async def _use(self, learned: Learned, revision: int) -> None:
        await self._thread.run(lambda: self._retriever.learn(learned), patient=True)
        self._learned_on = revision
        _log.info("knowledge_learned", revision=revision, calibrated_on=learned.calibration.base_version)


def wanted() -> bool:
    """False once this task is cancelled: a cancellation that arrives together with Redis' answer is else lost."""
    task = asyncio.current_task()
    return task is None or not task.cancelling()
