"""What of a conversation's answers may be suggested to other agents: nothing personal, nothing of this case only."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from desk.assist.lines import Line
from desk.assist.situation import Situation, read_situation
from desk.assist.stripping import strip
from reading.mood import Mood, read_mood
from reading.script import to_simplified

_RULES = Path(__file__).with_name("learning.yml")
_LONGEST = 600
_PLACEHOLDER = re.compile(r"\[(?:图片|圖片|picture|image)\]", re.IGNORECASE)
_SLOT = re.compile(r"\{[a-z_]+\}")
_FILLABLE = frozenset({"{order_number}", "{tracking_number}", "{customer_name}"})


@dataclass(frozen=True)
class Lesson:
    """`asked` is what the customer had written, `reply` what served; slots stand as `{order_number}`."""

    seq: int
    asked: str
    reply: str


def lessons(lines: Sequence[Line]) -> list[Lesson]:
    """The answers of a conversation that went well which may be shown to others."""
    return list(_lessons(lines))


def _lessons(lines: Sequence[Line]) -> Iterator[Lesson]:
    for place, line in enumerate(lines):
        # A reply that was an article or a macro is suggested as such already.
        if line.speaker != "agent" or line.article:
            continue
        situation = read_situation(lines[:place])
        if not situation.asked or not was_fine(lines[place + 1 :]):
            continue
        asked, reply = strip(_told(situation)), strip(line.text)
        if _tells_enough(asked, reply) and _may_be_shown(reply):
            yield Lesson(line.seq, asked[:_LONGEST], reply)


def _told(situation: Situation) -> str:
    """What the customer had written; a few words alone say little without the message before them."""
    asked = "\n".join(situation.asked)
    if len(asked) < rules()["stands_alone"] and situation.before:
        asked = f"{situation.before[-1]}\n{asked}"
    return _PLACEHOLDER.sub("", asked).strip()


def _tells_enough(asked: str, reply: str) -> bool:
    found = rules()
    words = _SLOT.sub("", asked)
    return len(words) >= found["shortest_situation"] and bool(found["shortest_reply"] <= len(reply) <= _LONGEST)


def _may_be_shown(reply: str) -> bool:
    plain = to_simplified(reply).casefold()
    if not frozenset(_SLOT.findall(reply)) <= _FILLABLE:
        return False
    return not any(pattern.search(plain) for pattern in rules()["unsuitable"])


def was_fine(after: Sequence[Line]) -> bool:
    """The customer did not get angry at it."""
    said = next((line for line in after if line.speaker == "customer" and line.payload is None), None)
    return said is None or read_mood(said.text) is not Mood.ANGRY


@cache
def rules() -> dict[str, Any]:
    """What `learning.yml` says."""
    read: dict[str, Any] = yaml.safe_load(_RULES.read_text(encoding="utf-8"))
    patterns = [*read["of_this_case"], *read["nothing"]]
    return {**read, "unsuitable": [re.compile(pattern, re.IGNORECASE) for pattern in patterns]}
