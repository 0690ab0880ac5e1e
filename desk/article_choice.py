"""The payload of a button that offers an article: what a choice among articles is made of, and what a tap says."""

import json
from dataclasses import dataclass
from typing import Any

CHOOSE = "/choose_article"


@dataclass(frozen=True)
class ArticleReference:
    id: str
    version: int | None = None


def chosen_article(payload: str) -> ArticleReference | None:
    """The article that a button stands for; None when it is another button, or cannot be read."""
    if not payload.startswith(CHOOSE):
        return None
    try:
        slots: Any = json.loads(payload.removeprefix(CHOOSE))
        version = slots.get("article_version")
        return ArticleReference(str(slots["article_id"]), None if version is None else int(version))
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
