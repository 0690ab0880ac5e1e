"""Sees that what was learned is of the base as it stands: one process of all learns, and all use what it learned."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import structlog

from knowledge_base.calibration import Calibration, shipped_calibration
from knowledge_base.classifier import BadClassifier
from knowledge_base.confirmed.collecting import Collecting
from knowledge_base.learning import Learned, Lesson, learn_aside, nothing_learned
from knowledge_base.search import Entry, is_lonely
from knowledge_base.store import ArticleStore, StoreUnavailable
from knowledge_base.vectors import Vectors

_STALE_SECONDS = 1.0
_LOOK_SECONDS = 600.0  # so often new confirmed questions are looked for: they come in when cases have long been closed
_REST = 10  # times as long as it took, nobody learns again: a tenth of one core at most
_MUCH = 0.05  # of the articles changed: then the calibration is measured anew, beside the classifier

_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Moment:
    """A base at one moment: its revision, and what search knows."""

    revision: int
    entries: Sequence[Entry]
    outside: Sequence[tuple[str, Vectors]]


class Learner:
    """One a process; `key` names encoder and method, `collecting` gives confirmed questions."""

    def __init__(
        self,
        store: ArticleStore,
        key: str,
        collecting: Collecting | None,
        moment: Callable[[], Awaitable[Moment]],
        use: Callable[[Learned], Awaitable[None]],
        look_seconds: float = _LOOK_SECONDS,
    ) -> None:
        """`moment` gives the base as it stands; `use` puts what was learned in force."""
        self._store, self._collecting, self._moment, self._use = store, collecting, moment, use
        self._look_seconds = look_seconds
        self.key = key
        self.learned = nothing_learned()
        self._on = -1
        self._revision = 0
        self._stale = asyncio.Event()

    @property
    def ready(self) -> bool:
        return self._on >= 0

    @property
    def _learned_all(self) -> bool:
        return self._on == self._revision and self.learned.calibration.base_version != ""

    def moved_to(self, revision: int) -> None:
        """The base stands there now."""
        self._revision = revision
        if not self._learned_all:
            self._stale.set()

    async def begin(self) -> None:
        """Take what is in force, or learn what serves: the classifier, with the calibration that ships.

        That takes seconds; to measure a calibration, and to hear confirmed questions, takes longer and comes after.
        """
        await self.take()
        if self.ready:
            return
        moment = await self._moment()
        lesson = Lesson(str(moment.revision), moment.entries, moment.outside)
        if not lesson.small:
            lesson = Lesson("", moment.entries, moment.outside, shipped_calibration(is_lonely(moment.entries)))
        await self._learn(lesson, moment.revision)

    async def take(self) -> None:
        """Use what is in force in the store, if it is another."""
        held = await self._store.calibration(self.key)
        if held is None:
            return
        revision, data = held
        try:
            learned = await asyncio.to_thread(Learned.from_json, data)
        except (BadClassifier, KeyError, TypeError) as error:
            _log.warning("learned_unreadable", cause=str(error))
            return
        in_force = self.learned.calibration, self.learned.hearing
        if revision != self._on or (learned.calibration, learned.hearing) != in_force:
            await self._put_in_force(learned, revision)

    async def lesson(self, anew: bool = True) -> Lesson:
        """What there is to learn from; `anew` leaves out the calibration in force where the base has changed much."""
        mark = await self._collecting.mark() if self._collecting else ""
        confirmed = await self._collecting.confirmed() if self._collecting else []
        moment, learned = await self._moment(), self.learned
        kept = self._still_good(moment) if anew else learned.calibration
        return Lesson(str(moment.revision), moment.entries, moment.outside, kept, confirmed, mark, learned.hearing)

    async def run(self) -> None:
        """Learn what has changed, until cancelled."""
        while wanted():
            if not self._stale.is_set():
                await self._something_new()
            self._stale.clear()
            try:
                while not (self._learned_all and await self._heard_all()) and wanted():
                    if await self._store.may_calibrate(self.key):
                        began = time.monotonic()
                        lesson = await self.lesson()
                        await self._learn(lesson, int(lesson.base_version))
                        await self._store.pause_calibration(self.key, _REST * (time.monotonic() - began))
                    else:
                        await asyncio.sleep(_STALE_SECONDS)
            except (StoreUnavailable, RuntimeError) as error:
                _log.warning("learning_failed", cause=str(error))
                await asyncio.sleep(_STALE_SECONDS)
                self._stale.set()

    async def _something_new(self) -> None:
        """Until the base moves, or it is time to look for confirmed questions."""
        try:
            await asyncio.wait_for(self._stale.wait(), self._look_seconds)
        except TimeoutError:
            return

    async def _heard_all(self) -> bool:
        return self._collecting is None or await self._collecting.mark() == self.learned.hearing.mark

    def _still_good(self, moment: Moment) -> Calibration | None:
        """The calibration in force, as long as little of the base has changed since it was measured."""
        measured_on = self.learned.calibration.base_version
        if measured_on and 0 <= moment.revision - int(measured_on) < max(1, len(moment.entries) * _MUCH):
            return self.learned.calibration
        return None

    async def _learn(self, lesson: Lesson, revision: int) -> None:
        learned = await learn_aside(lesson)
        await self._put_in_force(learned, revision)
        await self._store.keep_calibration(self.key, revision, learned.as_json())

    async def _put_in_force(self, learned: Learned, revision: int) -> None:
        await self._use(learned)
        self.learned, self._on = learned, revision
        heard = learned.hearing
        _log.info(
            "knowledge_learned",
            revision=revision,
            calibrated_on=learned.calibration.base_version,
            confirmed=heard.asked,
            heard=heard.heard,
            gained=heard.gained,
            lost=heard.lost,
        )


def wanted() -> bool:
    """False once this task is cancelled: a cancellation that arrives together with Redis' answer is else lost."""
    task = asyncio.current_task()
    return task is None or not task.cancelling()
