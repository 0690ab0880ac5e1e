"""What the server serves: an encoder, and unless it runs for training only, the live base; both come up after start."""

from __future__ import annotations

import asyncio
import gc
import hashlib
from collections.abc import Callable
from datetime import datetime

import structlog

from knowledge_base.confirmed.store import ConfirmedStore
from knowledge_base.encoder import load_encoder
from knowledge_base.encoder_thread import EncoderThread
from knowledge_base.indexes.snapshot import SnapshotFile
from knowledge_base.kept_vectors import KeptVectors
from knowledge_base.live_base import LiveBase
from knowledge_base.reranking.keeping import RerankerKeeper
from knowledge_base.settings import BadSetting, Settings
from knowledge_base.shipped import read_articles, read_out_of_scope
from knowledge_base.store import ArticleStore
from knowledge_base.suggesting.keeper import Keeper
from knowledge_base.suggesting.shipped import read_macros
from knowledge_base.suggesting.store import SuggestingStore
from knowledge_base.suggesting.suggester import Suggester

_log = structlog.get_logger(__name__)


class NotReady(Exception):
    """Raised while what is asked for is still being loaded."""

    code = "not_ready"


class Knowledge:
    """Loads in the background while the server already answers that it is alive."""

    def __init__(self, settings: Settings, clock: Callable[[], datetime], encoder_only: bool = False) -> None:
        if not encoder_only and not settings.redis_url:
            raise BadSetting("REDIS_URL is not set: name a Redis (redis://...), or start everything with `make run`")
        self._settings, self._clock, self._encoder_only = settings, clock, encoder_only
        self._thread: EncoderThread | None = None
        self._base: LiveBase | None = None
        self._loading: LiveBase | None = None
        self._suggester: Suggester | None = None
        self._confirmed: ConfirmedStore | None = None

    @property
    def settings(self) -> Settings:
        return self._settings

    @property
    def clock(self) -> Callable[[], datetime]:
        return self._clock

    @property
    def encoder_only(self) -> bool:
        return self._encoder_only

    @property
    def ready(self) -> bool:
        return self._thread is not None if self._encoder_only else self._base is not None and self._base.ready

    @property
    def progress(self) -> str:
        """How far loading is, in words."""
        return self._loading.progress if self._loading else "The knowledge server is still loading its encoder"

    def thread(self) -> EncoderThread:
        """The encoder; raises NotReady."""
        if self._thread is None:
            raise NotReady
        return self._thread

    def base(self) -> LiveBase:
        """The live base; raises NotReady."""
        if self._base is None or not self._base.ready:
            raise NotReady
        return self._base

    def suggester(self) -> Suggester:
        """What suggests replies to agents; raises NotReady."""
        if self._suggester is None or not self._suggester.ready:
            raise NotReady
        return self._suggester

    def confirmed(self) -> ConfirmedStore:
        """What customers asked, with the article that was right; raises NotReady."""
        if self._confirmed is None:
            raise NotReady
        return self._confirmed

    async def run(self) -> None:
        """Load, then follow the store until cancelled."""
        settings = self._settings
        encoder = await asyncio.to_thread(load_encoder, settings.encoder, settings.encoder_prompt)
        self._thread = EncoderThread(encoder)
        _log.info("encoder_loaded", **encoder.identity.as_json())
        try:
            if self._encoder_only or not settings.redis_url:
                await asyncio.Event().wait()
            else:
                await self._follow(self._thread, settings.redis_url)
        finally:
            self._thread.close()

    async def _follow(self, thread: EncoderThread, redis_url: str) -> None:
        store = ArticleStore(redis_url, self._settings.namespace)
        self._confirmed = confirmed = ConfirmedStore(redis_url, self._settings.namespace)
        try:
            shipped, outside, clock, zone = read_articles(), read_out_of_scope(), self._clock, self._settings.zone
            snapshot = _snapshot(self._settings, thread)
            self._loading = base = LiveBase(store, thread, shipped, outside, clock, zone, snapshot, confirmed)
            await base.load()
            self._base = base
            gc.collect()
            gc.freeze()  # the articles and what is known of them: the collector need not look at them again
            _log.info("knowledge_ready", articles=len(base), revision=base.revision)
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(base.follow())
                tasks.create_task(self._suggest(thread, store, base, redis_url))
                if self._settings.reranker:
                    encoder = "{name}:{version}".format(**thread.identity.as_json())
                    tasks.create_task(RerankerKeeper(self._settings.reranker, encoder, store, base).run())
        finally:
            await confirmed.aclose()
            await store.aclose()

    async def _suggest(self, thread: EncoderThread, articles: ArticleStore, base: LiveBase, redis_url: str) -> None:
        store = SuggestingStore(redis_url, self._settings.namespace)
        try:
            keeper = Keeper(store, thread, KeptVectors(articles, thread), self._clock)
            self._suggester = Suggester(store, keeper, base, thread)
            await keeper.run(read_macros())
        finally:
            await store.aclose()


def _snapshot(settings: Settings, thread: EncoderThread) -> SnapshotFile:
    """The file for the index of this base; two bases on one machine have two."""
    base = hashlib.sha256(f"{settings.redis_url} {settings.namespace}".encode()).hexdigest()[:16]
    encoder = "{name}:{version}:{dimension}".format(**thread.identity.as_json())
    return SnapshotFile(settings.index_dir / f"index-{base}.snapshot", encoder)
