"""Greetings and thanks around a question, which blur what it is about: 「你好，运费谁出」 asks 「运费谁出」."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import yaml

_WORDS = Path(__file__).parent / "courtesy.yml"
_STOPS = r"[\s,.!?;:~、，。！？；：…]+"
_SHORTEST = 2  # characters that must be left, or the courtesy was the message


def without_courtesy(text: str) -> str:
    """Prepared text without what `courtesy.yml` lists before and after it; nothing else is ever taken away."""
    before, after = _patterns()
    left = after.sub("", before.sub("", text, count=1), count=1)
    return left if len(left) >= _SHORTEST else text


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    words = yaml.safe_load(_WORDS.read_text(encoding="utf-8"))
    before, after = ("|".join(f"(?:{one})" for one in words[place]) for place in ("before", "after"))
    return re.compile(rf"^(?:(?:{before}){_STOPS})+"), re.compile(rf"(?:{_STOPS}(?:{after}))+(?:{_STOPS})?$")
