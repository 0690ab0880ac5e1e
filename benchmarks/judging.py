"""Whether an answer was right: which article's words, or which order, the replies contain."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.workload import Message
from knowledge_base.article import LANGUAGES, Article
from knowledge_base.shipped import read_articles

_MARKS = re.compile(r"[\s*#>_`-]+")  # clients get Markdown, plain text, or paragraphs one by one
_ENOUGH = 100  # characters tell one answer from another
_CHOSEN = "/choose_article"

Replies = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Judge:
    """Knows the beginnings of all answers, in every language and script: article by beginning."""

    beginnings: Mapping[str, str]

    @classmethod
    def of(cls, articles: Iterable[Article]) -> Judge:
        """Raises ValueError when two articles begin alike."""
        beginnings: dict[str, str] = {}
        for article in articles:
            for language in LANGUAGES:
                beginning = _plain(article.render(language, 0).answer)[:_ENOUGH]
                if beginnings.setdefault(beginning, article.id) != article.id:
                    raise ValueError(f"{article.id} and {beginnings[beginning]} begin alike")
        return cls(beginnings)

    @classmethod
    def of_shipped(cls) -> Judge:
        return cls.of(read_articles())

    def outcome(self, message: Message, replies: Replies) -> str:
        """`silent`; right|choice|wrong|none for a question; right|none for an order; article|choice|none else."""
        if not replies:
            return "silent"
        text = "".join(str(reply.get("text") or "") for reply in replies)
        if message.kind == "order":
            return "right" if message.order and message.order in text else "none"
        found = self.article(text)
        offered = _offered(replies)
        if not message.articles:
            return "article" if found else "choice" if offered else "none"
        if found:
            return "right" if found in message.articles else "wrong"
        return "choice" if offered & set(message.articles) else "none"

    def article(self, text: str) -> str | None:
        """Whose answer the text contains."""
        plain = _plain(text)
        return next((article for beginning, article in self.beginnings.items() if beginning in plain), None)


def _plain(text: str) -> str:
    return _MARKS.sub("", text)


def _offered(replies: Replies) -> set[str]:
    """The articles among which the customer may choose."""
    buttons = [button["payload"] for reply in replies for button in reply.get("buttons") or ()]
    return {json.loads(p.removeprefix(_CHOSEN))["article_id"] for p in buttons if p.startswith(_CHOSEN)}
