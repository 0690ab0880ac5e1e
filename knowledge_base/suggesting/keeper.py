"""Keeps the shelf of one process as the store has it: loaded once, followed from then on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import structlog

from knowledge_base.encoder import prepared
from knowledge_base.encoder_thread import EncoderThread
from knowledge_base.kept_vectors import KeptVectors
from knowledge_base.learner import wanted
from knowledge_base.store import StoreUnavailable
from knowledge_base.suggesting.answered import Answered
from knowledge_base.suggesting.macro import Macro
from knowledge_base.suggesting.shelf import Shelf
from knowledge_base.suggesting.store import MacroEdition, Places, SuggestingStore
from knowledge_base.vectors import Vectors

_RETRY_SECONDS = 0.5
_AT_ONCE = 16

_log = structlog.get_logger(__name__)


class Keeper:
    """Macros and past answers, never more than a moment behind the store."""

    def __init__(
        self, store: SuggestingStore, thread: EncoderThread, kept: KeptVectors, clock: Callable[[], datetime]
    ) -> None:
        self._store, self._thread, self._kept, self._clock = store, thread, kept, clock
        self._places = Places()
        self.shelf = Shelf(thread.identity.dimension)
        self.ready = False

    async def run(self, shipped: Sequence[Macro]) -> None:
        """Load, then follow the store until cancelled; what is in memory serves on while the store is away."""
        while wanted():
            try:
                if not self.ready:
                    await self.load(shipped)
                await self._follow()
            except StoreUnavailable as error:
                _log.warning("suggesting_store_away", cause=str(error))
                if wanted():
                    await asyncio.sleep(_RETRY_SECONDS)

    async def load(self, shipped: Sequence[Macro]) -> None:
        """Ship what is shipped and read everything."""
        await self._store.ship(shipped, self._clock())
        self._places = await self._store.last()
        await self._take_macros(await self._store.macros())
        await self._take_answers(await self._store.all_answered(self._places.answered))
        self.ready = True
        _log.info("suggesting_ready", macros=len(self.shelf.macros), answered=len(self.shelf.answers))

    async def change(self, macro_id: str, macro: Macro | None, expected: int, by: str) -> int:
        """Write a macro, or delete it, and use that at once; its new version. Raises MacroChanged."""
        version = await self._store.put(macro_id, macro, expected, by, self._clock())
        await self._take_macros(await self._store.macros([macro_id]))
        return version

    async def _follow(self) -> None:
        places, changed, answers = await self._store.news(self._places)
        await self._take_macros(await self._store.macros(changed))
        await self._take_answers(answers)
        self._places = places

    async def _take_macros(self, editions: Sequence[MacroEdition]) -> None:
        for start in range(0, len(editions), _AT_ONCE):
            batch = editions[start : start + _AT_ONCE]
            alive = [(one.id, one.macro.wordings()) for one in batch if one.macro is not None]
            vectors = await self._kept.of([(f":macro:{name}", texts) for name, texts in alive])
            by_id = dict(zip((name for name, _ in alive), vectors, strict=True))
            await self._thread.run(lambda b=batch, v=by_id: self._put(b, v), patient=True)  # type: ignore[misc]

    def _put(self, batch: Sequence[MacroEdition], vectors: Mapping[str, Vectors]) -> None:
        for one in batch:
            held = self.shelf.macros.get(one.id)
            # Asked here, on the thread: a change and the stream's word of a later one may come in either order.
            if held is None or held.version < one.version:
                self.shelf.put_macro(one, vectors.get(one.id))

    async def _take_answers(self, answers: Sequence[Answered]) -> None:
        fresh = [answer for answer in answers if answer.id not in self.shelf.answers and prepared(answer.asked)]
        for start in range(0, len(fresh), _AT_ONCE):
            batch = fresh[start : start + _AT_ONCE]
            vectors = await self._kept.of([(_kept_as(answer.id), (prepared(answer.asked),)) for answer in batch])
            for answer, rows in zip(batch, vectors, strict=True):
                gone = await self._thread.run(lambda a=answer, r=rows: self.shelf.put_answer(a, r), patient=True)  # type: ignore[misc]
                await self._kept.forget([_kept_as(name) for name in gone])


def _kept_as(answer_id: str) -> str:
    return f":answered:{answer_id}"
