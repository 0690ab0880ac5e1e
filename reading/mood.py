"""How upset a customer sounds, in three steps, read from the patterns in `moods/`."""

import re
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from pathlib import Path

import yaml

from reading.normalisation import normalise
from reading.script import to_simplified

_FOLDER = Path(__file__).parent / "moods"
_SHOUTING = re.compile(r"[!?]{3,}")


class Mood(IntEnum):
    CALM = 0
    ANNOYED = 1
    ANGRY = 2


@dataclass(frozen=True)
class _Patterns:
    annoyed: re.Pattern[str]
    angry: re.Pattern[str]
    harmless: re.Pattern[str]  # phrases that contain an upset word and mean nothing by it


def read_mood(text: str) -> Mood:
    """Calm, annoyed or angry; shouting marks raise an annoyed text by one step."""
    plain = to_simplified(normalise(text)).casefold()
    moods = [_mood_by(patterns, plain) for patterns in _all_patterns()]
    strongest = max(moods, default=Mood.CALM)
    if strongest is Mood.ANNOYED and _SHOUTING.search(plain):
        return Mood.ANGRY
    return strongest


def _mood_by(patterns: _Patterns, plain: str) -> Mood:
    rest = patterns.harmless.sub(" ", plain)
    if patterns.angry.search(rest):
        return Mood.ANGRY
    return Mood.ANNOYED if patterns.annoyed.search(rest) else Mood.CALM


@cache
def _all_patterns() -> tuple[_Patterns, ...]:
    return tuple(_load(path) for path in sorted(_FOLDER.glob("*.yml")))


def _load(path: Path) -> _Patterns:
    lists = yaml.safe_load(path.read_text(encoding="utf-8"))
    return _Patterns(_joined(lists["annoyed"]), _joined(lists["angry"]), _joined(lists["harmless"]))


def _joined(patterns: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))
