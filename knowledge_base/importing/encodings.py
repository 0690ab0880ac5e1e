"""In which encoding a file of text is written: marks first, strict UTF-8 next, then whatever gives likely Chinese."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from charset_normalizer import from_bytes

from knowledge_base.importing.report import UnreadableFile
from reading.script import is_han

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", "utf-8-bom"),
    (codecs.BOM_UTF32_LE, "utf-32", "utf-32"),  # begins with the mark of UTF-16
    (codecs.BOM_UTF16_LE, "utf-16", "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "utf-16"),
)
_CHINESE = (("gb18030", "gb18030"), ("big5hkscs", "big5"), ("cp950", "big5"))
_SAMPLE_CHARACTERS = 20_000
_LEAST_LIKELY = 0.6  # of Chinese text the share is above 0.9; of anything else read as Chinese, below 0.4
_SAMPLE_BYTES = 64 * 1024
_PUNCTUATION = frozenset("　、。，．：；！？（）［］【】《》〈〉「」『』“”‘’…—～·％￥＋－＝／｜")
_COMMON = Path(__file__).parent / "common_characters.txt"


@dataclass(frozen=True)
class Decoded:
    """A text, and the name of the encoding it was found in."""

    encoding: str
    text: str


def decode(data: bytes) -> Decoded:
    """The text of `data`; raises UnreadableFile when no encoding fits."""
    for mark, codec, name in _MARKS:
        if data.startswith(mark):
            return Decoded(name, _strictly(data, codec, name))
    if (wide := _wide(data)) is not None:
        return wide
    try:
        return Decoded("utf-8", data.decode("utf-8"))
    except UnicodeDecodeError:
        if chinese := _chinese(data):
            return chinese
    raise _refusal(data)


def _strictly(data: bytes, codec: str, name: str) -> str:
    try:
        return data.decode(codec)
    except UnicodeError as error:
        raise UnreadableFile(f"the file says it is {name}, but it is damaged: save it again as UTF-8") from error


def _wide(data: bytes) -> Decoded | None:
    """UTF-16 without a mark: every second byte of its commas, line breaks and Latin letters is zero."""
    sample = data[:4096]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if len(data) % 2 or (even + odd) * 20 <= len(sample) or min(even, odd) * 3 > max(even, odd):
        return None
    codec = "utf-16-be" if even > odd else "utf-16-le"
    try:
        return Decoded(codec, data.decode(codec))
    except UnicodeDecodeError:
        return None


def _chinese(data: bytes) -> Decoded | None:
    found = []
    for codec, name in _CHINESE:
        try:
            text = data.decode(codec)
        except UnicodeDecodeError:
            continue
        found.append((_likelihood(text), Decoded(name, text)))
    likelihood, decoded = max(found, key=lambda pair: pair[0], default=(0.0, None))
    return decoded if likelihood >= _LEAST_LIKELY else None


def _likelihood(text: str) -> float:
    """How much of what is not ASCII is ordinary Chinese: frequent characters count whole, other usual ones two thirds.

    Bytes of one Chinese encoding are mostly valid in the other too, but give characters that hardly anybody uses.
    """
    telling = [character for character in text if ord(character) > 127][:_SAMPLE_CHARACTERS]
    if not telling:
        return 0.0
    return sum(map(_weight, telling)) / len(telling)


@cache
def _weight(character: str) -> float:
    if character in _PUNCTUATION or character in _frequent():
        return 1.0
    if not is_han(character):
        return 0.5 if "\uff01" <= character <= "\uff5e" else 0.0
    return 2 / 3 if _in_first_level(character) else 0.0


def _in_first_level(character: str) -> bool:
    """Whether GB 2312 or Big5 has it among its usual characters: 3,755 Simplified, 5,401 Traditional."""
    for codec, last in (("gb2312", 0xD7), ("big5", 0xC6)):
        try:
            first = character.encode(codec)[0]
        except UnicodeEncodeError:
            continue
        if first <= last:
            return True
    return False


@cache
def _frequent() -> frozenset[str]:
    return frozenset(_COMMON.read_text(encoding="utf-8"))


def _refusal(data: bytes) -> UnreadableFile:
    """A guess is good enough for a hint, not for articles: it would import other words than were written."""
    best = from_bytes(data[:_SAMPLE_BYTES]).best()
    if best is None or b"\0" in data:
        return UnreadableFile("this is not a text: save it as CSV in UTF-8, or as XLSX")
    return UnreadableFile(f"the encoding is not clear (perhaps {best.encoding}): save it as CSV in UTF-8, or as XLSX")
