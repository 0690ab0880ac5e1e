"""Draws a reliability curve: what confidence promised against what was right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

_SIZE, _LEFT, _TOP, _SIDE = (760, 640), 90, 50, 500
_INK, _SOFT, _LINE, _BAR = "#1f2933", "#9aa5b1", "#0b7a4b", "#cfe8dc"


@dataclass(frozen=True)
class Bin:
    """Questions of about one confidence: the mean promised, the share that was right, and how many they are."""

    promised: float
    right: float
    questions: int


def draw(bins: Sequence[Bin], path: Path) -> None:
    """Write the picture as PNG: the curve, the diagonal of perfect promises, and how many questions each point has."""
    image = Image.new("RGB", _SIZE, "white")
    pen = ImageDraw.Draw(image)
    small, large = ImageFont.load_default(15), ImageFont.load_default(18)
    most = max(one.questions for one in bins)
    for one in bins:
        x, height = _at(one.promised, 0)[0], one.questions / most * 120
        pen.rectangle((x - 14, _TOP + _SIDE - height, x + 14, _TOP + _SIDE), fill=_BAR)
    for tick in range(0, 11, 2):
        (x, y), label = _at(tick / 10, tick / 10), f"{tick / 10:.1f}"
        pen.line((_LEFT, y, _LEFT + _SIDE, y), fill="#e4e7eb")
        pen.text((x, _TOP + _SIDE + 8), label, _INK, small, anchor="ma")
        pen.text((_LEFT - 10, y), label, _INK, small, anchor="rm")
    pen.line((*_at(0, 0), *_at(1, 1)), fill=_SOFT, width=2)
    points = [_at(one.promised, one.right) for one in bins]
    pen.line(points, fill=_LINE, width=3)
    for one, (x, y) in zip(bins, points, strict=True):
        pen.ellipse((x - 5, y - 5, x + 5, y + 5), fill=_LINE)
        pen.text((x + 8, y + 6), str(one.questions), _INK, small)
    pen.rectangle((_LEFT, _TOP, _LEFT + _SIDE, _TOP + _SIDE), outline=_INK)
    pen.text((_LEFT, 16), "Held-out questions: how often a confidence is right", _INK, large)
    pen.text((_LEFT + _SIDE / 2, _TOP + _SIDE + 40), "confidence of the best article", _INK, small, anchor="ma")
    pen.text((_LEFT + _SIDE + 12, _TOP + 8), "share right (line),", _INK, small)
    pen.text((_LEFT + _SIDE + 12, _TOP + 28), "questions (bars)", _INK, small)
    path.parent.mkdir(parents=True, exist_ok=True)
    image.save(path, optimize=True)


def _at(promised: float, right: float) -> tuple[float, float]:
    return _LEFT + promised * _SIDE, _TOP + (1 - right) * _SIDE
