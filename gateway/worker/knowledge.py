"""What the knowledge base says about a message, or nothing when it is down: a turn goes on either way."""

from gateway.worker.breaker import Breaker, BreakerOpen, Seconds
from knowledge_base.client import KnowledgeClient, KnowledgeUnavailable, RenderedArticle, Understanding


class Knowledge:
    """The knowledge server behind a breaker; `client` belongs to the caller."""

    def __init__(self, client: KnowledgeClient, seconds: float, clock: Seconds) -> None:
        self._client = client
        self._seconds = seconds
        self.breaker = Breaker(clock, KnowledgeUnavailable, pause=1.0, longest=5.0)

    async def understand(self, text: str, language: str) -> Understanding | None:
        try:
            return await self.breaker.call(
                lambda: self._client.understand(text, language=language, timeout=self._seconds)
            )
        except (KnowledgeUnavailable, BreakerOpen):
            return None

    async def article(self, article_id: str, language: str) -> RenderedArticle | None:
        """None when there is no such article, and when it cannot be had now."""
        try:
            return await self.breaker.call(lambda: self._client.article(article_id, language))
        except (KnowledgeUnavailable, BreakerOpen):
            return None
