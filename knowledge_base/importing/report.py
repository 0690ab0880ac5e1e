"""What an import says: of the file, of what is wrong with it, and of what it changes."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

MOST_LISTED = 200


class UnreadableFile(Exception):
    """Raised for a file no row of which can be trusted; the text says why, and what would be right."""

    code = "unreadable_file"


@dataclass(frozen=True)
class Broken:
    """A row that cannot be taken in; `column` is None when the row as a whole is meant."""

    row: int
    column: str | None
    reason: str


@dataclass(frozen=True)
class Collision:
    """A question that another article answers already; `same`: word for word, once both are normalised."""

    row: int
    id: str
    question: str
    article: str
    similar_to: str
    similarity: float
    same: bool

    def as_json(self) -> dict[str, Any]:
        data = asdict(self)
        return {("with" if name == "similar_to" else name): value for name, value in data.items()}


@dataclass(frozen=True)
class Change:
    """An article that the import makes or changes, and which of its fields."""

    id: str
    what: str
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Report:
    """What an import found; articles are counted, rows are listed."""

    encoding: str
    format: str
    rows: int
    articles: int
    created: int
    changed: int
    unchanged: int
    broken: tuple[Broken, ...]
    collisions: tuple[Collision, ...]
    changes: tuple[Change, ...]
    base_version: str
    applied: bool = False

    def as_json(self) -> dict[str, Any]:
        """As docs/interfaces.md has it: at most `MOST_LISTED` of each list, and how many there are."""
        lists: dict[str, tuple[Any, ...]] = {
            "broken": self.broken,
            "collisions": self.collisions,
            "changes": self.changes,
        }
        counts = ("applied", "encoding", "format", "rows", "articles", "created", "changed", "unchanged")
        return {
            **{name: getattr(self, name) for name in counts},
            **{name: [_listed(one) for one in found[:MOST_LISTED]] for name, found in lists.items()},
            "totals": {name: len(found) for name, found in lists.items()},
            "base_version": self.base_version,
        }


class ImportRefused(Exception):
    """Raised when something in the file is broken, so that nothing of it is taken in."""

    code = "import_refused"

    def __init__(self, report: Report) -> None:
        super().__init__(f"{len(report.broken)} rows are broken")
        self.report = report


def _listed(one: Any) -> dict[str, Any]:
    return one.as_json() if isinstance(one, Collision) else asdict(one)
