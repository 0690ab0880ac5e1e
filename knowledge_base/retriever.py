"""The retriever answers one text: which articles, how sure, and whether to answer, to offer a choice, or to say no."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from knowledge_base.article import CUSTOMER, Article
from knowledge_base.calibration import Calibration
from knowledge_base.encoder import prepared
from knowledge_base.homophones import Homophones
from knowledge_base.learning import Learned, nothing_learned
from knowledge_base.reranking.reranker import passage_of
from knowledge_base.reranking.reranking import Reranking
from knowledge_base.reranking.voice import SURE
from knowledge_base.search import Candidate, Entry, Search
from knowledge_base.understanding import (
    ANSWER,
    ArticleMatch,
    EncoderIdentity,
    RenderedArticle,
    Understanding,
    Why,
)
from knowledge_base.vectors import Vectors


@dataclass(frozen=True)
class Edition:
    """An article in one of its versions."""

    article: Article
    version: int


@dataclass(frozen=True)
class Topic:
    """What a conversation is about: the articles answered last, and the previous and the new text together."""

    articles: tuple[str, ...]
    text: str
    vector: Vectors


class Retriever:
    """Articles and their search, together always of one moment; used by one thread."""

    def __init__(self, encoder: EncoderIdentity, search: Search, today: Callable[[], date] | None = None) -> None:
        """`today` says which articles are valid; without it all are."""
        self._encoder, self._search, self._today = encoder, search, today
        self._editions: dict[str, Edition] = {}
        self._homophones = Homophones()
        self._learned = nothing_learned()
        self.reranking: Reranking | None = None
        self.base_version = ""

    def __len__(self) -> int:
        return len(self._editions)

    def versions(self) -> dict[str, int]:
        """The version held of each article."""
        return {article_id: edition.version for article_id, edition in self._editions.items()}

    def version(self, article_id: str) -> int:
        """The version held of an article, 0 for an unknown one."""
        edition = self._editions.get(article_id)
        return edition.version if edition else 0

    def entries(self) -> tuple[Entry, ...]:
        """What search knows, to calibrate on."""
        return self._search.entries()

    @property
    def calibration(self) -> Calibration:
        return self._learned.calibration

    def learn(self, learned: Learned) -> None:
        """Use what was learned from now on."""
        self._learned = learned
        self._search.learn(learned.classifier)

    def put(self, edition: Edition, entry: Entry) -> None:
        """Take in an article, new or changed."""
        self._homophones.remove(self._search.phrasings(edition.article.id))
        self._homophones.put(entry.phrasings)
        self._search.put(entry)
        self._editions[edition.article.id] = edition

    def remove(self, article_id: str) -> None:
        """Forget an article; an unknown one is ignored."""
        self._homophones.remove(self._search.phrasings(article_id))
        self._search.remove(article_id)
        self._editions.pop(article_id, None)

    def editions(self) -> list[Edition]:
        """Every article, by id."""
        return [self._editions[article_id] for article_id in sorted(self._editions)]

    def article(self, article_id: str, language: str) -> RenderedArticle | None:
        """One article in `language`, or None."""
        edition = self._editions.get(article_id)
        return edition.article.render(language, edition.version) if edition else None

    def read(self, text: str) -> str:
        """What a customer wrote, `prepared` and with slips of the keyboard mended: the text to encode and search."""
        return self._homophones.mended(prepared(text))

    def understand(
        self, text: str, vector: Vectors, language: str, audience: str = CUSTOMER, explain: bool = False
    ) -> Understanding:
        """What a text as it was `read` asks for; articles in `language`, none that `audience` may not see."""
        return self._understood(text, vector, language, explain, lambda shown: shown.for_audience(audience))

    def follow_up(
        self, topic: Topic, vector: Vectors, language: str, audience: str = CUSTOMER, explain: bool = False
    ) -> Understanding | None:
        """What a text asks for as the continuation of what was answered; None where that gives no other answer.

        `topic.vector` is that of both texts together, `vector` that of the new one, which the understanding keeps.
        """
        editions = [self._editions[one] for one in topic.articles if one in self._editions]
        categories = {edition.article.category for edition in editions}

        def near(article: Article) -> bool:
            known = article.id in topic.articles  # nobody asks again for what was just answered
            return not known and article.category in categories and article.for_audience(audience)

        understood = self._understood(topic.text, topic.vector, language, explain, near)
        return replace(understood, vector=pack(vector)) if understood.outcome == ANSWER else None

    def _understood(
        self, text: str, vector: Vectors, language: str, explain: bool, wanted: Callable[[Article], bool]
    ) -> Understanding:
        candidates = self._candidates(text, vector, wanted)
        scope = self._search.in_scope(vector)
        candidates, calibration = self._looked_at_again(text, candidates, scope, language)
        confidences = calibration.confidences(candidates, scope)
        matches = tuple(
            self._match(candidate, language, confidence, explain)
            for candidate, confidence in zip(candidates, confidences, strict=False)
        )
        return Understanding(
            vector=pack(vector),
            encoder=self._encoder,
            base_version=self.base_version,
            outcome=calibration.outcome(candidates, scope),
            articles=matches,
        )

    def _candidates(self, text: str, vector: Vectors, wanted: Callable[[Article], bool]) -> list[Candidate]:
        if not text:  # nothing but faces
            return []
        day = self._today() if self._today else None

        def allowed(article_id: str) -> bool:
            article = self._editions[article_id].article
            return wanted(article) and (day is None or article.valid_on(day))

        return self._search.candidates(text, vector, allowed)

    def _looked_at_again(
        self, text: str, candidates: list[Candidate], scope: float, language: str
    ) -> tuple[list[Candidate], Calibration]:
        """The candidates in the order that holds, with the calibration that belongs to it."""
        plain = self.calibration
        if self.reranking is None or not candidates or plain.confidences(candidates, scope)[0] >= SURE:
            return candidates, plain

        def passage(article_id: str) -> str:
            return passage_of(self._editions[article_id].article, language)

        ranked = self.reranking.ranked(text, candidates, passage)
        voice = self.reranking.voice
        return (ranked, voice.calibration or plain) if ranked and voice else (candidates, plain)

    def _match(self, candidate: Candidate, language: str, confidence: float, explain: bool) -> ArticleMatch:
        edition = self._editions[candidate.article_id]
        shown = edition.article.render(language, edition.version)
        return replace(ArticleMatch.of(shown, round(confidence, 4)), why=_why(candidate) if explain else None)


def _why(candidate: Candidate) -> Why:
    learned = candidate.classifier
    return Why(
        phrasing=candidate.phrasing,
        similarity=round(candidate.similarity, 4),
        centroid=round(candidate.centroid, 4),
        lexical=round(candidate.lexical, 4),
        classifier=None if learned is None else round(learned, 4),
        reranker=None if candidate.reranker is None else round(candidate.reranker, 4),
    )


def pack(vector: Vectors) -> str:
    """Base64 of little-endian float32."""
    return base64.b64encode(np.asarray(vector, "<f4").tobytes()).decode("ascii")
