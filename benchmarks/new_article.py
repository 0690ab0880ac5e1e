"""Seconds from a new article to its first answer, on either side."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import httpx2
import yaml

from benchmarks.judging import Judge
from benchmarks.side import Side
from benchmarks.stock_rasa.running import stock_rasa
from benchmarks.stock_rasa.training import MODEL, Trained, trained
from knowledge_base.article import Article, parse_article
from knowledge_base.shipped import read_articles
from tests.product import Product

_FILE = Path(__file__).with_name("new_article.yml")
_QUESTION = "陶艺课怎么报名"
_ANSWER_SECONDS = 60.0
_LOAD_SECONDS = 300.0
_BETWEEN = 0.02


class NeverAnswered(Exception):
    """Raised when the new article is still not the answer after a minute."""


def new_article() -> Article:
    return parse_article(yaml.safe_load(_FILE.read_text(encoding="utf-8")))


def for_ours(side: Side, product: Product) -> dict[str, float]:
    """Saved with the knowledge server's PUT, as the editors' page does."""
    article = new_article()
    _refuse_known(side, article)
    url = f"http://127.0.0.1:{product.run_json()['ports']['knowledge']}/v1/articles/{article.id}"
    begun = time.monotonic()
    answer = httpx2.put(url, json={**article.as_json(), "by": "benchmark"}, headers={"If-Match": "0"}, timeout=10)
    answer.raise_for_status()
    _wait_for(side, article)
    return {"seconds": round(time.monotonic() - begun, 2)}


def for_stock(kind: str, cache: Path, folder: Path) -> dict[str, float]:
    """Trained anew beside the running server, which then loads the model: no restart.

    Rasa's cache of what has not changed is there. A training that was measured before stands in the cache of models
    and is not repeated: its `seconds` are added.
    """
    article = new_article()
    articles = read_articles()
    before = trained(kind, articles, cache)
    with stock_rasa(before, 1, folder, api=True) as side:
        _refuse_known(side, article)
        after = trained(kind, [*articles, article], cache, nice=0, like=before)
        begun = time.monotonic()
        _load(side, after)
        _wait_for(side, article)
        loaded = time.monotonic() - begun
    return {
        "seconds": round(after.seconds + loaded, 1),
        "train_seconds": after.seconds,
        "load_seconds": round(loaded, 1),
    }


def _load(side: Side, model: Trained) -> None:
    body = {"model_file": str(model.folder / MODEL)}
    httpx2.put(f"{side.url}/model", json=body, timeout=_LOAD_SECONDS).raise_for_status()


def _wait_for(side: Side, article: Article) -> None:
    until = time.monotonic() + _ANSWER_SECONDS
    while not _answered(side, article):
        if time.monotonic() > until:
            raise NeverAnswered(article.id)
        time.sleep(_BETWEEN)


def _refuse_known(side: Side, article: Article) -> None:
    if _answered(side, article):
        raise ValueError(f"{article.id} is answered before it is there")


def _answered(side: Side, article: Article) -> bool:
    body = {"sender": f"editor-{time.monotonic_ns()}", "message": _QUESTION}
    answer = httpx2.post(f"{side.url}/webhooks/rest/webhook", json=body, timeout=30)
    replies: list[dict[str, Any]] = answer.json() if answer.status_code == 200 else []
    text = "".join(reply.get("text") or "" for reply in replies)
    return Judge.of([article]).article(text) is not None
