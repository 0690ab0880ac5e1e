"""Small plots as SVG: colours come from the page (light and dark), words from the reader's fonts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from zhiban.evaluating.figures import Bin, Figure, Floats, short

_WIDTH, _HEIGHT = 520, 400
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 16, 14, 60
_ROW, _LABEL = 24, 170
# Distinct in hue and in lightness, on white and on black alike; dashes tell them apart where colours do not.
_COLOURS = ("#0b8457", "#3d6fd6", "#c2612c", "#9a52b3", "#8a7a1f", "#6b7280")
_DASHES = ("", "6 3", "2 3", "8 3 2 3", "4 4", "1 4")
_STYLE = (
    "<style>.ink{fill:currentColor}.axis{stroke:currentColor;opacity:.5}.grid{stroke:currentColor;opacity:.12}"
    "text{font:13px system-ui,'Noto Sans CJK SC','WenQuanYi Micro Hei','PingFang SC','Microsoft YaHei',sans-serif}"
    "</style>"
)


@dataclass(frozen=True)
class Curve:
    """Rows of x and y, both 0-1."""

    name: str
    points: Floats


def reliability_plot(bins: Sequence[Bin], title: str) -> str:
    """What was promised against what was right, with intervals, and the diagonal of perfect promises."""
    inner = [_line(_x(0), _y(0), _x(1), _y(1), 'class="axis" stroke-dasharray="4 4"')]
    inner += [_line(_x(one.promised), _y(one.low), _x(one.promised), _y(one.high), _stroke(0)) for one in bins]
    inner.append(_path([(one.promised, one.right) for one in bins], 0))
    inner += [
        f'<circle cx="{_x(one.promised):.1f}" cy="{_y(one.right):.1f}" r="4.5" fill="{_COLOURS[0]}">'
        f"<title>{one.texts}: {short(one.promised)} → {short(one.right)}</title></circle>"
        for one in bins
    ]
    return _framed(inner, title, "confidence", "share right")


def curves_plot(curves: Sequence[Curve], title: str, across: str, up: str, top: float) -> str:
    """Curves over 0-1, from 0 to `top` upwards, with their names."""
    inner = [_path([(x, min(1.0, y / top)) for x, y in one.points], place) for place, one in enumerate(curves)]
    for place, one in enumerate(curves):
        y = _TOP + 12 + 18 * place
        inner.append(_line(_LEFT + 12, y, _LEFT + 40, y, _stroke(place)))
        inner.append(f'<text class="ink" x="{_LEFT + 46}" y="{y + 4}">{escape(one.name)}</text>')
    return _framed(inner, title, across, up, top)


def dots_plot(rows: Sequence[tuple[str, Figure]], title: str, least: float) -> str:
    """A figure a row with its interval, from `least` (whole tenths) to 1."""
    height = _ROW * len(rows) + 40

    def across(value: float) -> float:
        return _LABEL + (max(value, least) - least) / (1 - least) * (_WIDTH - _LABEL - 30)

    inner = []
    for tenth in range(round(least * 10), 11):
        value = tenth / 10
        inner.append(_line(across(value), 8, across(value), height - 28, 'class="grid"'))
        inner.append(_text(across(value), height - 10, short(value), "middle"))
    for place, (name, figure) in enumerate(rows):
        y = 20 + _ROW * place
        inner.append(_text(_LABEL - 10, y + 4, f"{name} ({figure.of})", "end"))
        if figure.of:
            inner.append(_line(across(figure.low), y, across(figure.high), y, _stroke(0)))
            inner.append(f'<circle cx="{across(figure.value):.1f}" cy="{y}" r="4.5" fill="{_COLOURS[0]}"/>')
    return _svg(inner, title, height)


def _framed(inner: Sequence[str], title: str, across: str, up: str, top: float = 1.0) -> str:
    frame = []
    for tick in range(0, 11, 2):
        share = tick / 10
        frame += [
            _line(_x(0), _y(share), _x(1), _y(share), 'class="grid"'),
            _text(_x(share), _HEIGHT - _BOTTOM + 20, f"{share:g}", "middle"),
            _text(_LEFT - 8, _y(share) + 4, f"{share * top:.2g}", "end"),
        ]
    turned = f"translate(13 {(_TOP + _HEIGHT - _BOTTOM) / 2:.0f}) rotate(-90)"
    frame += [
        _line(_x(0), _y(0), _x(1), _y(0), 'class="axis"'),
        _line(_x(0), _y(0), _x(0), _y(1), 'class="axis"'),
        _text((_x(0) + _x(1)) / 2, _HEIGHT - 18, across, "middle"),
        f'<text class="ink" text-anchor="middle" transform="{turned}">{escape(up)}</text>',
    ]
    return _svg([*frame, *inner], title, _HEIGHT)


def _svg(inner: Sequence[str], title: str, height: int) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img" width="{_WIDTH}">'
        f"<title>{escape(title)}</title>{_STYLE}{''.join(inner)}</svg>"
    )


def _path(points: Sequence[tuple[float, float]], place: int) -> str:
    way = " ".join(f"{_x(x):.1f},{_y(y):.1f}" for x, y in points)
    return f'<polyline fill="none" points="{way}" {_stroke(place)}/>'


def _line(x1: float, y1: float, x2: float, y2: float, how: str) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" {how}/>'


def _text(x: float, y: float, words: str, anchor: str) -> str:
    return f'<text class="ink" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'


def _stroke(place: int) -> str:
    return (
        f'stroke="{_COLOURS[place % len(_COLOURS)]}" stroke-width="2" '
        f'stroke-dasharray="{_DASHES[place % len(_DASHES)] or "none"}"'
    )


def _x(share: float) -> float:
    return _LEFT + share * (_WIDTH - _LEFT - _RIGHT)


def _y(share: float) -> float:
    return _TOP + (1 - share) * (_HEIGHT - _TOP - _BOTTOM)
