"""What confirmed questions do for a base: `python -m benchmarks.confirmed_questions [--draws 2]`.

Half of the held-out questions stand for what customers asked and a tap or an agent confirmed, a tenth of them once more
with a wrong article; the other half is asked, and all that are out of scope. Bases: as shipped, and with the first
phrasings of each language only. Learned, accepted or left out, and calibrated as the server does it. Nothing may be
tuned on what this prints.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.evaluation.heldout import questions
from benchmarks.short_bases import figures, said, short
from knowledge_base.article import Article
from knowledge_base.confirmed.hearing import Hearing
from knowledge_base.crossvalidation import Confirmed
from knowledge_base.encoder import Encoder, prepared
from knowledge_base.encoders.packaged import JOINED
from knowledge_base.search import make_entry
from knowledge_base.shipped import read_articles
from zhiban.evaluating.kept_encoder import KeptEncoder
from zhiban.evaluating.rows import Question

_FOLDER = Path("var") / "eval"
_WRONG = 0.1
_SEED = 20261122
_KINDS: dict[str, Callable[[Article], Article]] = {
    "as shipped": lambda article: article,
    "3 phrasings a language": lambda article: short(article, 3),
    "1 phrasing a language": lambda article: short(article, 1),
    "1 phrasing, Chinese": lambda article: short(article, 1, chinese_alone=True),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=2)
    draws = parser.parse_args().draws
    encoder = KeptEncoder(_FOLDER, JOINED)
    shipped = read_articles()
    for kind, cut in _KINDS.items():
        articles = [cut(article) for article in shipped]
        entries = [make_entry(article, encoder) for article in articles]
        ids = sorted(article.id for article in articles if article.audience == "customer")
        rows: dict[str, list[list[float]]] = {}
        told: dict[str, Hearing] = {}
        for draw in range(draws):
            dice = random.Random(_SEED + draw)
            inside = [one for one in questions(shipped) if one.right]
            outside = [one for one in questions(shipped) if not one.right]
            dice.shuffle(inside)
            half = len(inside) // 2
            confirmed = _confirmed(inside[:half], encoder)
            wrong = [replace(one, article_id=dice.choice(ids)) for one in confirmed if dice.random() < _WRONG]
            for name, heard in (("none", []), ("confirmed", confirmed), ("... a tenth wrongly", [*confirmed, *wrong])):
                found, told[name] = figures(articles, entries, encoder, [*inside[half:], *outside], heard)
                rows.setdefault(name, []).append(found)
        encoder.keep()
        for name, found_by_draw in rows.items():
            print(f"{kind}, {name}: {said(np.mean(found_by_draw, axis=0))} {_heard(told[name])}", flush=True)


def _confirmed(asked: Sequence[Question], encoder: Encoder) -> list[Confirmed]:
    texts = [prepared(one.text) for one in asked]
    vectors = encoder.encode(texts)
    return [
        Confirmed(min(one.right), text, vector) for one, text, vector in zip(asked, texts, vectors, strict=True) if text
    ]


def _heard(hearing: Hearing) -> str:
    if not hearing.asked:
        return ""
    did = f"{hearing.gained} better, {hearing.lost} worse, own {hearing.own_gained} better, {hearing.own_lost} worse"
    return f"({'heard' if hearing.heard else 'left out'}: {hearing.asked} asked of the others, {did})"


if __name__ == "__main__":
    main()
