"""What suggestions are compared with: BM25 over the same articles and macros."""

from __future__ import annotations

from collections.abc import Sequence

import bm25s
import rjieba

from knowledge_base.encoder import prepared
from knowledge_base.shipped import read_articles
from knowledge_base.suggesting.client import SuggestingClient


class Bm25:
    """Each article and macro is one document: its wordings, its question and its answer."""

    def __init__(self, ids: Sequence[str], documents: Sequence[str]) -> None:
        self._ids = list(ids)
        self._index = bm25s.BM25()
        self._index.index([_words(document) for document in documents], show_progress=False)

    @classmethod
    async def over(cls, client: SuggestingClient) -> Bm25:
        ids, documents = [], []
        for article in read_articles():
            ids.append(article.id)
            documents.append(
                "\n".join(part for text in article.texts.values() for part in (*text.asked(), text.answer))
            )
        for macro in await client.macros():
            ids.append(macro["id"])
            asked = [wording for wordings in macro["asked"].values() for wording in wordings]
            documents.append("\n".join([*asked, *macro["title"].values(), *macro["text"].values()]))
        return cls(ids, documents)

    def best(self, text: str, most: int) -> list[str]:
        words = _words(text)
        if not words:
            return []
        found, scores = self._index.retrieve([words], k=most, show_progress=False)
        return [self._ids[place] for place, score in zip(found[0], scores[0], strict=True) if score > 0]


def _words(text: str) -> list[str]:
    """Words and their single characters: short messages share few whole words."""
    words = [word for word in rjieba.cut(prepared(text)) if word.strip()]
    return [*words, *(character for word in words if len(word) > 1 and not word.isascii() for character in word)]
