"""What a file would change: its drafts laid over the articles that exist."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from knowledge_base.article import Article, BadArticle
from knowledge_base.importing.drafts import Draft
from knowledge_base.importing.report import Broken, Change
from knowledge_base.retriever import Edition

_FIELDS = ("category", "audience", "flow", "valid_from", "valid_until")
_TEXT_FIELDS = ("question", "phrasings", "answer")


@dataclass(frozen=True)
class Write:
    """An article to be written in the place of version `expected` (0: there is none yet)."""

    article: Article
    expected: int
    draft: Draft
    stored: Article | None

    def new_questions(self) -> list[tuple[int, str]]:
        """Row and text of each question that is not the one of the same language as it stands."""
        before = self.stored.texts if self.stored else {}
        return [
            (self.draft.row_of(language), text.question)
            for language, text in self.article.texts.items()
            if language not in before or before[language].question != text.question
        ]


@dataclass(frozen=True)
class Comparison:
    """What is to be written, and what cannot be."""

    writes: tuple[Write, ...]
    changes: tuple[Change, ...]
    unchanged: int
    broken: tuple[Broken, ...]


def compare(drafts: Sequence[Draft], editions: Mapping[str, Edition]) -> Comparison:
    """The drafts laid over what is stored."""
    writes, changes, broken, unchanged = [], [], [], 0
    for draft in drafts:
        edition = editions.get(draft.id)
        stored = edition.article if edition else None
        try:
            article = draft.over(stored)
        except BadArticle as error:
            broken.append(Broken(draft.row, error.field, error.problem))
            continue
        if article == stored:
            unchanged += 1
            continue
        writes.append(Write(article, edition.version if edition else 0, draft, stored))
        changes.append(Change(draft.id, "changed" if stored else "created", _differing(article, stored)))
    return Comparison(tuple(writes), tuple(changes), unchanged, tuple(broken))


def _differing(article: Article, stored: Article | None) -> tuple[str, ...]:
    if stored is None:
        return ()
    found = [name for name in _FIELDS if getattr(article, name) != getattr(stored, name)]
    for language in sorted({*article.texts, *stored.texts}):
        after, before = article.texts.get(language), stored.texts.get(language)
        if after is None or before is None:
            found.append(f"texts.{language}")
        else:
            found += [
                f"texts.{language}.{name}" for name in _TEXT_FIELDS if getattr(after, name) != getattr(before, name)
            ]
    return tuple(found)
