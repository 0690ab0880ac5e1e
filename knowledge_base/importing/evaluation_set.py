"""Articles and queries to measure retrieval with, as JSONL files have them; looser than what may be served."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from knowledge_base.article import Article, Wording
from knowledge_base.evaluation import Query
from knowledge_base.importing.report import UnreadableFile
from reading.language import read_language


def read_articles(path: Path) -> list[Article]:
    """`{id, question, phrasings?, answer?}` a line; the language is read from each text. Raises UnreadableFile."""
    found: dict[str, Article] = {}
    for number, data in _objects(path):
        article = _article(number, data)
        if article.id in found:
            raise UnreadableFile(f"line {number}: the id {article.id} is there twice")
        found[article.id] = article
    if not found:
        raise UnreadableFile("there is no article in it")
    return list(found.values())


def read_queries(path: Path) -> list[Query]:
    """`{query, relevant: [ids]}` a line; no ids: out of scope. Raises UnreadableFile."""
    queries = []
    for number, data in _objects(path):
        text, relevant = data.get("query"), data.get("relevant")
        if not isinstance(text, str) or not text.strip():
            raise UnreadableFile(f"line {number}: query must be a text")
        if not isinstance(relevant, list):
            raise UnreadableFile(f"line {number}: relevant must be a list of ids, empty when out of scope")
        queries.append(Query(text, frozenset(map(str, relevant))))
    if not queries:
        raise UnreadableFile("there is no query in it")
    return queries


def _article(number: int, data: dict[str, Any]) -> Article:
    article_id, question = data.get("id"), data.get("question")
    phrasings, answer = data.get("phrasings") or [], data.get("answer") or ""
    if isinstance(article_id, bool) or not isinstance(article_id, (str, int)) or article_id == "":
        raise UnreadableFile(f"line {number}: id must be a text or a whole number")
    if not isinstance(question, str) or not question.strip():
        raise UnreadableFile(f"line {number}: question must be a text")
    if not isinstance(phrasings, list) or not all(isinstance(text, str) for text in phrasings):
        raise UnreadableFile(f"line {number}: phrasings must be a list of texts")
    by_language: dict[str, list[str]] = {}
    for text in [question, *filter(str.strip, phrasings)]:
        by_language.setdefault(read_language(text), []).append(text)
    texts = {
        language: Wording(asked[0], answer if isinstance(answer, str) else "", tuple(asked[1:]))
        for language, asked in by_language.items()
    }
    return Article(str(article_id), "evaluation", texts)


def _objects(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        with path.open(encoding="utf-8-sig") as file:
            for number, line in enumerate(file, start=1):
                if line.strip():
                    yield number, _object(number, line)
    except UnicodeDecodeError as error:
        raise UnreadableFile("it is not UTF-8") from error


def _object(number: int, line: str) -> dict[str, Any]:
    try:
        data = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise UnreadableFile(f"line {number}: not JSON") from error
    if not isinstance(data, dict):
        raise UnreadableFile(f"line {number}: not an object")
    return data
