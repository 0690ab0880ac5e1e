"""What the knowledge server says about one text, as its clients see it (standard library, Python 3.10 and later)."""

from __future__ import annotations

import base64
import struct
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

ANSWER, CHOICE, UNKNOWN = "answer", "choice", "unknown"


@dataclass(frozen=True)
class EncoderIdentity:
    """Which encoder made a vector; vectors of two identities must never be compared."""

    name: str
    version: str
    dimension: int

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> EncoderIdentity:
        return cls(str(data["name"]), str(data["version"]), int(data["dimension"]))

    def as_json(self) -> dict[str, Any]:
        return {"name": self.name, "version": self.version, "dimension": self.dimension}


@dataclass(frozen=True)
class RenderedArticle:
    """An article in one language; `audience` is `customer`, or `agent` when customers may not see it."""

    id: str
    version: int
    question: str
    answer: str
    category: str
    flow: str | None = None
    audience: str = "customer"

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> RenderedArticle:
        version, flow, audience = int(data["version"]), data.get("flow"), data.get("audience") or "customer"
        return cls(data["id"], version, data["question"], data["answer"], data["category"], flow, audience)

    def as_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "version": self.version,
            "question": self.question,
            "answer": self.answer,
            "category": self.category,
            "flow": self.flow,
            "audience": self.audience,
        }


@dataclass(frozen=True)
class Why:
    """Why an article was found: its nearest phrasing with the likeness (cosine), that of the middle of all its
    phrasings, the share of wording in common, and the probabilities that classifier and reranker give, None without
    one (that of the reranker is then not in the JSON)."""

    phrasing: str
    similarity: float
    centroid: float
    lexical: float
    classifier: float | None
    reranker: float | None = None

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Why:
        nearest, learned, reread = data["phrasing"], data.get("classifier"), data.get("reranker")
        return cls(
            phrasing=str(nearest["text"]),
            similarity=float(nearest["similarity"]),
            centroid=float(data["centroid"]),
            lexical=float(data["lexical"]),
            classifier=None if learned is None else float(learned),
            reranker=None if reread is None else float(reread),
        )

    def as_json(self) -> dict[str, Any]:
        return {
            "phrasing": {"text": self.phrasing, "similarity": self.similarity},
            "centroid": self.centroid,
            "lexical": self.lexical,
            "classifier": self.classifier,
            **({} if self.reranker is None else {"reranker": self.reranker}),
        }


@dataclass(frozen=True)
class ArticleMatch:
    """An article that may answer the text; `confidence` is the probability (0-1) that it is the right one."""

    id: str
    version: int
    confidence: float
    question: str
    answer: str
    category: str
    flow: str | None = None
    why: Why | None = None
    audience: str = "customer"

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> ArticleMatch:
        shown, why = RenderedArticle.from_json(data), data.get("why")
        found = cls.of(shown, float(data["confidence"]))
        return replace(found, why=Why.from_json(why)) if why else found

    @classmethod
    def of(cls, article: RenderedArticle, confidence: float) -> ArticleMatch:
        return cls(
            id=article.id,
            version=article.version,
            confidence=confidence,
            question=article.question,
            answer=article.answer,
            category=article.category,
            flow=article.flow,
            audience=article.audience,
        )

    def as_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "version": self.version,
            "confidence": self.confidence,
            "question": self.question,
            "answer": self.answer,
            "category": self.category,
            "flow": self.flow,
            "audience": self.audience,
            **({"why": self.why.as_json()} if self.why else {}),
        }


@dataclass(frozen=True)
class ReadPart:
    """A part of a text that was also read by itself; `vector` as in Understanding."""

    text: str
    vector: str


@dataclass(frozen=True)
class Understanding:
    """One text understood: `outcome` is `answer`, `choice` or `unknown`; `articles` holds at most five, best first.

    `articles` is filled for `unknown` too, with the low confidences measured: an agent may still want to see them.
    `also` answers further questions of the same text, in its order; the first of `articles` answers one of them.
    `parts`: the sentences or wishes of a text of several, which were read one by one too.
    `vector` is base64 of little-endian float32, ready to be passed on.
    """

    vector: str
    encoder: EncoderIdentity
    base_version: str
    outcome: str
    articles: tuple[ArticleMatch, ...]
    also: tuple[ArticleMatch, ...] = ()
    parts: tuple[ReadPart, ...] = ()

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Understanding:
        return cls(
            vector=str(data["vector"]),
            encoder=EncoderIdentity.from_json(data["encoder"]),
            base_version=str(data["base_version"]),
            outcome=str(data["outcome"]),
            articles=tuple(ArticleMatch.from_json(item) for item in data["articles"]),
            also=tuple(ArticleMatch.from_json(item) for item in data.get("also") or ()),
            parts=tuple(ReadPart(str(one["text"]), str(one["vector"])) for one in data.get("parts") or ()),
        )

    def as_json(self) -> dict[str, Any]:
        return {
            "vector": self.vector,
            "encoder": self.encoder.as_json(),
            "base_version": self.base_version,
            "outcome": self.outcome,
            "articles": [match.as_json() for match in self.articles],
            "also": [match.as_json() for match in self.also],
            "parts": [{"text": part.text, "vector": part.vector} for part in self.parts],
        }

    def values(self) -> tuple[float, ...]:
        """The vector as floats."""
        return unpack_vector(self.vector)


def unpack_vector(packed: str) -> tuple[float, ...]:
    """The floats of base64 little-endian float32; ValueError when it is something else."""
    raw = base64.b64decode(packed, validate=True)
    if len(raw) % 4:
        raise ValueError("not a vector of float32")
    return struct.unpack(f"<{len(raw) // 4}f", raw)
