"""The articles of a base, from a file of the user's: an export, an import file, or an evaluation set."""

from __future__ import annotations

import json
from pathlib import Path

from knowledge_base.article import Article, BadArticle
from knowledge_base.importing import evaluation_set
from knowledge_base.importing.files import read_file
from knowledge_base.importing.report import UnreadableFile
from zhiban.problems import Problem, Problems

_MOST_NAMED = 10


def read_articles(path: Path) -> list[Article]:
    """CSV, XLSX or JSONL as `kb export` writes them, or JSONL as `kb evaluate` reads it. Raises Problem."""
    try:
        if _is_evaluation_set(path):
            return evaluation_set.read_articles(path)
        read = read_file(path)
        if read.broken:
            raise Problems([f"{path}, row {one.row}, {one.column}: {one.reason}." for one in read.broken[:_MOST_NAMED]])
        return [draft.over(None) for draft in read.drafts]
    except (UnreadableFile, BadArticle) as error:
        raise Problem(f"{path}: {error}.") from error
    except OSError as error:
        raise Problem(f"{path}: {error.strerror}.") from error


def _is_evaluation_set(path: Path) -> bool:
    """Told by its first line: `question` stands beside the id instead of in `texts`."""
    with path.open("rb") as file:
        first = next((line for line in file if line.strip()), b"")
    try:
        row = json.loads(first.decode("utf-8-sig"))
    except ValueError:
        return False
    return isinstance(row, dict) and "question" in row
