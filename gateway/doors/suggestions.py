"""Replies offered to an agent: the articles that fit what the customer wrote last."""

from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel

from desk import Conversation, Event
from gateway.doors.context import Doors
from gateway.doors.knowledge import Article, articles_for

_AT_MOST = 3
_LOOK_BACK = 60  # events
_MESSAGES = 3
_SECONDS = 2.0


class Source(BaseModel):
    kind: Literal["article"] = "article"
    id: str
    version: int
    title: str


class Suggestion(BaseModel):
    id: str
    text: str
    source: Source
    confidence: float


class Suggestions(BaseModel):
    for_seq: int
    suggestions: list[Suggestion]


async def suggestions_for(doors: Doors, conversation: Conversation) -> Suggestions:
    """Suggestions for the customer's latest messages; none when there is nothing to answer."""
    events = await doors.desk.events(conversation.id, max(0, conversation.seq - _LOOK_BACK), _LOOK_BACK)
    asked = unanswered(events)
    text = "\n".join(event.text for event in asked)
    for_seq = asked[-1].seq if asked else conversation.seq
    if not text:
        return Suggestions(for_seq=for_seq, suggestions=[])
    articles = await articles_for(doors.knowledge, text, conversation.language, _SECONDS)
    return Suggestions(for_seq=for_seq, suggestions=[_suggestion(article) for article in articles[:_AT_MOST]])


def unanswered(events: Sequence[Event]) -> list[Event]:
    """The customer's last few messages that neither an agent nor an article has answered; else the last few."""
    messages = [event for event in events if event.type == "message" and event.text]
    said = [event for event in messages if event.author.role == "customer" and event.payload is None]
    answers = [event for event in messages if event.author.role == "agent" or event.body.get("article")]
    answered = max((event.seq for event in answers), default=0)
    since = [event for event in said if event.seq > answered]
    return (since or said)[-_MESSAGES:]


def _suggestion(article: Article) -> Suggestion:
    source = Source(id=article.id, version=article.version, title=article.question)
    return Suggestion(
        id=f"{article.id}@{article.version}", text=article.answer, source=source, confidence=article.confidence
    )
