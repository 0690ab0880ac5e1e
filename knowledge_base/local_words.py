"""What customers in Hong Kong and Taiwan say, in the words of the mainland, which encoders know better."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import yaml

_WORDS = Path(__file__).parent / "local_words.yml"


def in_mainland_words(text: str) -> str:
    """Simplified text with the words of `local_words.yml` replaced, the longest first."""
    words, pattern = _known()
    return pattern.sub(lambda found: words[found.group()], text)


@cache
def _known() -> tuple[dict[str, str], re.Pattern[str]]:
    words: dict[str, str] = yaml.safe_load(_WORDS.read_text(encoding="utf-8"))
    longest_first = sorted(words, key=len, reverse=True)
    return words, re.compile("|".join(map(re.escape, longest_first)))
