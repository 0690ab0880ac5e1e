"""A question asked of the live base, and counted."""

from __future__ import annotations

import time

from knowledge_base.live_base import Before
from knowledge_base.server.bodies import Question
from knowledge_base.server.knowledge import Knowledge
from knowledge_base.server.metrics import Metrics
from knowledge_base.understanding import Understanding


class Answering:
    """What both doors to `/understand` do."""

    def __init__(self, knowledge: Knowledge, metrics: Metrics) -> None:
        self._knowledge, self._metrics = knowledge, metrics

    async def answer(self, question: Question) -> Understanding:
        """Raises NotReady and TooBusy."""
        began = time.perf_counter()
        context = question.context
        understanding = await self._knowledge.base().understand(
            question.text,
            question.language,
            question.audience,
            explain=question.explain,
            before=Before(tuple(context.articles), context.text) if context else None,
        )
        self._metrics.seconds.observe(time.perf_counter() - began)
        self._metrics.outcomes.labels(understanding.outcome).inc()
        return understanding
