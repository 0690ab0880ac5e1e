"""Files of labelled texts, as held-out sets and users have them; a line that is wrong is refused with its number."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from reading.language import read_language
from zhiban.problems import Problem, Problems

_MOST_NAMED = 10
_LONGEST = 2000

Check = Callable[[dict[str, Any]], str]


@dataclass(frozen=True)
class Question:
    """A text with the labels that are right, none for one out of scope; `groups` are labels of the text itself."""

    text: str = field(repr=False)  # held-out texts are shown nowhere, not in a failing test either
    right: frozenset[str]
    groups: Mapping[str, str] = field(default_factory=dict)


def read_questions(path: Path, articles: Collection[str]) -> list[Question]:
    """`{"query", "relevant": [ids], "style"?, "language"?}` a line. Raises Problem."""

    def check(row: dict[str, Any]) -> str:
        relevant = row.get("relevant")
        if not isinstance(relevant, list) or not all(isinstance(one, str) for one in relevant):
            return '"relevant" must be a list of article ids; write [] when no article answers it'
        return next((_unknown("article", one, articles) for one in relevant if one not in articles), "")

    rows = _read(path, "query", check)
    return [Question(row["query"], frozenset(row["relevant"]), _groups(row, "query")) for row in rows]


def read_labelled(path: Path, intents: Collection[str] | None = None) -> list[Question]:
    """`{"text", "intent", "style"?, "language"?}` a line, of `intents` if they are given. Raises Problem."""

    def check(row: dict[str, Any]) -> str:
        intent = row.get("intent")
        if not isinstance(intent, str) or not intent.strip():
            return '"intent" must be a text; put texts of no intent into the file for --out-of-scope'
        return _unknown("intent", intent, intents) if intents is not None and intent not in intents else ""

    return [
        Question(row["text"], frozenset({row["intent"]}), _groups(row, "text")) for row in _read(path, "text", check)
    ]


def read_texts(path: Path) -> list[Question]:
    """`{"text", "style"?, "language"?}` a line, of no intent and no article. Raises Problem."""
    return [Question(row["text"], frozenset(), _groups(row, "text")) for row in _read(path, "text", lambda _: "")]


def _read(path: Path, text: str, check: Check) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    wrong: list[str] = []
    for number, line in _lines(path):
        row = _object(line)
        problem = _of_text(row, text) or check(row or {})
        if problem:
            wrong.append(f"{path}, line {number}: {problem}{'' if problem.endswith('?') else '.'}")
        elif row:
            rows.append(row)
    if wrong:
        more = [f"{path}: {len(wrong) - _MOST_NAMED} more lines like these."] if len(wrong) > _MOST_NAMED else []
        raise Problems([*wrong[:_MOST_NAMED], *more])
    if not rows:
        raise Problem(f'{path}: the file is empty; write one {{"{text}": ...}} a line (docs/evaluation.md).')
    return rows


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    try:
        # Only line feeds end a line: texts may hold any other separator that splitlines would cut at.
        content = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Problem(f"{path}: not UTF-8 (byte {error.start}); save it as UTF-8.") from error
    except OSError as error:
        raise Problem(f"{path}: {error.strerror}.") from error
    return ((number, line) for number, line in enumerate(content.split("\n"), start=1) if line.strip())


def _object(line: str) -> dict[str, Any] | None:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return row if isinstance(row, dict) else None


def _of_text(row: dict[str, Any] | None, key: str) -> str:
    if row is None:
        return f'not a JSON object; write {{"{key}": "...", ...}} on one line'
    text = row.get(key)
    if not isinstance(text, str) or not text.strip():
        return f'"{key}" must be a text that is not empty; delete the line if there is nothing to ask'
    if len(text) > _LONGEST:
        return f'"{key}" has {len(text)} characters; shorten it to {_LONGEST}, as messages are'
    strange = next((one for one in ("style", "language") if not isinstance(row.get(one, ""), str)), "")
    return f'"{strange}" must be a text; leave it out if it is not known' if strange else ""


def _unknown(kind: str, name: str, known: Collection[str]) -> str:
    near = get_close_matches(name, list(known), 1)
    remedy = f'is it "{near[0]}"?' if near else f"there are {len(known)}; correct it or delete the line"
    return f'there is no {kind} "{name}"; {remedy}'


def _groups(row: dict[str, Any], key: str) -> dict[str, str]:
    """Language is read from the text where the file does not say it."""
    return {"style": row.get("style", ""), "language": row.get("language") or read_language(row[key])}
