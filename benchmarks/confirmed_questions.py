"""What confirmed questions do for a base: `python -m benchmarks.confirmed_questions [--draws 2]`.

Half of the held-out questions stand for what customers asked and a tap or an agent confirmed, a tenth of them once more
with a wrong article; the other half is asked, and all that are out of scope. Bases: as shipped, and with the first
phrasings of each language only. Learned, accepted or left out, and calibrated as the server does it. Nothing may be
tuned on what this prints.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.evaluation.heldout import questions
from knowledge_base.article import Article
from knowledge_base.confirmed.hearing import Hearing
from knowledge_base.crossvalidation import Confirmed
from knowledge_base.encoder import Encoder, prepared
from knowledge_base.encoders.packaged import JOINED
from knowledge_base.evaluation import Query, ask, summarise
from knowledge_base.learning import Lesson, learn_at_once
from knowledge_base.search import make_entry
from knowledge_base.shipped import read_articles, read_out_of_scope
from zhiban.evaluating.base import make_retriever
from zhiban.evaluating.kept_encoder import KeptEncoder
from zhiban.evaluating.rows import Question

_FOLDER = Path("var") / "eval"
_SHOWN = ("recall_at_1", "recall_at_5", "answered", "answered_precision", "oos_passed", "auroc")
_WRONG = 0.1
_SEED = 20261122
_KINDS = {"as shipped": None, "3 phrasings a language": 3, "1 phrasing a language": 1, "1 phrasing, Chinese": -1}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=2)
    draws = parser.parse_args().draws
    encoder = KeptEncoder(_FOLDER, JOINED)
    shipped = read_articles()
    for kind, count in _KINDS.items():
        articles = shipped if count is None else [_short(article, count) for article in shipped]
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
                figures, told[name] = _figures(articles, encoder, heard, [*inside[half:], *outside])
                rows.setdefault(name, []).append(figures)
        encoder.keep()
        for name, figures_of in rows.items():
            means = " ".join(f"{one} {mean:.3f}" for one, mean in zip(_SHOWN, np.mean(figures_of, axis=0), strict=True))
            print(f"{kind}, {name}: {means} {_said(told[name])}", flush=True)


def _figures(
    articles: Sequence[Article], encoder: Encoder, confirmed: Sequence[Confirmed], asked: Sequence[Question]
) -> tuple[list[float], Hearing]:
    strange = [prepared(text) for text in read_out_of_scope()]
    outside = list(zip(strange, encoder.encode(strange), strict=True))
    entries = [make_entry(article, encoder) for article in articles]
    learned = learn_at_once(Lesson("benchmark", entries, outside, None, confirmed, "all"))
    retriever = make_retriever(articles, entries, encoder, learned)
    encoder.encode([retriever.read(one.text) for one in asked])
    found = summarise(ask(retriever, encoder, [Query(one.text, one.right) for one in asked]), len(articles))
    return [getattr(found, name) for name in _SHOWN], learned.hearing


def _confirmed(asked: Sequence[Question], encoder: Encoder) -> list[Confirmed]:
    texts = [prepared(one.text) for one in asked]
    vectors = encoder.encode(texts)
    return [
        Confirmed(min(one.right), text, vector) for one, text, vector in zip(asked, texts, vectors, strict=True) if text
    ]


def _short(article: Article, count: int) -> Article:
    """With the first phrasings of each language; -1: one, in Chinese alone where there is Chinese."""
    chinese = {name: text for name, text in article.texts.items() if name == "zh-Hans"} if count < 0 else {}
    texts = chinese or article.texts
    kept = {name: replace(text, phrasings=text.phrasings[: abs(count) - 1]) for name, text in texts.items()}
    return replace(article, texts=kept)


def _said(hearing: Hearing) -> str:
    if not hearing.asked:
        return ""
    did = f"{hearing.gained} better, {hearing.lost} worse, own {hearing.own_gained} better, {hearing.own_lost} worse"
    return f"({'heard' if hearing.heard else 'left out'}: {hearing.asked} asked of the others, {did})"


if __name__ == "__main__":
    main()
