"""One confirmed question; personal data are gone before it comes here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from knowledge_base.article import is_article_id

LONGEST = 300  # characters
By = Literal["customer", "agent"]
_MOST_INSTEAD = 10


class BadConfirmed(Exception):
    """Raised for what is no confirmed question; says which field."""

    code = "bad_confirmed"


@dataclass(frozen=True)
class ConfirmedQuestion:
    """What a customer `asked`, and the `article` that was right.

    `by` customer: they chose it among several and needed nobody after that; by agent: it was the answer of one.
    `instead_of` are articles that the bot had given before, which were not what was asked.
    """

    conversation: str
    seq: int
    asked: str
    article: str
    by: By
    instead_of: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """The same for the same message: storing it twice does no harm."""
        return f"{self.conversation}.{self.seq}"

    def as_json(self) -> dict[str, Any]:
        return {**vars(self), "instead_of": list(self.instead_of)}


def parse_confirmed(data: Mapping[str, Any]) -> ConfirmedQuestion:
    """Raises BadConfirmed."""
    try:
        question = ConfirmedQuestion(
            conversation=str(data["conversation"]),
            seq=int(data["seq"]),
            asked=" ".join(str(data["asked"]).split()),
            article=str(data["article"]),
            by=data["by"],
            instead_of=tuple(str(one) for one in data.get("instead_of") or ())[:_MOST_INSTEAD],
        )
    except (KeyError, TypeError, ValueError) as error:
        raise BadConfirmed(f"{type(error).__name__}: {error}") from error
    if not 0 < len(question.asked) <= LONGEST:
        raise BadConfirmed(f"asked: 1 to {LONGEST} characters")
    if question.by not in ("customer", "agent"):
        raise BadConfirmed("by: customer or agent")
    if not all(is_article_id(one) for one in (question.article, *question.instead_of)):
        raise BadConfirmed("article, instead_of: ids of articles")
    if not 0 < len(question.conversation) <= 120 or question.seq < 0:
        raise BadConfirmed("conversation, seq: which message it was")
    return question
