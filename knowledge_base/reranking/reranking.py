"""Second looks while customers wait: within a budget, and never at the price of the answer."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLate

import numpy as np
import structlog

from knowledge_base.reranking.reranker import Reranker
from knowledge_base.reranking.voice import SECOND_LOOKS, Voice, joined
from knowledge_base.search import Candidate

BUDGET = 0.15  # seconds a message, all of its parts together: the worker waits .3 s for everything
_LATE_IN_A_ROW = 3
_REST_SECONDS = 60.0  # ... and then it is left alone: nobody is to wait for what is dropped

_log = structlog.get_logger(__name__)


class Reranking:
    """A reranker with the thread it works on; used by the encoder's thread, which waits no longer than the budget."""

    def __init__(
        self, reranker: Reranker, seconds: float = BUDGET, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.reranker = reranker
        self.voice: Voice | None = None  # none until it was measured: nothing is read twice before
        self._budget = self._left = seconds
        self._clock = clock
        # Of its own, because a model at work cannot be interrupted: the encoder goes on without it.
        self._executor = ThreadPoolExecutor(1, thread_name_prefix="reranker")
        self._at_work: Future[list[float]] | None = None
        self._late = 0
        self._resting_until = 0.0

    def begin(self) -> None:
        """A new message: the whole budget is there again."""
        self._left = self._budget

    def ranked(
        self, text: str, candidates: Sequence[Candidate], passage_of: Callable[[str], str]
    ) -> list[Candidate] | None:
        """The candidates as the reranker would have them too; None when it has no say, fails or is late."""
        voice = self.voice
        if voice is None or not voice.weight or len(candidates) < 2 or not self._may_look():
            return None
        first = candidates[:SECOND_LOOKS]
        scores = self._scores(text, [passage_of(candidate.article_id) for candidate in first])
        return joined(candidates, scores, voice.temperature, voice.weight) if scores else None

    def _may_look(self) -> bool:
        idle = self._at_work is None or self._at_work.done()
        return idle and self._left > 0 and self._clock() >= self._resting_until

    def _scores(self, text: str, passages: Sequence[str]) -> list[float] | None:
        began = self._clock()
        self._at_work = self._executor.submit(self.reranker.scores, text, passages)
        try:
            scores = self._at_work.result(timeout=self._left)
            if len(scores) != len(passages) or not np.isfinite(scores).all():
                raise ValueError("not one number a passage")
        except TooLate:
            self._missed("late")
            return None
        except Exception as error:  # noqa: BLE001 - whatever a model does, the order without it stands
            self._missed(type(error).__name__)
            return None
        finally:
            self._left -= self._clock() - began
        self._late = 0
        return scores

    def _missed(self, cause: str) -> None:
        self._late += 1
        _log.warning("reranker_without_effect", cause=cause, in_a_row=self._late)
        if self._late >= _LATE_IN_A_ROW:
            self._late, self._resting_until = 0, self._clock() + _REST_SECONDS
            _log.warning("reranker_left_alone", seconds=_REST_SECONDS)

    def close(self) -> None:
        """Let no more begin; what is at work ends by itself."""
        self._executor.shutdown(wait=False, cancel_futures=True)
