"""What the doors ask of the knowledge base: articles for an agent's reply."""

from collections.abc import Sequence
from typing import Any, Protocol

from pydantic import BaseModel

from gateway.problems import DoorError
from knowledge_base.client import KnowledgeUnavailable


class Article(BaseModel):
    """One article in the asked language; `confidence` is the probability that it is the right one."""

    id: str
    version: int
    question: str
    answer: str
    confidence: float


class Understanding(Protocol):
    """At most five articles, best first, each with the fields of `Article`."""

    @property
    def articles(self) -> Sequence[Any]: ...


class Knowledge(Protocol):
    """The part of `knowledge_base.client.KnowledgeClient` that the doors use."""

    async def understand(
        self,
        text: str,
        language: str | None = None,
        audience: str = "customer",
        timeout: float = 0.3,  # noqa: ASYNC109 - the client's own signature
    ) -> Understanding: ...


async def articles_for(knowledge: Knowledge, text: str, language: str | None, seconds: float) -> list[Article]:
    """The articles that fit `text`. Raises DoorError("knowledge_unavailable")."""
    try:
        found = await knowledge.understand(text, language=language, audience="agent", timeout=seconds)
    except KnowledgeUnavailable as error:
        raise DoorError("knowledge_unavailable") from error
    return [
        Article(id=one.id, version=one.version, question=one.question, answer=one.answer, confidence=one.confidence)
        for one in found.articles
    ]
