"""A rating is what a customer thinks of the service: one to five points, and perhaps a word about it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from desk.errors import DeskError

LEAST, MOST = 1, 5
LONGEST_COMMENT = 500


@dataclass(frozen=True)
class Rating:
    """The last one given in `conversation`; `score` from 1 to 5, the best."""

    conversation: str
    score: int
    comment: str
    at: datetime


def rating_of(conversation: str, score: Any, comment: Any, at: datetime) -> Rating:
    """The rating, its comment cut to 500 characters. Raises DeskError for a score that is none."""
    if isinstance(score, bool) or not isinstance(score, int) or not LEAST <= score <= MOST:
        raise DeskError(f"a score is a number from {LEAST} to {MOST}")
    return Rating(conversation, score, str(comment or "").strip()[:LONGEST_COMMENT], at)
