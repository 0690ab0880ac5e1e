"""The whole base as a file that import takes back unchanged."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from knowledge_base.article import LANGUAGES, Article
from knowledge_base.importing.columns import COLUMNS
from knowledge_base.importing.delimited import escaped

FORMATS = ("csv", "xlsx", "jsonl")
_BREAK = re.compile(r"\r\n|\r|\n")
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")  # how XLSX writes a character by its number
_WIDTHS = (24, 9, 40, 48, 80, 14, 10, 14, 12, 12)


def table(articles: Iterable[Article]) -> Iterator[list[str]]:
    """The header, then a row for each id and language."""
    yield list(COLUMNS)
    for article in articles:
        shared = [article.category, article.audience, article.flow or ""]
        days = [day.isoformat() if day else "" for day in (article.valid_from, article.valid_until)]
        for language in LANGUAGES:
            if (text := article.texts.get(language)) is None:
                continue
            phrasings = "\n".join(_BREAK.sub(" ", phrasing) for phrasing in text.phrasings)
            cells = [article.id, language, text.question, phrasings, text.answer, *shared, *days]
            yield [_BREAK.sub("\n", cell) for cell in cells]


def csv_parts(articles: Iterable[Article]) -> Iterator[bytes]:
    """CSV in UTF-8 with a mark, which is what spreadsheets open rightly; cells that look like formulas are defused."""
    yield b"\xef\xbb\xbf"
    for row in table(articles):
        line = io.StringIO()
        csv.writer(line).writerow([escaped(cell) for cell in row])
        yield line.getvalue().encode()


def json_parts(articles: Iterable[Article]) -> Iterator[bytes]:
    """JSONL, one article a line."""
    for article in articles:
        yield (json.dumps(article.as_json(), ensure_ascii=False) + "\n").encode()


def write_xlsx(articles: Iterable[Article], path: Path) -> None:
    """A workbook of one sheet, every cell of which is text."""
    from openpyxl import Workbook  # type: ignore[import-untyped]

    book = Workbook(write_only=True)
    sheet: Any = book.create_sheet("articles")
    sheet.freeze_panes = "A2"
    for place, width in enumerate(_WIDTHS):
        sheet.column_dimensions["ABCDEFGHIJ"[place]].width = width
    for row in table(articles):
        sheet.append([_cell(sheet, text) for text in row])
    book.save(path)


def write(articles: Iterable[Article], name: str, path: Path) -> None:
    """The articles in one of `FORMATS`."""
    if name == "xlsx":
        write_xlsx(articles, path)
        return
    parts = csv_parts if name == "csv" else json_parts
    with path.open("wb") as file:
        file.writelines(parts(articles))


def _cell(sheet: Any, text: str) -> Any:
    from openpyxl.cell import WriteOnlyCell  # type: ignore[import-untyped]
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE  # type: ignore[import-untyped]

    plain = ILLEGAL_CHARACTERS_RE.sub("", text)
    cell = WriteOnlyCell(sheet, value=_LOOKS_ESCAPED.sub("_x005F_", plain))
    cell.data_type = "s"  # never a formula
    return cell
