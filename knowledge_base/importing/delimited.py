"""Rows of a CSV file, whichever of the usual delimiters it has."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator

from knowledge_base.importing.report import UnreadableFile

DELIMITERS = ",;\t"
_LONGEST_ROW = 500_000  # characters: three languages' worth of the longest answer and phrasings, and room to spare
_LONGEST_HEADER = 20_000
_SAID = re.compile(r'"?sep=([,;\t])"?\s*')  # Excel's own first line
# A spreadsheet runs a cell that begins like this as a formula; a quote before it says that it is text.
_FORMULA = re.compile(r"'*[=+\-@\t\r]")


def rows(text: str, recognise: Callable[[list[str]], int]) -> Iterator[tuple[int, list[str]]]:
    """Numbered rows; of the delimiters the one with which `recognise` knows most of the first row."""
    skip = 0
    if said := _SAID.match(text):
        text, skip = text[said.end() :], 1
    delimiter = said[1] if said else _delimiter(text, recognise)
    counted = _Lines(text)
    reader = csv.reader(counted, delimiter=delimiter, strict=True)
    number = skip
    try:
        for number, cells in enumerate(reader, start=1 + skip):
            counted.row_ended()
            yield number, [unescaped(cell) for cell in cells]
    except csv.Error as error:
        raise UnreadableFile(f"row {number + 1}: {error}: are the quotation marks in order?") from error


def escaped(cell: str) -> str:
    """`cell` so that no spreadsheet runs it as a formula."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def unescaped(cell: str) -> str:
    """What `escaped` was given."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def _delimiter(text: str, recognise: Callable[[list[str]], int]) -> str:
    head = next((line for line in io.StringIO(text[:_LONGEST_HEADER]) if line.strip()), "")

    def known(delimiter: str) -> int:
        try:
            return recognise(next(csv.reader([head], delimiter=delimiter), []))
        except csv.Error:
            return 0

    return max(DELIMITERS, key=known)


class _Lines:
    """The lines of a text, until one row takes too many of them."""

    def __init__(self, text: str) -> None:
        self._lines = io.StringIO(text, newline="")
        self._taken = 0

    def row_ended(self) -> None:
        self._taken = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._lines.readline(_LONGEST_ROW + 1)
        if not line:
            raise StopIteration
        self._taken += len(line)
        if self._taken > _LONGEST_ROW:
            raise csv.Error(f"a row of more than {_LONGEST_ROW} characters")
        return line
