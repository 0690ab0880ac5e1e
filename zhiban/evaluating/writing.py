"""A report written into a folder: `report.md` with its plots, `report.html` in one file, `figures.json`."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from datetime import datetime, timezone
from pathlib import Path

from zhiban import __version__
from zhiban.evaluating.figures import RESAMPLES, SEED, Figure
from zhiban.evaluating.page import page
from zhiban.evaluating.report import Report, markdown
from zhiban.problems import Problem

_ALONE = '<svg color="#7a8794" '  # a grey that is seen on white and on black: outside the page nothing sets the colour

Named = Mapping[str, Mapping[str, Figure]]


def write(report: Report, figures: Named, folder: Path) -> Path:
    """The path of the page. Raises Problem."""
    found = {part: {name: _plain(one) for name, one in of.items()} for part, of in figures.items()}
    try:
        (folder / "plots").mkdir(parents=True, exist_ok=True)
        for section in report.sections:
            for plot in section.plots:
                path = folder / "plots" / f"{plot.name}.svg"
                path.write_text(plot.svg.replace("<svg ", _ALONE, 1), encoding="utf-8")
        (folder / "report.md").write_text(markdown(report), encoding="utf-8")
        (folder / "report.html").write_text(page(report), encoding="utf-8")
        (folder / "figures.json").write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    except OSError as error:
        raise Problem(f"{folder}: {error.strerror}; name another folder with --out.") from error
    return folder / "report.html"


def facts(encoder: str, files: Mapping[str, Path | None], counts: Mapping[str, int]) -> list[tuple[str, str]]:
    """When, with what, on what, and how the intervals were drawn."""
    named = [(name, f"{path} (sha256 {_digest(path)})") for name, path in files.items() if path is not None]
    return [
        ("date", datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M UTC")),
        ("Zhiban", __version__),
        ("encoder", encoder),
        *((name, str(count)) for name, count in counts.items()),
        *named,
        ("intervals", f"95 %, bootstrap, {RESAMPLES} resamples (500 of what is no mean), seed {SEED}"),
    ]


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def _plain(figure: Figure) -> list[float | None]:
    """Value, low, high, of how many; null where there is nothing."""
    numbers = (figure.value, figure.low, figure.high)
    return [*(None if math.isnan(one) else round(one, 5) for one in numbers), figure.of]
