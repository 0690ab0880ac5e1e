"""Rows of the first sheet of an XLSX file, read by a process of its own within bounds."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from knowledge_base.importing.report import UnreadableFile
from knowledge_base.importing.sheet_reader import TOO_LONG, UNREADABLE

_MOST_UNPACKED_BYTES = 200 * 1024 * 1024
_MOST_PARTS = 2000
_CHUNK = 256 * 1024
_MOST_COLUMNS = 64
_SECONDS = 90

_NO_SPREADSHEET = "this is not a spreadsheet: save it as XLSX, or as CSV in UTF-8"
_TOO_LARGE = "the spreadsheet is too large: has it cells far outside the table?"


def rows(path: Path, most_rows: int) -> Iterator[tuple[int, list[str]]]:
    """Numbered rows that are not empty. Raises UnreadableFile."""
    _check_unpacked(path)
    with tempfile.TemporaryFile("w+", encoding="utf-8") as found:
        _run(path, most_rows, found.fileno())
        found.seek(0)
        for line in found:
            number, cells = json.loads(line)
            yield number, cells


def _run(path: Path, most_rows: int, output: int) -> None:
    command = [sys.executable, "-m", "knowledge_base.importing.sheet_reader", str(path.resolve()), str(most_rows)]
    root = Path(__file__).parent.parent.parent
    try:
        done = subprocess.run(
            [*command, str(_MOST_COLUMNS)],
            cwd=root,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.DEVNULL,
            timeout=_SECONDS,
        )
    except subprocess.TimeoutExpired as error:
        raise UnreadableFile(_TOO_LARGE) from error
    if done.returncode:
        reasons = {UNREADABLE: _NO_SPREADSHEET, TOO_LONG: f"more than {most_rows} rows: split the file"}
        raise UnreadableFile(reasons.get(done.returncode, _TOO_LARGE))


def _check_unpacked(path: Path) -> None:
    """Unpack everything once, piece by piece, whatever sizes the archive claims."""
    left = _MOST_UNPACKED_BYTES
    try:
        with zipfile.ZipFile(path) as archive:
            if len(archive.infolist()) > _MOST_PARTS:
                raise UnreadableFile(_TOO_LARGE)
            for part in archive.infolist():
                left -= _unpacked(archive, part, left)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError, EOFError, zlib.error) as error:
        raise UnreadableFile(_NO_SPREADSHEET) from error


def _unpacked(archive: zipfile.ZipFile, part: zipfile.ZipInfo, most: int) -> int:
    unbounded = copy.copy(part)
    unbounded.file_size = 1 << 60  # the reader stops at the size that is claimed; the claim may be a lie
    size = 0
    with archive.open(unbounded) as unpacked:
        while piece := unpacked.read(_CHUNK):
            size += len(piece)
            if size > most:
                raise UnreadableFile(_TOO_LARGE)
    return size
