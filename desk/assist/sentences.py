"""Sentences of a draft, and the form in which rules read them."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from reading.script import is_han, to_simplified

# A full stop ends an English sentence only before a space: v1.5 and 3.20 do not end.
_ENDS = re.compile(r"[。！？!?；;\n]+|\.(?=\s|$)")
_COMMA = re.compile(r"[，,]")


@dataclass(frozen=True)
class Sentence:
    """`start` is its place in the draft; its end mark belongs to it."""

    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    @property
    def span(self) -> tuple[int, int]:
        return self.start, self.end


def sentences(text: str) -> Iterator[Sentence]:
    """Every sentence with words, in order."""
    start = 0
    for mark in _ENDS.finditer(text):
        yield from _one(text, start, mark.end())
        start = mark.end()
    yield from _one(text, start, len(text))


def _one(text: str, start: int, end: int) -> Iterator[Sentence]:
    piece = text[start:end]
    begins = len(piece) - len(piece.lstrip())
    if piece.strip(" \t\n。！？!?；;."):
        yield Sentence(piece.strip(), start + begins)


def in_plain(text: str) -> str:
    """`text` in Simplified, half-width, lower case, character for character: places stay what they are."""
    half = "".join(_half(character) for character in text).lower()
    half = half if len(half) == len(text) else text
    simplified = to_simplified(half)
    return simplified if len(simplified) == len(text) else half


def is_chinese(text: str) -> bool:
    """Whether there are as many Chinese characters as Latin words at least."""
    han = sum(map(is_han, text))
    return han > 0 and han >= len(re.findall(r"[A-Za-z]+", text))


def first_half(text: str) -> str | None:
    """`text` as two sentences, split at the comma nearest to its middle; None without one."""
    commas = [mark.start() for mark in _COMMA.finditer(text) if 8 <= mark.start() <= len(text) - 8]
    if not commas:
        return None
    place = min(commas, key=lambda at: abs(at - len(text) / 2))
    if text[place] == "，":
        return f"{text[:place]}。{text[place + 1 :]}"
    rest = text[place + 1 :].lstrip()
    return f"{text[:place]}. {rest[:1].upper()}{rest[1:]}"


def _half(character: str) -> str:
    if character.isascii():
        return character
    folded = unicodedata.normalize("NFKC", character)
    return folded if len(folded) == 1 else character
