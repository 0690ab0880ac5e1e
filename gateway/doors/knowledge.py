"""What the doors ask of the knowledge base: articles and replies for agents."""

from collections.abc import Sequence
from typing import Any, Protocol

from pydantic import BaseModel

from gateway.problems import DoorError
from knowledge_base.client import KnowledgeUnavailable
from knowledge_base.confirmed.question import ConfirmedQuestion
from knowledge_base.suggesting.answered import Answered
from knowledge_base.suggesting.candidate import Candidate
from knowledge_base.suggesting.client import Outcome
from knowledge_base.suggesting.moment import Moment


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
    """The part of `knowledge_base.suggesting.client.SuggestingClient` that the doors use."""

    async def understand(
        self,
        text: str,
        language: str | None = None,
        audience: str = "customer",
        timeout: float = 0.3,  # noqa: ASYNC109 - the client's own signature
    ) -> Understanding: ...

    async def suggest(self, moment: Moment, most: int = 8, seconds: float = 0.25) -> list[Candidate]: ...

    async def search_macros(self, text: str, language: str, most: int = 5) -> list[Candidate]: ...

    async def macros(self) -> list[dict[str, Any]]: ...

    async def note(self, outcomes: Sequence[Outcome]) -> None: ...

    async def add_answered(self, answers: Sequence[Answered]) -> None: ...

    async def add_confirmed(self, questions: Sequence[ConfirmedQuestion]) -> None: ...


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
