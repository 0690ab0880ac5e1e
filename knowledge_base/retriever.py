"""The retriever answers one text: which articles, how sure, and whether to answer, to offer a choice, or to say no."""

from __future__ import annotations

import base64
from dataclasses import dataclass

import numpy as np

from knowledge_base.article import CUSTOMER, Article
from knowledge_base.calibration import Calibration
from knowledge_base.encoder import Vectors
from knowledge_base.search import Candidate, Entry, Search
from knowledge_base.understanding import (
    ArticleMatch,
    EncoderIdentity,
    RenderedArticle,
    Understanding,
)


@dataclass(frozen=True)
class Edition:
    """An article in one of its versions."""

    article: Article
    version: int


class Retriever:
    """Articles and their search, together always of one moment; used by one thread."""

    def __init__(self, encoder: EncoderIdentity, search: Search) -> None:
        self._encoder, self._search = encoder, search
        self._editions: dict[str, Edition] = {}
        self.calibration = Calibration()
        self.base_version = ""

    def __len__(self) -> int:
        return len(self._editions)

    def versions(self) -> dict[str, int]:
        """The version held of each article."""
        return {article_id: edition.version for article_id, edition in self._editions.items()}

    def entries(self) -> tuple[Entry, ...]:
        """What search knows, to calibrate on."""
        return self._search.entries()

    def put(self, edition: Edition, entry: Entry) -> None:
        """Take in an article, new or changed."""
        self._search.put(entry)
        self._editions[edition.article.id] = edition

    def remove(self, article_id: str) -> None:
        """Forget an article; an unknown one is ignored."""
        self._search.remove(article_id)
        self._editions.pop(article_id, None)

    def editions(self) -> list[Edition]:
        """Every article, by id."""
        return [self._editions[article_id] for article_id in sorted(self._editions)]

    def article(self, article_id: str, language: str) -> RenderedArticle | None:
        """One article in `language`, or None."""
        edition = self._editions.get(article_id)
        return edition.article.render(language, edition.version) if edition else None

    def understand(self, text: str, vector: Vectors, language: str, audience: str = CUSTOMER) -> Understanding:
        """What a `prepared` text with its vector asks for; articles in `language`, none that `audience` may not see."""
        candidates = self._candidates(text, vector, audience)
        confidences = self.calibration.confidences(candidates)
        matches = tuple(
            self._match(candidate.article_id, language, confidence)
            for candidate, confidence in zip(candidates, confidences, strict=False)
        )
        return Understanding(
            vector=pack(vector),
            encoder=self._encoder,
            base_version=self.base_version,
            outcome=self.calibration.outcome(candidates),
            articles=matches,
        )

    def _candidates(self, text: str, vector: Vectors, audience: str) -> list[Candidate]:
        if not text:  # nothing but faces
            return []
        return self._search.candidates(text, vector, lambda article_id: self._visible(article_id, audience))

    def _visible(self, article_id: str, audience: str) -> bool:
        return self._editions[article_id].article.for_audience(audience)

    def _match(self, article_id: str, language: str, confidence: float) -> ArticleMatch:
        edition = self._editions[article_id]
        return ArticleMatch.of(edition.article.render(language, edition.version), round(confidence, 4))


def pack(vector: Vectors) -> str:
    """Base64 of little-endian float32."""
    return base64.b64encode(np.asarray(vector, "<f4").tobytes()).decode("ascii")
