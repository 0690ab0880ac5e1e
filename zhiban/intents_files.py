"""Labelled texts for `zhiban intents evaluate`, checked before anything is started."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zhiban.problems import Problem, Problems

MOST_TRAINING_ROWS = 25_000  # all pairs of examples are compared: four bytes each, 2.5 GB
_MOST_LINES_NAMED = 5


@dataclass(frozen=True)
class Row:
    """One line; `intent` is empty where none is asked for."""

    text: str
    intent: str


def read_labelled(path: Path) -> list[Row]:
    """Rows with an intent. Raises Problem, a line each for the first things that are wrong."""
    return _read(path, ("text", "intent"))


def read_texts(path: Path) -> list[Row]:
    """Rows of which only the text is read. Raises Problem."""
    return _read(path, ("text",))


def check_training(path: Path, rows: list[Row]) -> None:
    """Raises Problem when nothing can be learned of `rows`."""
    if len({row.intent for row in rows}) < 2:
        raise Problem(f"{path}: every row has the intent {rows[0].intent!r}: at least two are needed.")
    if len(rows) > MOST_TRAINING_ROWS:
        raise Problem(f"{path}: {len(rows)} rows; at most {MOST_TRAINING_ROWS} can be learned at once.")


def _read(path: Path, keys: tuple[str, ...]) -> list[Row]:
    rows: list[Row] = []
    wrong: list[str] = []
    for number, line in enumerate(_lines(path), start=1):
        if not line.strip():
            continue
        try:
            data = json.loads(line)
        except (ValueError, RecursionError):
            data = None
        problem = _problem(data, keys)
        if problem:
            wrong.append(f"{path}, line {number}: {problem}.")
        else:
            rows.append(Row(str(data["text"]), str(data["intent"]) if "intent" in keys else ""))
    if len(wrong) > _MOST_LINES_NAMED:
        wrong = [*wrong[:_MOST_LINES_NAMED], f"{path}: {len(wrong) - _MOST_LINES_NAMED} more lines like these."]
    if wrong:
        raise Problems(wrong)
    if not rows:
        raise Problem(f"{path}: the file is empty.")
    return rows


def _lines(path: Path) -> list[str]:
    try:
        # Only line feeds end a line: texts may hold any other separator that splitlines would cut at.
        return path.read_bytes().decode("utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        raise Problem(f"{path}: not UTF-8 (byte {error.start}); save it as UTF-8.") from error
    except OSError as error:
        raise Problem(f"{path}: {error.strerror}.") from error


def _problem(data: Any, keys: tuple[str, ...]) -> str:
    """What is wrong with one line, or nothing."""
    if not isinstance(data, dict):
        return "not a JSON object"
    for key in keys:
        value = data.get(key)
        if key not in data:
            return f'"{key}" is missing'
        if not isinstance(value, str) or not value.strip():
            return f'"{key}" must be a text that is not empty'
    return ""
