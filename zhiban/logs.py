"""What the processes write: kept in rotating files, and what a person should know shown at the terminal."""

import json
import re
from pathlib import Path

LARGEST_BYTES = 10 * 1024 * 1024
KEPT = 3
LONGEST_LINE = 64 * 1024

_WARNING = re.compile(r"\b(WARNING|ERROR|CRITICAL|FATAL)\b")
_LEVELS = {"warning", "error", "critical", "fatal"}
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


class RotatingFile:
    """`<name>.log`, and its predecessors `<name>.log.1` to `.3`."""

    def __init__(self, path: Path, largest: int = LARGEST_BYTES, kept: int = KEPT) -> None:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._path, self._largest, self._kept = path, largest, kept
        self._file = path.open("ab")

    def write(self, data: bytes) -> None:
        if self._file.tell() and self._file.tell() + len(data) > self._largest:
            self._rotate()
        self._file.write(data)
        self._file.flush()

    def close(self) -> None:
        self._file.close()

    def _rotate(self) -> None:
        self._file.close()
        for number in range(self._kept - 1, 0, -1):
            older = self._numbered(number)
            if older.exists():
                older.replace(self._numbered(number + 1))
        self._path.replace(self._numbered(1))
        self._file = self._path.open("ab")

    def _numbered(self, number: int) -> Path:
        return self._path.with_name(f"{self._path.name}.{number}")


class Lines:
    """Cuts a stream of bytes into lines; one without an end is cut at 64 KiB."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> list[str]:
        *whole, self._rest = (self._rest + data).split(b"\n")
        if len(self._rest) > LONGEST_LINE:
            whole.append(self._rest)
            self._rest = b""
        return [line.decode(errors="replace") for line in whole]


def warning_in(line: str) -> str | None:
    """The message when `line` is a warning or worse, written as JSON or as plain text."""
    line = _COLOURS.sub("", line).strip()
    if not line.startswith("{"):
        return line if _WARNING.search(line) else None
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    if str(entry.get("level", "")).lower() not in _LEVELS:
        return None
    return f"{entry['level']}: {entry.get('event') or entry.get('message') or ''}"


def last_lines(path: Path, count: int = 5) -> list[str]:
    """The end of a log, for the one who asks why something did not start."""
    if not path.exists():
        return []
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - LONGEST_LINE))
        lines = file.read().decode(errors="replace").splitlines()
    return [line for line in lines if line.strip()][-count:]
