"""The files that come with the product: the articles of the sample shop, and questions no shop should answer."""

from __future__ import annotations

from pathlib import Path

import yaml

from knowledge_base.article import Article, BadArticle, parse_article

_HERE = Path(__file__).parent
CONTENT = _HERE / "content"
OUT_OF_SCOPE = _HERE / "calibration" / "out_of_scope.yml"


def read_articles(folder: Path = CONTENT) -> list[Article]:
    """Every article of every YAML file in `folder`; raises BadArticle, which names the file."""
    articles: dict[str, Article] = {}
    for path in sorted(folder.glob("*.yml")):
        for data in yaml.safe_load(path.read_text(encoding="utf-8")) or []:
            article = _article(path, data)
            if article.id in articles:
                raise BadArticle(path.name, f"{article.id} is there twice")
            articles[article.id] = article
    return list(articles.values())


def read_out_of_scope(path: Path = OUT_OF_SCOPE) -> list[str]:
    """Texts that the knowledge base must not answer."""
    by_language: dict[str, list[str]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return [text for texts in by_language.values() for text in texts]


def _article(path: Path, data: object) -> Article:
    try:
        return parse_article(data)
    except BadArticle as error:
        raise BadArticle(f"{path.name}: {error.field}", error.problem) from error
