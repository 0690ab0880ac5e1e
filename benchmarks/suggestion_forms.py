"""How far the contact form fills itself: field by field against what a veteran wrote."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from desk.assist.form import CATEGORY, ORDER_NUMBER, PHONE, read_form
from desk.assist.lines import Line
from desk.assist.prefill import prefill
from desk.assist.wanting import what_they_want
from knowledge_base.article import LANGUAGES
from knowledge_base.suggesting.client import SuggestingClient
from reading.script import to_simplified

FIELDS = ("category", "order_number", "phone", "product", "request", "promised")
_ENOUGH = 0.5
_PARTS = re.compile(r"[、;；]|, ")
_SECONDS = 10.0


@dataclass
class FieldScore:
    """`right` of `asked`; of the `there` that have a value `found`; `invented` where there is none."""

    field: str
    right: int = 0
    asked: int = 0
    found: int = 0
    there: int = 0
    invented: int = 0


async def form_scores(
    client: SuggestingClient, conversations: Sequence[tuple[list[Line], dict[str, Any]]]
) -> list[FieldScore]:
    """One score a field."""
    scores = {name: FieldScore(name) for name in FIELDS}
    for lines, conversation in conversations:
        language = conversation.get("language")
        language = language if language in LANGUAGES else "zh-Hans"
        topics = await _topics(client, lines, language)
        filled = prefill(lines, read_form(), topics=topics, language=language)
        for name, score in scores.items():
            if name in conversation["form"]:
                _count(score, filled[name].value, conversation["form"][name])
    return [score for score in scores.values() if score.asked]


async def _topics(client: SuggestingClient, lines: list[Line], language: str) -> dict[str, float]:
    """As the doors ask for them."""
    quote = what_they_want(lines)
    if quote is None:
        return {}
    found: dict[str, float] = {}
    understood = await client.understand(quote.text, language, audience="agent", timeout=_SECONDS)
    for one in understood.articles:
        found[one.category] = found.get(one.category, 0.0) + one.confidence
    return found


def _count(score: FieldScore, ours: str | None, theirs: str | None) -> None:
    right = _same(score.field, ours, theirs)
    score.asked += 1
    score.right += right
    score.there += theirs is not None
    score.found += right and theirs is not None
    score.invented += ours is not None and theirs is None


def _same(field: str, ours: str | None, theirs: str | None) -> bool:
    if ours is None or theirs is None:
        return ours is theirs
    if field == CATEGORY:
        return ours == theirs
    if field == ORDER_NUMBER:
        return _plain(ours) == _plain(theirs)
    if field == PHONE:
        return re.sub(r"\D", "", ours)[-8:] == re.sub(r"\D", "", theirs)[-8:]
    # A request may be two: one of them is what the other one wrote.
    return max(_shared(part, theirs) for part in _PARTS.split(ours) if part) >= _ENOUGH


def _shared(ours: str, theirs: str) -> float:
    """Of the shorter one's neighbouring pairs of characters, how many the longer one has."""
    first, second = (_pairs(to_simplified(text).casefold()) for text in (ours, theirs))
    if not first or not second:
        return float(ours.strip() == theirs.strip())
    return len(first & second) / min(len(first), len(second))


def _pairs(text: str) -> set[str]:
    plain = re.sub(r"[\W_]", "", text)
    return {plain[place : place + 2] for place in range(len(plain) - 1)}


def _plain(number: str) -> str:
    return re.sub(r"[^A-Za-z0-9]", "", number).upper()
