"""Where a text carries personal data, and how it is masked (standard library only, Python 3.10 and later)."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

ID, MOBILE, CARD, EMAIL = "id", "mobile", "card", "email"
_KEEPS_TAIL = (MOBILE, CARD)

_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECK = "10X98765432"
_PROVINCES = frozenset(
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83".split()
)
_EMAIL = re.compile(
    r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}"
)
_RUN = re.compile(r"\d+(?:[ \t-]{1,3}\d+)*[Xx]?")
_DIGITS = re.compile(r"\d+")
# A number glued to Latin letters is a code (QH20260412345, SF1381234567890), unless the letters announce a number.
_ANNOUNCES = re.compile(r"(?:tel|phone|mobile|cell|call|card|number|no|id|is|at|on|vx|wx)$", re.IGNORECASE)
_TRACKING = re.compile(r"(?:单号|單號|运单|運單|快递|快遞|物流|tracking|waybill|parcel)\D{0,8}$", re.IGNORECASE)
_INVISIBLE = frozenset("\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff")


@dataclass(frozen=True)
class Span:
    """One find: `kind` is `id`, `mobile`, `card` or `email`; `start` and `end` index the text that was searched."""

    kind: str
    start: int
    end: int


@dataclass(frozen=True)
class _Folded:
    """Half-width text, and for each of its characters the place in the original."""

    text: str
    places: tuple[int, ...]

    def span(self, kind: str, start: int, end: int) -> Span:
        return Span(kind, self.places[start], self.places[end - 1] + 1)


@dataclass(frozen=True)
class _Piece:
    """Neighbouring digit groups read as one number."""

    number: str
    start: int
    end: int


def find(text: str) -> list[Span]:
    """Every piece of personal data in `text`, in order, none overlapping another."""
    folded = _fold(text)
    spans = [folded.span(EMAIL, found.start(), found.end()) for found in _emails(folded.text)]
    for run in _RUN.finditer(folded.text):
        for kind, start, end in _numbers(folded.text, run):
            span = folded.span(kind, start, end)
            if not any(span.start < other.end and other.start < span.end for other in spans):
                spans.append(span)
    return sorted(spans, key=lambda span: span.start)


def mask(text: str) -> str:
    """`text` with each find replaced by its kind; cards and mobiles keep their last four digits: `[card *1234]`."""
    return _replace(text, find(text))


def mask_cards(text: str) -> str:
    """`text` with bank cards masked and all else untouched."""
    return _replace(text, [span for span in find(text) if span.kind == CARD])


def _replace(text: str, spans: list[Span]) -> str:
    for span in reversed(spans):
        text = text[: span.start] + _label(span, text[span.start : span.end]) + text[span.end :]
    return text


def _label(span: Span, original: str) -> str:
    if span.kind not in _KEEPS_TAIL:
        return f"[{span.kind}]"
    digits = "".join(character for character in _fold(original).text if character.isdigit())
    return f"[{span.kind} *{digits[-4:]}]"


def _fold(text: str) -> _Folded:
    if text.isascii():
        return _Folded(text, tuple(range(len(text))))
    characters: list[str] = []
    places: list[int] = []
    for place, original in enumerate(text):
        for character in _fold_character(original):
            characters.append(character)
            places.append(place)
    return _Folded("".join(characters), tuple(places))


def _fold_character(character: str) -> str:
    if character.isascii():
        return character
    if character in _INVISIBLE:
        return ""
    decimal = unicodedata.decimal(character, None)
    if decimal is not None:
        return str(int(decimal))
    category = unicodedata.category(character)
    if category == "Pd" or character == "\u2212":
        return "-"
    if category == "Zs":
        return " "
    return unicodedata.normalize("NFKC", character)


def _emails(text: str) -> Iterator["re.Match[str]"]:
    return _EMAIL.finditer(text) if "@" in text else iter(())


def _numbers(text: str, run: "re.Match[str]") -> Iterator[tuple[str, int, int]]:
    """Finds in one run of digit groups, each group used once, the most telling kind first."""
    pieces = list(_pieces(text, run))
    taken: list[tuple[int, int]] = []
    for kind, matches in ((ID, _is_id), (CARD, _is_card), (MOBILE, _is_mobile)):
        for piece in pieces:
            if any(piece.start < end and start < piece.end for start, end in taken):
                continue
            if matches(piece.number) and not _is_code(text, piece, kind):
                taken.append((piece.start, piece.end))
                yield kind, *_with_plus(text, piece)


def _pieces(text: str, run: "re.Match[str]") -> Iterator[_Piece]:
    groups = list(_DIGITS.finditer(text, run.start(), run.end()))
    for first, opening in enumerate(groups):
        number = ""
        longest_first: list[_Piece] = []
        for group in groups[first:]:
            number += group.group()
            if len(number) > 19:
                break
            if len(number) >= 11:
                longest_first.append(_Piece(number, opening.start(), group.end()))
            if len(number) == 17 and text[group.end() : group.end() + 1] in ("X", "x"):
                longest_first.append(_Piece(number + "X", opening.start(), group.end() + 1))
        yield from reversed(longest_first)


def _with_plus(text: str, piece: _Piece) -> tuple[int, int]:
    plus = piece.start > 0 and text[piece.start - 1] == "+"
    return piece.start - plus, piece.end


def _is_code(text: str, piece: _Piece, kind: str) -> bool:
    before, after = text[max(0, piece.start - 16) : piece.start], text[piece.end : piece.end + 1]
    if before[-1:].isascii() and before[-1:].isalpha() and not _ANNOUNCES.search(before):
        return True
    if after.isascii() and after.isupper():
        return True
    return kind == CARD and len(piece.number) < 16 and _TRACKING.search(before) is not None


def _is_mobile(number: str) -> bool:
    for prefix in ("0086", "86"):
        if number.startswith(prefix) and len(number) == 11 + len(prefix):
            number = number[len(prefix) :]
    return len(number) == 11 and number[0] == "1" and number[1] in "3456789"


def _is_card(number: str) -> bool:
    return 13 <= len(number) <= 19 and number.isdigit() and _has_issuer(number) and _passes_luhn(number)


def _has_issuer(number: str) -> bool:
    """Whether a card may begin like this: order numbers that start with a date or a 1 are not cards."""
    if len(number) == 13:
        return number[0] == "4"
    if len(number) == 14:
        return number[:2] in ("30", "36", "38", "39")
    if len(number) == 15:
        return number[:2] in ("34", "37", "62")
    return number[0] in "34569" or "22" <= number[:2] <= "27"


def _passes_luhn(number: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(number)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def _is_id(number: str) -> bool:
    if len(number) not in (15, 18) or number[:2] not in _PROVINCES:
        return False
    if len(number) == 15:  # issued until 1999: no check digit, so the birthday must make sense
        return number.isdigit() and _is_birthday("19" + number[6:12])
    total = sum(weight * int(digit) for weight, digit in zip(_ID_WEIGHTS, number[:17], strict=True))
    return _ID_CHECK[total % 11] == number[17] and _is_birthday(number[6:14])


def _is_birthday(digits: str) -> bool:
    try:
        born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return False
    return 1900 <= born.year <= 2100
