"""An article is an entry of the knowledge base: an answer, and the ways in which customers ask for it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from knowledge_base.understanding import RenderedArticle
from reading.script import to_traditional

SIMPLIFIED, TRADITIONAL, ENGLISH = "zh-Hans", "zh-Hant", "en"
LANGUAGES = (SIMPLIFIED, TRADITIONAL, ENGLISH)
CUSTOMER, AGENT = "customer", "agent"
AUDIENCES = (CUSTOMER, AGENT)

# What a reader of a language is shown when an article is not written in it, best first.
_FALLBACKS = {
    SIMPLIFIED: (SIMPLIFIED, TRADITIONAL, ENGLISH),
    TRADITIONAL: (TRADITIONAL, SIMPLIFIED, ENGLISH),
    ENGLISH: (ENGLISH, SIMPLIFIED, TRADITIONAL),
}
_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,79}")
_FLOW = re.compile(r"[a-z][a-z0-9_]{0,39}")
_SURROGATE = re.compile(r"[\x00\ud800-\udfff]")  # JSON can carry them, UTF-8 cannot
_MOST_PHRASINGS = 100
_LONGEST = {"category": 60, "question": 300, "phrasing": 300, "answer": 8000}


class BadArticle(Exception):
    """Raised for an article that cannot be taken in; says which field is wrong and what would be right."""

    code = "bad_article"

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field}: {problem}")
        self.field, self.problem = field, problem


@dataclass(frozen=True)
class Wording:
    """One article in one language."""

    question: str
    answer: str
    phrasings: tuple[str, ...] = ()

    def asked(self) -> tuple[str, ...]:
        """Question and phrasings: every way in which this is asked."""
        return (self.question, *self.phrasings)


@dataclass(frozen=True)
class Article:
    """An article as editors write it; `texts` by language, at least one; valid from and until a day, both included."""

    id: str
    category: str
    texts: Mapping[str, Wording]
    audience: str = CUSTOMER
    flow: str | None = None
    valid_from: date | None = None
    valid_until: date | None = None

    def for_audience(self, audience: str) -> bool:
        """Whether `audience` may read it: agents read everything."""
        return audience == AGENT or self.audience == CUSTOMER

    def valid_on(self, day: date) -> bool:
        """Whether it may be answered on that day; editors and exports see it on any."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_until is None or day <= self.valid_until
        )

    def render(self, language: str, version: int) -> RenderedArticle:
        """The article in `language`, or in the nearest it is written in; Traditional is derived from Simplified."""
        written = next(known for known in _FALLBACKS.get(language, _FALLBACKS[SIMPLIFIED]) if known in self.texts)
        wording = self.texts[written]
        question, answer = wording.question, wording.answer
        if (language, written) == (TRADITIONAL, SIMPLIFIED):
            question, answer = to_traditional(question), to_traditional(answer)
        return RenderedArticle(self.id, version, question, answer, self.category, self.flow, self.audience)

    def as_json(self) -> dict[str, Any]:
        days = {"valid_from": self.valid_from, "valid_until": self.valid_until}
        return {
            "id": self.id,
            "category": self.category,
            "audience": self.audience,
            "flow": self.flow,
            **{name: day.isoformat() for name, day in days.items() if day},
            "texts": {
                language: {"question": text.question, "phrasings": list(text.phrasings), "answer": text.answer}
                for language, text in self.texts.items()
            },
        }


def is_article_id(text: str) -> bool:
    """Whether an article may be called so."""
    return _ID.fullmatch(text) is not None


def parse_article(data: Any) -> Article:
    """The article in `data` as YAML or JSON gives it; raises BadArticle."""
    if not isinstance(data, Mapping):
        raise BadArticle("article", "must be an object with id, category and texts")
    audience, flow, texts = data.get("audience") or CUSTOMER, data.get("flow"), data.get("texts")
    if not isinstance(data.get("id"), str) or not is_article_id(data["id"]):
        raise BadArticle("id", "must be 1-80 of a-z, 0-9, '.', '_' and '-', beginning with a letter or digit")
    if audience not in AUDIENCES:
        raise BadArticle("audience", f"must be one of {', '.join(AUDIENCES)}")
    if flow is not None and not (isinstance(flow, str) and _FLOW.fullmatch(flow)):
        raise BadArticle("flow", "must be the name of a flow, such as check_order")
    if not isinstance(texts, Mapping) or not texts:
        raise BadArticle("texts", f"must have at least one of {', '.join(LANGUAGES)}")
    wordings = {language: _wording(language, text) for language, text in texts.items()}
    category = _text("category", data.get("category"), "category")
    valid_from, valid_until = _day("valid_from", data), _day("valid_until", data)
    if valid_from and valid_until and valid_until < valid_from:
        raise BadArticle("valid_until", "must not be before valid_from")
    return Article(data["id"], category, MappingProxyType(wordings), audience, flow, valid_from, valid_until)


def _day(field: str, data: Mapping[str, Any]) -> date | None:
    value = data.get(field)
    if value is None or value == "":
        return None
    if isinstance(value, date) and not isinstance(value, datetime):  # as YAML reads it
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise BadArticle(field, "must be a day such as 2026-11-22") from None


def _wording(language: Any, data: Any) -> Wording:
    if language not in LANGUAGES:
        raise BadArticle("texts", f"languages are {', '.join(LANGUAGES)}")
    if not isinstance(data, Mapping):
        raise BadArticle(f"texts.{language}", "must be an object with question, phrasings and answer")
    phrasings = data.get("phrasings") or []
    if not isinstance(phrasings, list) or len(phrasings) > _MOST_PHRASINGS:
        raise BadArticle(f"texts.{language}.phrasings", f"must be a list of at most {_MOST_PHRASINGS}")
    return Wording(
        question=_text(f"texts.{language}.question", data.get("question"), "question"),
        answer=_text(f"texts.{language}.answer", data.get("answer"), "answer"),
        phrasings=tuple(_text(f"texts.{language}.phrasings", text, "phrasing") for text in phrasings),
    )


def _text(field: str, value: Any, kind: str) -> str:
    longest = _LONGEST[kind]
    if not isinstance(value, str) or not value.strip() or len(value) > longest or _SURROGATE.search(value):
        raise BadArticle(field, f"must be text of 1-{longest} characters")
    return value.strip()
