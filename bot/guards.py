"""Words that decide without the classifier, from `bot/guards.yml`."""

import re
from functools import lru_cache
from pathlib import Path

import yaml

from bot.simplified import simplified

_PATH = Path(__file__).with_suffix(".yml")


def says(what: str, text: str) -> bool:
    """Whether `text` says `what`, one of the lists."""
    return _patterns()[what].search(simplified(text).casefold()) is not None


@lru_cache(maxsize=1)
def _patterns() -> dict[str, "re.Pattern[str]"]:
    lists = yaml.safe_load(_PATH.read_text(encoding="utf-8"))
    return {name: re.compile("|".join(f"(?:{pattern})" for pattern in patterns)) for name, patterns in lists.items()}
