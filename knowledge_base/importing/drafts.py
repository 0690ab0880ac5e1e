"""What a file wants an article to be, checked as far as that is possible without the article that exists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from knowledge_base.article import Article, BadArticle, parse_article
from knowledge_base.importing import columns
from knowledge_base.importing.report import Broken
from reading.language import read_language

DEFAULT_CATEGORY = "general"
_SOUND = {"id": "a", "category": "c"}
_SOUND_TEXT = {"question": "q", "answer": "a"}


@dataclass
class Draft:
    """An article as a file gives it: what the file does not name stays as it is, unless the draft is `whole`."""

    id: str
    row: int
    fields: dict[str, Any] = field(default_factory=dict)
    texts: dict[str, dict[str, Any]] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)  # by language
    whole: bool = False

    def row_of(self, language: str) -> int:
        return self.rows.get(language, self.row)

    def over(self, stored: Article | None) -> Article:
        """The article that comes of it, given the one that exists. Raises BadArticle."""
        held = stored.as_json() if stored else {"texts": {}}
        texts = {} if self.whole else dict(held["texts"])
        for language, text in self.texts.items():
            texts[language] = {**texts.get(language, {}), **text}
        before = {"category": held.get("category")} if self.whole else held
        merged = {**before, **self.fields, "id": self.id, "texts": texts}
        merged["category"] = merged.get("category") or held.get("category") or DEFAULT_CATEGORY
        return parse_article(merged)


class Drafting:
    """Collects the rows of a table; call `row` for each, in order."""

    def __init__(self, places: Mapping[str, int], width: int) -> None:
        self._places, self._width = places, width
        self._broken_ids: set[str] = set()
        self._drafts: dict[str, Draft] = {}
        self.broken: list[Broken] = []

    @property
    def drafts(self) -> list[Draft]:
        """Articles all of whose rows are sound."""
        return [draft for draft in self._drafts.values() if draft.id not in self._broken_ids]

    def row(self, number: int, cells: Sequence[str]) -> None:
        """Take in one row."""
        values = {
            name: cells[place].replace("\r\n", "\n").strip() if place < len(cells) else ""
            for name, place in self._places.items()
        }
        article_id = values["id"]
        fields, language, text = self._read(values)
        missing = [name for name in columns.NEEDED if not values[name]]
        problems: list[tuple[str | None, str]] = [(name, "is missing") for name in missing]
        if any(cell.strip() for cell in cells[self._width :]):
            problems.append((None, "has more cells than there are columns: a delimiter without quotation marks?"))
        problems += _problems(article_id, fields, language, text, frozenset(missing))
        problems += self._quarrels(article_id, fields, language)
        if problems:
            self._broken_ids.add(article_id)
            self.broken += [Broken(number, column, reason) for column, reason in problems]
        if article_id:
            draft = self._drafts.setdefault(article_id, Draft(article_id, number))
            draft.fields = {**fields, **{name: value for name, value in draft.fields.items() if value}}
            draft.texts.setdefault(language, text)
            draft.rows.setdefault(language, number)

    def _read(self, values: Mapping[str, str]) -> tuple[dict[str, Any], str, dict[str, Any]]:
        readers = {"audience": columns.audience, "valid_from": columns.day, "valid_until": columns.day}
        fields: dict[str, Any] = {
            name: readers.get(name, str)(values[name]) or None for name in columns.SHARED if name in values
        }
        if not fields.get("category"):
            fields.pop("category", None)
        text: dict[str, Any] = {"question": values["question"], "answer": values["answer"]}
        if "phrasings" in values:
            text["phrasings"] = columns.phrasings(values["phrasings"])
        said = values.get("language", "")
        return fields, columns.language(said) if said else read_language(values["question"]), text

    def _quarrels(self, article_id: str, fields: Mapping[str, Any], language: str) -> list[tuple[str | None, str]]:
        """How this row contradicts earlier rows of the same article."""
        earlier = self._drafts.get(article_id)
        if earlier is None:
            return []
        found: list[tuple[str | None, str]] = []
        if language in earlier.texts:
            found.append((None, f"has the same id and language as row {earlier.row_of(language)}"))
        for name, value in fields.items():
            if value and earlier.fields.get(name) and value != earlier.fields[name]:
                found.append((name, f"is not the same as in row {earlier.row}, which has the same id"))
        return found


def _problems(
    article_id: str, fields: Mapping[str, Any], language: str, text: Mapping[str, Any], missing: frozenset[str]
) -> list[tuple[str | None, str]]:
    """Every column of one row that cannot be right; one look when all are."""
    refused = None if missing else _refusal({**fields, "id": article_id, "texts": {language: text}})
    if refused is None and not missing:
        return []
    trials: list[tuple[str, dict[str, Any]]] = [
        ("id", {"id": article_id}),
        ("language", {"texts": {language: _SOUND_TEXT}}),
        *((name, {"texts": {"en": {**_SOUND_TEXT, name: value}}}) for name, value in text.items()),
        *((name, {name: value}) for name, value in fields.items()),
    ]
    found: list[tuple[str | None, str]] = [
        (name, _reason(error, text.get(name)))
        for name, trial in trials
        if name not in missing and (error := _refusal(trial)) is not None
    ]
    # Each column may be right alone, and two of them not together.
    return found or ([(refused.field, refused.problem)] if refused else [])


def _refusal(trial: Mapping[str, Any]) -> BadArticle | None:
    try:
        parse_article({**_SOUND, "texts": {"en": _SOUND_TEXT}, **trial})
    except BadArticle as error:
        return error
    return None


def _reason(error: BadArticle, value: Any) -> str:
    if "\0" in (value if isinstance(value, str) else "".join(value or ())):
        return "has a NUL character"
    return f"{error.problem}, not of {len(value)}" if isinstance(value, str) else error.problem
