"""The rules that drafts are read against, from `rules.yml` or a file of the company's own."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml

from desk.assist.questions import QuestionKind

SHIPPED = Path(__file__).with_name("rules.yml")

Severity = Literal["stop", "advise"]
Texts = Mapping[str, str]


class BadRules(Exception):
    """Raised for a file that cannot be read as rules; says which rule and what is wrong."""

    code = "bad_rules"


@dataclass(frozen=True)
class Told:
    """How severe a finding is, and why it is one, by the agent's language."""

    severity: Severity
    texts: Texts

    def why(self, language: str) -> str:
        return self.texts["en" if language == "en" else "zh-Hans"]


@dataclass(frozen=True)
class Pattern(Told):
    """Something that must not be written."""

    id: str
    find: re.Pattern[str]
    unless: re.Pattern[str] | None
    better: str | None
    languages: frozenset[str]
    only_unverified: bool

    def applies(self, language: str, verified: bool) -> bool:
        return (not self.languages or language in self.languages) and not (self.only_unverified and verified)


@dataclass(frozen=True)
class Personal:
    """Personal data: of whom we do not know who it is that reads them, and of anybody when they are complete."""

    severity: Severity
    unless: re.Pattern[str]
    texts: Texts
    texts_verified: Texts
    kinds: Mapping[str, Texts]

    def why(self, language: str, kind: str, verified: bool) -> str:
        name = "en" if language == "en" else "zh-Hans"
        return (self.texts_verified if verified else self.texts)[name].replace("{kinds}", self.kinds[kind][name])


@dataclass(frozen=True)
class Soothe(Told):
    """Who is upset is soothed first."""

    moods: frozenset[str]
    soothing: re.Pattern[str]
    openings: Texts

    def opening(self, language: str) -> str:
        return self.openings[language]


@dataclass(frozen=True)
class Length(Told):
    characters: int
    words: int


@dataclass(frozen=True)
class CheckRules:
    patterns: Sequence[Pattern]
    personal: Personal
    unfilled: Told
    soothe: Soothe
    length: Length
    unanswered: Told
    questions: Sequence[QuestionKind]


@cache
def read_rules(path: Path = SHIPPED) -> CheckRules:
    """Raises BadRules, which names what is wrong."""
    try:
        return _rules(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (OSError, yaml.YAMLError, KeyError, TypeError, AttributeError, ValueError, re.error) as error:
        raise BadRules(f"{path}: {type(error).__name__}: {error}") from error


def _rules(data: Mapping[str, Any]) -> CheckRules:
    personal, soothe, length, unanswered = (
        data["personal_data"], data["soothe_first"], data["too_long"], data["unanswered"],
    )  # fmt: skip
    return CheckRules(
        patterns=tuple(_pattern(rule) for rule in data["rules"]),
        personal=Personal(
            severity=_severity(personal),
            unless=_compiled(personal["unless"]),
            texts=_texts(personal["why"]),
            texts_verified=_texts(personal["why_verified"]),
            kinds={kind: _texts(names) for kind, names in personal["kinds"].items()},
        ),
        unfilled=Told(_severity(data["unfilled"]), _texts(data["unfilled"]["why"])),
        soothe=Soothe(
            severity=_severity(soothe),
            texts=_texts(soothe["why"]),
            moods=frozenset(soothe["mood"]),
            soothing=_compiled(soothe["soothing"]),
            openings=_texts(soothe["opening"]),
        ),
        length=Length(_severity(length), _texts(length["why"]), int(length["characters"]), int(length["words"])),
        unanswered=Told(_severity(unanswered), _texts(unanswered["why"])),
        questions=tuple(
            QuestionKind(_compiled(kind["asks"]), _compiled(kind["answered_by"])) for kind in unanswered["questions"]
        ),
    )


def _pattern(rule: Mapping[str, Any]) -> Pattern:
    return Pattern(
        severity=_severity(rule),
        texts=_texts(rule["why"]),
        id=str(rule["id"]),
        find=_compiled(rule["find"]),
        unless=_compiled(rule["unless"]) if rule.get("unless") else None,
        better=rule.get("better"),
        languages=frozenset(rule.get("languages") or ()),
        only_unverified=(rule.get("when") or {}).get("verified") is False,
    )


def _severity(rule: Mapping[str, Any]) -> Severity:
    if rule["severity"] not in ("stop", "advise"):
        raise ValueError(f"severity {rule['severity']!r}: stop or advise")
    return rule["severity"]  # type: ignore[no-any-return] # one of the two


def _texts(value: Mapping[str, Any]) -> Texts:
    return {"zh-Hans": str(value["zh-Hans"]), "en": str(value["en"])}


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)
