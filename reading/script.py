"""Simplified and Traditional Chinese: telling them apart and turning one into the other."""

from functools import cache

import opencc

TAIWAN, HONG_KONG = "s2twp", "s2hk"


def to_simplified(text: str) -> str:
    """`text` in the simplified characters of the mainland."""
    return str(_converter("t2s").convert(text))


def to_traditional(text: str, region: str = TAIWAN) -> str:
    """`text` in traditional characters, with the words of Taiwan, or the characters of Hong Kong (`HONG_KONG`)."""
    return str(_converter(region).convert(text))


def is_han(character: str) -> bool:
    """Whether this is a Chinese character (ideographs of the basic plane, its extensions and the supplements)."""
    return (
        "\u3400" <= character <= "\u9fff"
        or "\uf900" <= character <= "\ufaff"
        or "\U00020000" <= character <= "\U000323af"
    )


def is_traditional(text: str) -> bool:
    """Whether `text` holds more characters that exist only in Traditional than only in Simplified."""
    return traditional_lead(text) > 0


def traditional_lead(text: str) -> int:
    """Characters only Traditional has, minus characters only Simplified has; 0 when nothing tells."""
    han = [character for character in text if is_han(character)]
    return sum(map(_is_traditional_only, han)) - sum(map(_is_simplified_only, han))


def _is_traditional_only(character: str) -> bool:
    return bool(_converter("t2s").convert(character) != character)


def _is_simplified_only(character: str) -> bool:
    return bool(_converter("s2t").convert(character) != character and not _is_traditional_only(character))


@cache
def _converter(configuration: str) -> opencc.OpenCC:
    return opencc.OpenCC(configuration)
