"""What a customer already told when they said that they want to complain."""

import re
from typing import Any

_ANNOUNCING = re.compile(
    r"我|要|想|需要|投诉|投訴|举报|舉報|你们|你們|一下|麻烦|请|的|了|"
    r"\b(?:i|we|would|like|want|to|need|have|wish|make|file|lodge|a|an|complain|complaint|about|you|your|this|is)\b|[\s,.，。!！]",
    re.IGNORECASE,
)
_LEAST_CHARACTERS = 8
_LEAST_LATIN = 24


def entities(text: str, intent: str) -> list[dict[str, Any]]:
    """The whole text as `complaint_what`, when it says more than that there is a complaint."""
    if intent != "complain" or not says_what(text or ""):
        return []
    return [{"entity": "complaint_what", "value": text}]


def says_what(text: str) -> bool:
    """Whether `text` tells what happened, and not only that the customer wants to complain."""
    rest = _ANNOUNCING.sub("", text)
    return len(rest) >= (_LEAST_LATIN if rest.isascii() else _LEAST_CHARACTERS)
