"""What is asked of the suggestions for a situation, the same for every caller."""

from __future__ import annotations

from desk.assist.situation import Situation
from knowledge_base.suggesting.macro import SLOTS
from knowledge_base.suggesting.moment import Moment


def moment_of(situation: Situation, language: str | None) -> Moment:
    """The moment that a situation is; `language` is the conversation's."""
    known = frozenset(situation.facts) | ({"phone_masked"} if "phone" in situation.facts else set())
    return Moment(
        asked=situation.asked,
        before=situation.before,
        language=language if language in ("zh-Hant", "en") else "zh-Hans",
        mood=situation.mood.name.lower(),
        first=situation.first,
        known=known & SLOTS,
        gave=situation.gave & SLOTS,
        articles=situation.articles,
    )
