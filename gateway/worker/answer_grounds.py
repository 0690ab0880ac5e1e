"""Whether a reworded answer says nothing that its articles do not say; whoever doubts sends the article itself."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import yaml

from desk.assist.check_rules import CheckRules
from desk.assist.checking import Draft, check
from desk.assist.sentences import in_plain, is_chinese
from gateway.worker.answer_polarity import turned_round
from gateway.worker.answer_quantities import phones, unfounded_quantities
from reading.script import is_han

WORDS = Path(__file__).parent.parent / "words" / "answer_writing.yml"

_SHORTEST, _LONGEST, _LONGER = 6, 800, 60  # characters; `_LONGER`: for a kind word beside the article
_FAMILIAR_ZH, _FAMILIAR_EN = 0.4, 0.5  # of its pairs of characters, of its longer words, so many are the article's
_RULES = frozenset("nin promise blame cold filler elsewhere asks_secret account_data personal_data unfilled".split())
_MARKS = re.compile(r"[*_`#>]+")
_NUMBERING = re.compile(r"^\s*\d{1,2}[.、)](?!\d)\s*", re.MULTILINE)
_GAP = re.compile(r"(?<=[\u4e00-\u9fff])[ \t]+(?=[\u4e00-\u9fff])")
_LATIN = re.compile(r"[a-z][a-z0-9-]+")
_NAME = re.compile(r"(?<=[a-z0-9,;:] )[A-Z][A-Za-z0-9]+")


@dataclass(frozen=True)
class Grounds:
    """The words that need an article to stand on, and the rules for what is written to customers at all."""

    courteous: re.Pattern[str]
    founded: Mapping[str, re.Pattern[str]]
    rules: CheckRules

    @classmethod
    def load(cls, rules: CheckRules, file: Path = WORDS) -> Self:
        words: Mapping[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
        founded = {kind: _any(patterns) for kind, patterns in words["founded"].items()}
        return cls(_any(words["courteous"]), founded, rules)

    def fault(self, draft: str, source: str, language: str) -> str | None:
        """The first thing that is wrong with `draft`, by its kind; None when it may be sent."""
        return next(self._faults(draft, source, language), None)

    def _faults(self, draft: str, source: str, language: str) -> Iterator[str]:
        if not _SHORTEST <= len(draft) <= min(_LONGEST, int(1.2 * len(source)) + _LONGER):
            yield "length"
        if (language == "en") == any(map(is_han, draft)) or (language != "en" and not is_chinese(draft)):
            yield "language"
        plain, ground = plainly(draft), plainly(source)
        said = self.courteous.sub(" ", plain)
        if unfounded_quantities(said, ground) or any(
            number not in re.sub(r"\D", "", ground) for number in phones(said)
        ):
            yield "number"
        for kind, pattern in self.founded.items():
            if any(not _stands(match[0], ground) for match in pattern.finditer(said)):
                yield kind
        if turned_round(said, ground):
            yield "turned_round"
        if _foreign_names(draft, said, ground, language):
            yield "name"
        if _familiar(said, ground, language) < (_FAMILIAR_EN if language == "en" else _FAMILIAR_ZH):
            yield "beside_the_point"
        yield from self._broken_rules(draft, ground, language)

    def _broken_rules(self, draft: str, ground: str, language: str) -> Iterator[str]:
        for finding in check(Draft(draft), self.rules, "en" if language == "en" else "zh-Hans"):
            start, end = finding.span
            if finding.rule in _RULES and not _stands(plainly(draft[start:end]), ground):
                yield f"rule_{finding.rule}"


def plainly(text: str) -> str:
    """A text as patterns read it: one script, half-width, without Markdown and numbers of lists, "not" spelled out."""
    plain = _NUMBERING.sub("", _GAP.sub("", _MARKS.sub("", in_plain(text)))).replace("’", "'")
    plain = re.sub(r"\bcan't\b|\bcannot\b", "can not", plain)
    return re.sub(r"\bwon't\b", "will not", plain).replace("n't", " not")


def _any(patterns: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{one})" for one in patterns))


def _stands(words: str, ground: str) -> bool:
    """English words as wholes."""
    if words and words[0].isascii() and words[0].isalpha():
        return re.search(rf"(?<![a-z]){re.escape(words)}(?![a-z])", ground) is not None
    return words in ground


def _foreign_names(draft: str, said: str, ground: str, language: str) -> bool:
    """Latin words in Chinese, capitals within English sentences: names of things that the article does not name."""
    names = [name.lower() for name in _NAME.findall(draft)] if language == "en" else _LATIN.findall(said)
    return any(not _stands(name, ground) for name in names)


def _familiar(said: str, ground: str, language: str) -> float:
    """The share of what is said that is made of the article's words: a text about something else has none."""
    if language == "en":
        words = [word for word in re.findall(r"[a-z]+", said) if len(word) > 3]
        known = {word[:5] for word in re.findall(r"[a-z]+", ground)}
        return sum(word[:5] in known for word in words) / max(1, len(words))
    marks, known_marks = ("".join(filter(is_han, text)) for text in (said, ground))
    pairs = [marks[place : place + 2] for place in range(len(marks) - 1)]
    return sum(pair in known_marks for pair in pairs) / max(1, len(pairs))
