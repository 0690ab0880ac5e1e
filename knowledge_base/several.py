"""Several questions in one message: each is read by itself, and all that can be answered surely are answered."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from knowledge_base.article import CUSTOMER
from knowledge_base.understanding import ANSWER, ArticleMatch, ReadPart, Understanding
from knowledge_base.vectors import Vectors
from reading.normalisation import normalise

if TYPE_CHECKING:
    from knowledge_base.retriever import Retriever

_WORDS = Path(__file__).parent / "several.yml"
_MOST_PARTS = 5  # more is a story, to be read as a whole
_MOST_ANSWERS = 3
_LEAST = 3  # Chinese characters and words of other scripts: less is a greeting
# How sure a part must be, which says less than the whole: one that asks, and one that only tells something.
_SURE_ASKING, _SURE_TELLING = 0.8, 0.9
_SIGN = re.compile(r"[\u3400-\u9fff]|[a-z0-9]+", re.IGNORECASE)


@dataclass(frozen=True)
class Part:
    """What a part of a message means; `asks`: it wants an answer, and does not only tell something."""

    understanding: Understanding
    asks: bool

    @property
    def answer(self) -> ArticleMatch | None:
        found, sure = self.understanding, _SURE_ASKING if self.asks else _SURE_TELLING
        return found.articles[0] if found.outcome == ANSWER and found.articles[0].confidence >= sure else None

    @property
    def is_task(self) -> bool:
        """Whether it wishes for what a flow does (「另外发票也要开」): that is not to be answered but done."""
        return not self.asks and self.answer is not None and self.answer.flow is not None


def understand(
    retriever: Retriever,
    vector_of: Callable[[str], Vectors],
    text: str,
    language: str,
    audience: str = CUSTOMER,
    explain: bool = False,
) -> Understanding:
    """What a message as the customer wrote it asks for; what it asks `also` stands beside."""

    def read(said: str) -> Understanding:
        plain = retriever.read(said)
        return retriever.understand(plain, vector_of(plain), language, audience, explain)

    whole, parts = read(text), parts_of(text)
    if len(parts) < 2:
        return whole
    found = [Part(read(part), asks(part)) for part in parts]
    told = tuple(ReadPart(text, part.understanding.vector) for text, part in zip(parts, found, strict=True))
    return replace(together(whole, found), parts=told)


def together(whole: Understanding, parts: Sequence[Part]) -> Understanding:
    """`whole`, with the answers that only its parts show.

    A whole that is answered with what no part of it asks for is one question in several sentences.
    """
    answered = whole.articles[0].id if whole.outcome == ANSWER else None
    if answered and not any(part.answer and part.answer.id == answered for part in parts):
        return whole
    found: dict[str, ArticleMatch] = {}
    for part in parts:
        if part.answer and (not part.is_task or part.answer.id == answered):
            found.setdefault(part.answer.id, part.answer)
    if not found:
        return whole
    first, *also = list(found.values())[:_MOST_ANSWERS]
    others = tuple(match for match in whole.articles if match.id not in found)
    return replace(whole, outcome=ANSWER, articles=(first, *others)[: max(len(whole.articles), 1)], also=tuple(also))


def parts_of(text: str) -> list[str]:
    """The sentences of a message that may each be a question; none when it is one, or too many."""
    parts = [part.strip() for part in _pattern("apart").split(normalise(text)) if part]
    parts = [part for part in parts if len(_SIGN.findall(part)) >= _LEAST]
    return parts if 1 < len(parts) <= _MOST_PARTS else []


def asks(part: str) -> bool:
    """Whether words or marks of a question are in it."""
    return _pattern("asks").search(part) is not None


@cache
def _pattern(name: str) -> re.Pattern[str]:
    words = yaml.safe_load(_WORDS.read_text(encoding="utf-8"))
    return re.compile("|".join(f"(?:{one})" for one in words[name]), re.IGNORECASE)
