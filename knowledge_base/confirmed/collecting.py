"""The confirmed questions of the store, with their vectors, as a lesson needs them."""

from __future__ import annotations

from collections.abc import Sequence

from knowledge_base.confirmed.question import ConfirmedQuestion
from knowledge_base.confirmed.store import ConfirmedStore
from knowledge_base.crossvalidation import Confirmed
from knowledge_base.encoder import prepared
from knowledge_base.kept_vectors import KeptVectors


class Collecting:
    """Reads the whole of them, but encodes only what is new."""

    def __init__(self, store: ConfirmedStore, kept: KeptVectors) -> None:
        self._store, self._kept = store, kept

    async def mark(self) -> str:
        """Names the whole of what is kept: another one after every change."""
        return await self._store.mark()

    async def confirmed(self) -> list[Confirmed]:
        """Every question, prepared; the same one to the same article counts once."""
        asked = _by_article(await self._store.all())
        vectors = await self._kept.of([(f":confirmed:{article}", texts) for article, texts in asked.items()])
        return [
            Confirmed(article, text, vector)
            for (article, texts), rows in zip(asked.items(), vectors, strict=True)
            for text, vector in zip(texts, rows, strict=True)
        ]


def _by_article(questions: Sequence[ConfirmedQuestion]) -> dict[str, tuple[str, ...]]:
    by_article: dict[str, dict[str, None]] = {}
    for question in questions:
        if text := prepared(question.asked):
            by_article.setdefault(question.article, {})[text] = None
    return {article: tuple(texts) for article, texts in by_article.items()}
