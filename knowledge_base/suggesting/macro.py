"""A macro is a reply written beforehand, with slots, with the wordings that it fits, and when it may be used."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from knowledge_base.encoder import prepared
from knowledge_base.suggesting.moment import MOODS, Moment
from reading.script import to_traditional

SLOTS = frozenset(
    "agent_name amount card_tail customer_name deadline order_number phone phone_masked phone_tail product ticket"
    " tracking_number".split()
)
LANGUAGES = ("zh-Hans", "en")
LONGEST_TEXT, LONGEST_TITLE, MOST_ASKED = 1000, 80, 60
_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,60}")
_SLOT = re.compile(r"\{([^{}]*)\}")
_LISTS = ("mood", "topics", "needs", "lacks", "gave")
_MOST_LIFT = 4.0


class BadMacro(Exception):
    """Raised for what is no macro; says which field and what would be right."""

    code = "bad_macro"


@dataclass(frozen=True)
class When:
    """`first`, `mood`, `needs` and `lacks` must hold; one of `gave`, or a topic of `topics`, only lifts the macro.

    `lift` is in log-odds, added where everything that is named holds.
    """

    first: bool | None = None
    mood: frozenset[str] = frozenset()
    topics: frozenset[str] = frozenset()
    needs: frozenset[str] = frozenset()
    lacks: frozenset[str] = frozenset()
    gave: frozenset[str] = frozenset()
    lift: float = 0.0

    def allows(self, moment: Moment) -> bool:
        if self.first is not None and self.first != moment.first:
            return False
        if self.mood and moment.mood not in self.mood:
            return False
        return self.needs <= moment.known and not self.lacks & moment.known

    def lifted(self, moment: Moment, topics: Mapping[str, float]) -> float:
        """What the moment adds, given how likely each topic is."""
        if self.gave:
            return self.lift if self.gave & moment.gave else 0.0
        if self.topics:
            return self.lift * min(1.0, sum(topics.get(topic, 0.0) for topic in self.topics))
        return self.lift

    def as_json(self) -> dict[str, Any]:
        shown: dict[str, Any] = {name: sorted(value) for name in _LISTS if (value := getattr(self, name))}
        if self.first is not None:
            shown["first"] = self.first
        if self.lift:
            shown["lift"] = self.lift
        return shown


@dataclass(frozen=True)
class Macro:
    """Texts by language (`zh-Hans`, `en`); `asked`: what customers write when it fits."""

    id: str
    category: str
    title: Mapping[str, str]
    text: Mapping[str, str]
    asked: Mapping[str, tuple[str, ...]]
    when: When = field(default_factory=When)

    def in_language(self, language: str) -> tuple[str, str]:
        """Title and text; Traditional Chinese is made from Simplified."""
        if language == "zh-Hant":
            return to_traditional(self.title["zh-Hans"]), to_traditional(self.text["zh-Hans"])
        chosen = language if language in self.text else "zh-Hans"
        return self.title[chosen], self.text[chosen]

    def wordings(self) -> tuple[str, ...]:
        """Of all languages, prepared, each once."""
        texts = (prepared(text) for wordings in self.asked.values() for text in wordings)
        return tuple(dict.fromkeys(text for text in texts if text))

    def as_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "category": self.category,
            "title": dict(self.title),
            "text": dict(self.text),
            "asked": {language: list(texts) for language, texts in self.asked.items()},
            "when": self.when.as_json(),
        }


def parse_macro(data: Mapping[str, Any]) -> Macro:
    """Raises BadMacro."""
    macro_id = str(data.get("id", ""))
    if not _ID.fullmatch(macro_id):
        raise BadMacro("id: small letters, digits and '-', at most 61")
    asked = _asked(data.get("asked"))
    return Macro(
        id=macro_id,
        category=str(data.get("category") or "other")[:40],
        title=_texts(data.get("title"), "title", LONGEST_TITLE),
        text={language: _with_known_slots(text) for language, text in _texts_of(data).items()},
        asked=asked,
        when=_when(data.get("when") or {}),
    )


def _texts_of(data: Mapping[str, Any]) -> dict[str, str]:
    return _texts(data.get("text"), "text", LONGEST_TEXT)


def _texts(value: Any, field_name: str, longest: int) -> dict[str, str]:
    if not isinstance(value, Mapping) or set(value) != set(LANGUAGES):
        raise BadMacro(f"{field_name}: a text in zh-Hans and one in en")
    texts = {language: str(value[language]).strip() for language in LANGUAGES}
    if not all(0 < len(text) <= longest for text in texts.values()):
        raise BadMacro(f"{field_name}: 1 to {longest} characters")
    return texts


def _with_known_slots(text: str) -> str:
    unknown = sorted(set(_SLOT.findall(text)) - SLOTS)
    if unknown:
        raise BadMacro(f"text: unknown slot {{{unknown[0]}}}; known are {', '.join(sorted(SLOTS))}")
    if text.count("[[") != text.count("]]"):
        raise BadMacro("text: each [[ needs its ]]")
    return text


def _asked(value: Any) -> dict[str, tuple[str, ...]]:
    if not isinstance(value, Mapping) or not set(value) <= set(LANGUAGES):
        raise BadMacro("asked: lists of wordings under zh-Hans and en")
    lists = {language: tuple(str(text).strip() for text in texts) for language, texts in value.items()}
    wordings = [text for texts in lists.values() for text in texts]
    if not 1 <= len(wordings) <= MOST_ASKED or not all(0 < len(text) <= 200 for text in wordings):
        raise BadMacro(f"asked: 1 to {MOST_ASKED} wordings of at most 200 characters")
    return lists


def _when(value: Any) -> When:
    if not isinstance(value, Mapping) or not set(value) <= {"first", "lift", *_LISTS}:
        raise BadMacro(f"when: only first, lift, {', '.join(_LISTS)}")
    lists = {name: frozenset(map(str, value.get(name) or ())) for name in _LISTS}
    if not lists["mood"] <= set(MOODS):
        raise BadMacro(f"when.mood: of {', '.join(MOODS)}")
    for name in ("needs", "lacks", "gave"):
        if not lists[name] <= SLOTS:
            raise BadMacro(f"when.{name}: of {', '.join(sorted(SLOTS))}")
    first, lift = value.get("first"), value.get("lift", 0.0)
    if first is not None and not isinstance(first, bool):
        raise BadMacro("when.first: true or false")
    if isinstance(lift, bool) or not isinstance(lift, int | float) or not -_MOST_LIFT <= lift <= _MOST_LIFT:
        raise BadMacro(f"when.lift: a number from {-_MOST_LIFT} to {_MOST_LIFT}")
    return When(first=first, lift=float(lift), **lists)
