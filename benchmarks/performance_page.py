"""Writes the measured tables of docs/performance.md, between its two marks, from a run's results."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

PAGE = Path(__file__).resolve().parent.parent / "docs" / "performance.md"
MARKS = ("<!-- measured: written by python -m benchmarks.against_rasa -->", "<!-- end of measured -->")
_TITLES = {
    "zhiban": "Zhiban",
    "diet-1": "DIET + TED, 1 worker",
    "diet-2": "DIET + TED, 2 workers",
    "logistic-1": "Logistic, 1 worker",
    "logistic-2": "Logistic, 2 workers",
}
_NONE = "–"

Figures = dict[str, Any]
Cell = Callable[[Figures], str]


def write(results: Figures) -> None:
    """Raises ValueError when the page has lost its marks."""
    page = PAGE.read_text(encoding="utf-8")
    begin, end = MARKS
    if begin not in page or end not in page:
        raise ValueError(f"{PAGE} needs the lines {begin} and {end}")
    before, after = page.split(begin)[0], page.split(end)[1]
    PAGE.write_text(f"{before}{begin}\n{tables(results)}{end}{after}", encoding="utf-8")


def tables(results: Figures) -> str:
    """Markdown: where and when, what customers feel, what it costs, how often it is right."""
    sides = {name: results["sides"][name] for name in _TITLES if name in results["sides"]}
    machine = results["machine"]
    where = f"{machine['cores']} cores of {machine['processor']}, {machine['memory_gb']} GB, customers included."
    when = "; ".join(
        f"{_TITLES[name]} {side['at']} (load before: {side['load_average']:.1f})" for name, side in sides.items()
    )
    if any(side.get("tiny") for side in sides.values()):
        when += ". **Indicative only: a few messages, to see that it works**"
    if len({side["workload"] for side in sides.values()}) > 1:
        when += ". **Not all sides had the same texts: measure again**"
    parts = [
        f"{where} Measured: {when}.\n",
        _table("What customers feel", sides, _felt()),
        _table("What it costs, CPU-ms a message at 8 customers", sides, _cpu(sides)),
        _table("Memory, starts, changes", sides, _upkeep()),
        _table("A long conversation: p50 in ms / CPU-ms of a turn about turn ...", sides, _turns(sides)),
        _table("What is right", sides, _right()),
    ]
    return "\n".join(parts)


def _table(title: str, sides: Figures, rows: Iterable[tuple[str, Cell]]) -> str:
    lines = [f"| {title} | {' | '.join(_TITLES[name] for name in sides)} |", "|---" * (len(sides) + 1) + "|"]
    lines += [f"| {label} | {' | '.join(_cell(cell, side) for side in sides.values())} |" for label, cell in rows]
    return "\n".join(lines) + "\n"


def _cell(cell: Cell, side: Figures) -> str:
    """What was not measured on a side is a dash."""
    try:
        return cell(side)
    except KeyError:
        return _NONE


def _felt() -> list[tuple[str, Cell]]:
    rows: list[tuple[str, Cell]] = []
    for count, who in (("1", "1 customer"), ("8", "8 customers"), ("64", "64 customers")):
        rows.append((f"{who}: messages/s", _level(count, lambda level: f"{level['messages_per_second']:.1f}")))
        rows.append((f"{who}: p50 / p95 / p99, ms", _level(count, _waits)))
    rows.append(("half load: messages/s offered", lambda side: f"{side['half_load']['rate']:.1f}"))
    rows.append(("half load: p50 / p95 / p99, ms", lambda side: _waits(side["half_load"])))
    rows.append(("failed or silent, of all", lambda side: _unanswered([*side["levels"].values(), side["half_load"]])))
    return rows


def _level(customers: str, cell: Cell) -> Cell:
    return lambda side: cell(side["levels"][customers])


def _waits(figures: Figures) -> str:
    return " / ".join(f"{figures[f'p{part}_ms']:.0f}" for part in (50, 95, 99))


def _unanswered(figures: Sequence[Figures]) -> str:
    return f"{sum(one['failed'] + one['silent'] for one in figures)} of {sum(one['messages'] for one in figures)}"


def _cpu(sides: Figures) -> list[tuple[str, Cell]]:
    names = list(dict.fromkeys(name for side in sides.values() for name in side["levels"]["8"]["cpu_ms"]))
    return [
        ("**all**", _level("8", _total)),
        *((name, _level("8", _of_process(name))) for name in names),
        ("all, at 1 customer", _level("1", _total)),
        ("all, at 64 customers", _level("64", _total)),
        ("all, at half load", lambda side: _total(side["half_load"])),
        ("the customers' own, not counted above", _level("8", lambda level: f"{level['client_cpu_ms']:.1f}")),
    ]


def _total(figures: Figures) -> str:
    return f"{figures['cpu_ms_total']:.1f}"


def _of_process(name: str) -> Cell:
    return lambda level: f"{level['cpu_ms'][name]:.1f}"


def _upkeep() -> list[tuple[str, Cell]]:
    return [
        ("memory after the run, MB (PSS)", lambda side: f"{sum(side['memory_mb'].values()):.0f}"),
        ("Rasa's share of it, MB", lambda side: f"{side['memory_mb']['rasa']:.0f}"),
        ("start until ready, s", lambda side: f"{side['start_seconds']:.0f}"),
        ("first start with new data, s", lambda side: f"{side['first_start_seconds']:.0f}"),
        ("training, s", lambda side: f"{side['train_seconds']:.0f}"),
        ("new article until its first answer, s", _new_article),
    ]


def _new_article(side: Figures) -> str:
    """No sooner than the training is done, where only that was measured."""
    if "new_article" in side or "train_seconds" not in side:
        return f"{side['new_article']['seconds']:.2f}"
    return f"≥ {side['train_seconds']:.0f}"


def _turns(sides: Figures) -> list[tuple[str, Cell]]:
    turns = list(dict.fromkeys(turn for side in sides.values() for turn in side.get("turns", ())))
    return [(turn, _turn(turn)) for turn in turns]


def _turn(number: str) -> Cell:
    return lambda side: "{p50_ms:.0f} / {cpu_ms_total:.0f}".format(**side["turns"][number])


def _right() -> list[tuple[str, Cell]]:
    return [
        ("questions: right answer", lambda side: _share(side, "faq", "right")),
        ("questions: a choice with the right one in it", lambda side: _share(side, "faq", "choice")),
        ("questions: a wrong answer", lambda side: _share(side, "faq", "wrong")),
        ("questions: something else", lambda side: _share(side, "faq", "none", "silent")),
        ("questions of a file: right / choice / wrong", lambda side: _others(side, "right", "choice", "wrong")),
        ("orders looked up", lambda side: _share(side, "order", "right")),
        ("unknown: wrongly answered with an article", lambda side: _share(side, "unknown", "article")),
        ("a mere topic: answered with one article", lambda side: _share(side, "close", "article")),
    ]


def _others(side: Figures, *outcomes: str) -> str:
    return " / ".join(_share(side, "other question", outcome) for outcome in outcomes)


def _share(side: Figures, kind: str, *outcomes: str) -> str:
    counts = side["outcomes"][kind]
    return f"{sum(counts.get(outcome, 0) for outcome in outcomes) / sum(counts.values()):.3f}"
