"""Why an article was found: the server's own reasons, or what the vectors tell when it gives none."""

import math
from collections.abc import Sequence
from typing import Any

from knowledge_base.editing_client import EditingClient

MOST_PHRASINGS = 200  # of all found articles together: one call to the encoder


async def with_reasons(editing: EditingClient, text: str, understood: dict[str, Any]) -> dict[str, Any]:
    """The understanding, with `why` in each article: `{"phrasing": {"text", "similarity"}, "centroid", "lexical"}`."""
    found = understood["articles"]
    if not found or all(one.get("why") for one in found):
        return {**understood, "articles": [{**one, "why": one.get("why")} for one in found]}
    asked = await _phrasings(editing, [one["id"] for one in found])
    kept = [(article_id, phrasing) for article_id, phrasings in asked.items() for phrasing in phrasings]
    vectors = await editing.embed([text, *(phrasing for _, phrasing in kept[:MOST_PHRASINGS])])
    near: dict[str, list[tuple[str, list[float]]]] = {}
    for (article_id, phrasing), vector in zip(kept, vectors[1:], strict=False):
        near.setdefault(article_id, []).append((phrasing, vector))
    return {**understood, "articles": [{**one, "why": _why(vectors[0], near.get(one["id"], []))} for one in found]}


async def _phrasings(editing: EditingClient, ids: Sequence[str]) -> dict[str, list[str]]:
    articles = {one["id"]: one for one in (await editing.articles())["articles"]}
    return {known: _asked(articles[known]) for known in ids if known in articles}


def _asked(article: dict[str, Any]) -> list[str]:
    texts = article["texts"].values()
    return list(dict.fromkeys(way for text in texts for way in (text["question"], *text["phrasings"])))


def _why(vector: list[float], phrasings: Sequence[tuple[str, list[float]]]) -> dict[str, Any] | None:
    if not phrasings:
        return None
    similarity, text = max((_cosine(vector, other), phrasing) for phrasing, other in phrasings)
    middle = [sum(values) for values in zip(*(other for _, other in phrasings), strict=True)]
    return {
        "phrasing": {"text": text, "similarity": round(similarity, 4)},
        "centroid": round(_cosine(vector, middle), 4),
        "lexical": None,
    }


def _cosine(one: Sequence[float], other: Sequence[float]) -> float:
    lengths = math.hypot(*one) * math.hypot(*other)
    return sum(a * b for a, b in zip(one, other, strict=True)) / lengths if lengths else 0.0
