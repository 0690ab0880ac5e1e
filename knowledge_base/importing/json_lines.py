"""Drafts from JSONL: one whole article a line."""

from __future__ import annotations

import io
import json
from typing import Any

from knowledge_base.article import BadArticle, parse_article
from knowledge_base.importing.drafts import DEFAULT_CATEGORY, Draft
from knowledge_base.importing.report import Broken, UnreadableFile

_SHARED = ("audience", "flow", "valid_from", "valid_until")


def drafts(text: str, most: int) -> tuple[int, list[Draft], list[Broken]]:
    """How many lines there are, the sound articles, and what is wrong with the others. Raises UnreadableFile."""
    rows, found, broken, broken_ids = 0, dict[str, Draft](), list[Broken](), set[str]()
    for number, line in enumerate(io.StringIO(text), start=1):
        if not line.strip():
            continue
        rows += 1
        if rows > most:
            raise UnreadableFile(f"more than {most} lines: split the file")
        data = _object(line)
        try:
            draft = _draft(number, data)
            if draft.id in found:
                raise BadArticle("id", f"is the same as in line {found[draft.id].row}")
            found[draft.id] = draft
        except BadArticle as error:
            column = None if error.field == "article" else error.field
            broken.append(Broken(number, column, error.problem))
            if isinstance(data, dict) and isinstance(data.get("id"), str):
                broken_ids.add(data["id"])
    return rows, [draft for draft in found.values() if draft.id not in broken_ids], broken


def _object(line: str) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


def _draft(number: int, data: Any) -> Draft:
    if not isinstance(data, dict):
        raise BadArticle("article", "is not a JSON object of its own")
    said = data.get("category")
    article = parse_article({**data, "category": DEFAULT_CATEGORY if said is None else said})
    whole = article.as_json()
    fields = {name: whole.get(name) for name in _SHARED}
    if said is not None:
        fields["category"] = article.category
    return Draft(article.id, number, fields, whole["texts"], dict.fromkeys(whole["texts"], number), whole=True)
