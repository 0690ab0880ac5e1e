"""What the knowledge base says about a message, or nothing when it is down: a turn goes on either way."""

import asyncio
from dataclasses import dataclass

from desk import Desk, Event
from gateway.worker.breaker import Breaker, BreakerOpen, Seconds
from knowledge_base.client import KnowledgeClient, KnowledgeUnavailable, RenderedArticle, Understanding

_LONGEST_CONTINUATION = 60  # characters; what is longer stands by itself, and costs no look at the log
_EVENTS_BEFORE = 8
# The server encodes one text after the other: what stands in line here does not use up the time it is given there.
_AT_ONCE = 8
_LONGEST_IN_LINE = 2.0  # seconds


@dataclass(frozen=True)
class Before:
    """What was said before a message: the ids of the articles answered last, and the customer's text before this."""

    articles: tuple[str, ...] = ()
    text: str = ""


NOTHING_BEFORE = Before()


async def look_back(desk: Desk, message: Event, seq: int) -> Before:
    """What was said before event `seq`, where `message` begins.

    Nothing unless it may be a continuation and the bot's last answer was an article.
    """
    if len(message.text) > _LONGEST_CONTINUATION:
        return NOTHING_BEFORE
    first = max(0, seq - 1 - _EVENTS_BEFORE)
    events = await desk.events(message.conversation, after=first, limit=seq - 1 - first)
    said = [event for event in events if event.type == "message" and event.seq < seq]
    answers = [event for event in said if event.author.role == "bot" and not event.body.get("notice")]
    asked = [event for event in said if event.author.role == "customer" and not event.payload]
    article = answers[-1].body.get("article") if answers else None
    return Before((article["id"],), asked[-1].text) if article and asked else NOTHING_BEFORE


class Knowledge:
    """The knowledge server behind a breaker; `client` belongs to the caller."""

    def __init__(self, client: KnowledgeClient, seconds: float, clock: Seconds) -> None:
        self._client = client
        self._seconds = seconds
        self.breaker = Breaker(clock, KnowledgeUnavailable, pause=1.0, longest=5.0)
        self._line = asyncio.Semaphore(_AT_ONCE)

    async def understand(self, text: str, language: str, before: Before = NOTHING_BEFORE) -> Understanding | None:
        """What a text asks for; with what was said `before`, a short continuation keeps its topic.

        None when the server cannot say, or when too many others wait for it.
        """
        try:
            async with asyncio.timeout(_LONGEST_IN_LINE):
                await self._line.acquire()
        except TimeoutError:
            return None
        try:
            return await self.breaker.call(
                lambda: self._client.understand(
                    text,
                    language=language,
                    timeout=self._seconds,
                    answered=before.articles,
                    said_before=before.text,
                )
            )
        except (KnowledgeUnavailable, BreakerOpen):
            return None
        finally:
            self._line.release()

    async def article(self, article_id: str, language: str) -> RenderedArticle | None:
        """None when there is no such article, and when it cannot be had now."""
        try:
            return await self.breaker.call(lambda: self._client.article(article_id, language))
        except (KnowledgeUnavailable, BreakerOpen):
            return None
