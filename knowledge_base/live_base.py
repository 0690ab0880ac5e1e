"""The knowledge base of one process: loaded from the store, and never more than a moment behind it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone, tzinfo

import structlog

from knowledge_base import several
from knowledge_base.article import AGENT, Article
from knowledge_base.calibration import METHOD, Calibration
from knowledge_base.confirmed.collecting import Collecting
from knowledge_base.confirmed.hearing import Hearing
from knowledge_base.confirmed.store import ConfirmedStore
from knowledge_base.encoder import prepared
from knowledge_base.encoder_thread import EncoderThread
from knowledge_base.follow_ups import FollowUps
from knowledge_base.indexes.growing import GrowingIndex
from knowledge_base.indexes.snapshot import SnapshotFile
from knowledge_base.kept_vectors import KeptVectors
from knowledge_base.learner import Learner, Moment, wanted
from knowledge_base.learning import Learned, Lesson
from knowledge_base.reranking.reranking import Reranking
from knowledge_base.retriever import Edition, Retriever, Topic
from knowledge_base.search import Entry, Search
from knowledge_base.store import ArticleStore, Change, StoreUnavailable
from knowledge_base.understanding import ANSWER, RenderedArticle, Understanding
from knowledge_base.vectors import Vectors
from reading.language import read_language

_RETRY_SECONDS = 0.2
_SURE = 0.97  # a continuation that is this sure by itself is no continuation
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
        confirmed: ConfirmedStore | None = None,
    ) -> None:
        """`clock` tells the moment, `zone` the day that it is where the company is; `snapshot` is for a large base.

        Without `confirmed` nothing is learned from confirmed questions.
        """
        self._store, self._thread, self._clock = store, thread, clock
        self._shipped, self._out_of_scope = shipped, [prepared(text) for text in out_of_scope]
        self._outside: list[tuple[str, Vectors]] = []
        self._index = GrowingIndex(thread.identity.dimension, snapshot=snapshot)
        search = Search(self._index)
        self._retriever = Retriever(thread.identity, search, lambda: clock().astimezone(zone).date())
        self._kept = KeptVectors(store, thread, snapshot.vectors(thread.identity.dimension) if snapshot else None)
        collecting = Collecting(confirmed, self._kept) if confirmed else None
        key = "{name}:{version}:{dimension}:{method}".format(**thread.identity.as_json(), method=METHOD)
        self._learner = Learner(store, key, collecting, self._moment, self._use)
        self._follow_ups = FollowUps.read()
        self._place = "0-0"
        self._revision = 0
        self.following = False

    @property
    def ready(self) -> bool:
        """Whether articles and calibration are there."""
        return self._learner.ready

    @property
    def revision(self) -> int:
        return self._revision

    @property
    def calibration(self) -> Calibration:
        return self._retriever.calibration

    @property
    def hearing(self) -> Hearing:
        """What confirmed questions did for the base."""
        return self._learner.learned.hearing

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
        return await self._learner.lesson(anew=False)

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
        await self._learner.begin()
        # The first text of each language pays for loading its tables: let it be ours.
        for text in _WARM_UP:
            await self.understand(text, None, AGENT)

    async def follow(self) -> None:
        """Keep up with the store until cancelled; what is in memory serves on while the store is away."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._follow_changes())
            tasks.create_task(self._learner.run())

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
        if any(change.encoder == self._learner.key for change in changes):
            await self._learner.take()
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
        self._learner.moved_to(revision)

    async def _moment(self) -> Moment:
        return Moment(self._revision, await self.entries(), self._outside)

    async def _use(self, learned: Learned) -> None:
        await self._thread.run(lambda: self._retriever.learn(learned), patient=True)
