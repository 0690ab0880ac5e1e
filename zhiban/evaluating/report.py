"""A report as plain data, and how it reads as Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

Cell = str


@dataclass(frozen=True)
class Table:
    """`head` and rows of the same length; the first column names the row."""

    head: Sequence[Cell]
    rows: Sequence[Sequence[Cell]]
    caption: str = ""


@dataclass(frozen=True)
class Plot:
    """A picture as SVG, `name` being its file's; `caption` says what is seen, for those who do not see it too."""

    name: str
    svg: str
    caption: str


@dataclass(frozen=True)
class Section:
    """`command` measures what stands here."""

    title: str
    text: str = ""
    tables: Sequence[Table] = ()
    plots: Sequence[Plot] = ()
    command: str = ""


@dataclass(frozen=True)
class Report:
    """`facts` say what was measured with what: date, versions, files; `words` are the text in short."""

    title: str
    facts: Sequence[tuple[str, str]]
    sections: Sequence[Section] = field(default_factory=tuple)


def markdown(report: Report) -> str:
    """The report with its plots as files beside it, in `plots/`."""
    parts = [f"# {report.title}", _table(Table(("", ""), report.facts))]
    for section in report.sections:
        parts += [f"## {section.title}", section.text]
        parts += [f"```\n{section.command}\n```"] if section.command else []
        for table in section.tables:
            parts += [f"**{table.caption}**" if table.caption else "", _table(table)]
        parts += [f"![{plot.caption}](plots/{plot.name}.svg)\n\n*{plot.caption}*" for plot in section.plots]
    return "\n\n".join(part for part in parts if part) + "\n"


def _table(table: Table) -> str:
    lines = [table.head, ["---"] * len(table.head), *table.rows]
    return "\n".join("| " + " | ".join(_escaped(cell) for cell in line) + " |" for line in lines)


def _escaped(cell: Cell) -> str:
    return " ".join(cell.split()).replace("|", "\\|")
