"""A file of articles read: by what it holds, not by what it is called."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from knowledge_base.importing import columns, delimited, json_lines, spreadsheet
from knowledge_base.importing.drafts import Draft, Drafting
from knowledge_base.importing.encodings import decode
from knowledge_base.importing.report import Broken, UnreadableFile

MOST_BYTES = 20 * 1024 * 1024
MOST_ROWS = 60_000

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True)
class FileRead:
    """What a file holds; `rows` counts those that are not empty, without the header."""

    encoding: str
    format: str
    rows: int
    drafts: tuple[Draft, ...]
    broken: tuple[Broken, ...]


def read_file(path: Path) -> FileRead:
    """The articles in `path`. Raises UnreadableFile."""
    if path.stat().st_size > MOST_BYTES:
        raise UnreadableFile(f"the file is larger than {MOST_BYTES // 1024 // 1024} MiB: split it")
    data = path.read_bytes()
    if not data.strip():
        raise UnreadableFile("the file is empty")
    if data.startswith(_OLE):
        raise UnreadableFile("this is an old (.xls) or protected spreadsheet: save it as XLSX, or as CSV in UTF-8")
    if data.startswith(_ZIP):
        return _table("utf-8", "xlsx", spreadsheet.rows(path, MOST_ROWS))
    decoded = decode(data)
    if decoded.text.lstrip().startswith("{"):
        rows, drafts, broken = json_lines.drafts(decoded.text, MOST_ROWS)
        return FileRead(decoded.encoding, "jsonl", rows, tuple(drafts), tuple(broken))
    return _table(decoded.encoding, "csv", delimited.rows(decoded.text, columns.recognised))


def _table(encoding: str, name: str, rows: Iterator[tuple[int, list[str]]]) -> FileRead:
    filled = ((number, cells) for number, cells in rows if any(cell.strip() for cell in cells))
    number, header = next(filled, (1, []))
    drafting = Drafting(columns.places(header, number), len(header))
    count = 0
    for number, cells in filled:
        count += 1
        if count > MOST_ROWS:
            raise UnreadableFile(f"more than {MOST_ROWS} rows: split the file")
        drafting.row(number, cells)
    return FileRead(encoding, name, count, tuple(drafting.drafts), tuple(drafting.broken))
