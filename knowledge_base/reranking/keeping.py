"""Loads the reranker that is set, beside the serving, and sees that what it may say was measured on the base."""

from __future__ import annotations

import asyncio
import time

import structlog

from knowledge_base.learner import wanted
from knowledge_base.live_base import LiveBase
from knowledge_base.reranking.fitting import fit_aside
from knowledge_base.reranking.reranker import BadReranker, Reranker, load_reranker, passages_of
from knowledge_base.reranking.reranking import Reranking
from knowledge_base.reranking.voice import Voice
from knowledge_base.store import ArticleStore, StoreUnavailable

_LOOK_SECONDS = 5.0
_LONGEST_FIT = 900.0  # seconds for which one process has the measuring to itself
_REST = 10  # times as long as it took, nobody measures again

_log = structlog.get_logger(__name__)


class RerankerKeeper:
    """One a server; measurements are shared through the store, so that of several servers one measures."""

    def __init__(
        self, name: str, encoder: str, store: ArticleStore, base: LiveBase, look_seconds: float = _LOOK_SECONDS
    ) -> None:
        """`name` is the setting, `encoder` the identity of the encoder as text."""
        self._name, self._encoder, self._store, self._base = name, encoder, store, base
        self._look_seconds = look_seconds
        self.reranking: Reranking | None = None

    async def run(self) -> None:
        """Until cancelled; a reranker that cannot be loaded is said once, and search goes on without."""
        try:
            reranker = await asyncio.to_thread(load_reranker, self._name)
        except BadReranker as error:
            _log.error("reranker_not_loaded", detail=str(error))
            return
        self.reranking = Reranking(reranker)
        try:
            await self._base.use_reranking(self.reranking)
            _log.info("reranker_loaded", reranker=reranker.identity)
            while wanted():
                await self._keep_up(self.reranking)
                await asyncio.sleep(self._look_seconds)
        finally:
            self.reranking.close()

    async def _keep_up(self, reranking: Reranking) -> None:
        """Take or make the measurement for the calibration in force, where there is none yet."""
        measured_on = self._base.calibration.base_version
        if not measured_on or (reranking.voice and reranking.voice.base_version == measured_on):
            return
        key = f"rerank:{reranking.reranker.identity}:{self._encoder}"
        try:
            voice = await self._kept(key)
            if voice is None or voice.base_version != measured_on:
                if not await self._store.may_calibrate(key):
                    return
                voice = await self._measure(key, reranking.reranker)
            _use(reranking, voice)
        except (StoreUnavailable, RuntimeError) as error:
            _log.warning("reranker_not_measured", cause=str(error))

    async def _kept(self, key: str) -> Voice | None:
        held = await self._store.calibration(key)
        try:
            return Voice.from_json(held[1]) if held else None
        except (KeyError, TypeError):
            return None

    async def _measure(self, key: str, reranker: Reranker) -> Voice:
        began = time.monotonic()
        await self._store.pause_calibration(key, _LONGEST_FIT)
        try:
            lesson = await self._base.lesson()
            passages = {edition.article.id: passages_of(edition.article) for edition in self._base.editions()}
            voice = await fit_aside(lesson, reranker, self._name, passages)
        finally:
            await self._store.pause_calibration(key, _REST * (time.monotonic() - began))
        await self._store.keep_calibration(key, self._base.revision, voice.as_json())
        return voice


def _use(reranking: Reranking, voice: Voice) -> None:
    reranking.voice = voice  # one reference: the encoder's thread sees the one or the other
    told = {"trials": voice.trials, "gained": voice.gained, "lost": voice.lost, "weight": voice.weight}
    _log.info("reranker_joined" if voice.weight else "reranker_left_out", **told)
