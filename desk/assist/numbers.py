"""Numbers as customers write them: with gaps, spelled out, spread over several messages."""

import re
from collections.abc import Sequence

from desk.assist.lines import Line
from reading.normalisation import normalise

_SPOKEN = dict(zip("零〇一二三四五六七八九幺两", "00123456789" + "12", strict=True))
_SPELLED = re.compile(rf"[{''.join(_SPOKEN)}](?:[\s,，、-]?[{''.join(_SPOKEN)}]){{3,}}")
_FRAGMENT = re.compile(r"\D{0,6}?([A-Za-z]{0,4}\d[\d\s-]*)\D{0,2}")
_LONGEST_FRAGMENT = 24


def with_digits(text: str) -> str:
    """`text` in half-width, with spelled-out runs such as 一三六八八零零 as digits."""
    return _SPELLED.sub(lambda run: "".join(_SPOKEN.get(mark, "") for mark in run[0]), normalise(text))


def joined_fragments(lines: Sequence[Line], least: int, most: int) -> list[tuple[str, Line]]:
    """Numbers of `least` to `most` digits that a customer sent in pieces, message by message, with the last line."""
    found: list[tuple[str, Line]] = []
    pieces: list[str] = []
    for line in lines:
        piece = _fragment(line) if line.speaker == "customer" else None
        if piece is None:
            if line.speaker == "customer":
                pieces = []
            continue
        pieces.append(piece)
        whole = "".join(pieces)
        if len(pieces) > 1 and least <= sum(map(str.isdigit, whole)) <= most:
            found.append((whole.upper(), line))
    return found


def _fragment(line: Line) -> str | None:
    text = with_digits(line.text)
    match = _FRAGMENT.fullmatch(text) if len(text) <= _LONGEST_FRAGMENT else None
    return re.sub(r"[\s-]", "", match[1]) if match else None
