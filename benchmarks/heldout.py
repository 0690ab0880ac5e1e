"""Asks the shipped base the held-out questions: `python -m benchmarks.heldout`; draws docs/images/reliability.png.

Prints figures by style with 95 % intervals (bootstrap over questions). Nothing may be tuned on what this prints.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from benchmarks.reliability_picture import Bin, draw
from knowledge_base.encoder import load_encoder
from knowledge_base.evaluation import Asked, Query, ask, make_retriever, summarise
from knowledge_base.shipped import read_articles, read_out_of_scope

ROOT = Path(__file__).parent.parent
QUESTIONS = ROOT / "tests" / "heldout" / "shop_questions.jsonl"
PICTURE = ROOT / "docs" / "images" / "reliability.png"
_RESAMPLES = 2000
_BINS = 10


def main() -> None:
    rows = [json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines() if line.strip()]
    articles, encoder = read_articles(), load_encoder()
    retriever = make_retriever(articles, encoder, read_out_of_scope())
    asked = ask(retriever, encoder, [Query(row["query"], frozenset(row["relevant"])) for row in rows])
    print("\n".join(summarise(asked, len(articles)).lines()))
    print("answer_from", retriever.calibration.answer_from, "choice_from", retriever.calibration.choice_from)
    by_style: dict[str, list[Asked]] = {}
    for row, one in zip(rows, asked, strict=True):
        by_style.setdefault(row["style"], []).append(one)
    print("style questions recall_at_1 recall_at_3 answered answered_precision | oos oos_answered")
    for style, those in [("all", asked), *sorted(by_style.items())]:
        print(style, *_row(those))
    _print_errors(asked, {article.id: article.category for article in articles})
    draw(reliability(asked), PICTURE)


def reliability(asked: Sequence[Asked]) -> list[Bin]:
    """Of the questions whose best confidence lies in each tenth: what was promised, what was right, how many."""
    bins = []
    for low in range(_BINS):
        within = [one for one in asked if min(int(one.confidence * _BINS), _BINS - 1) == low]
        if within:
            promised = float(np.mean([one.confidence for one in within]))
            bins.append(Bin(promised, float(np.mean([one.rank == 1 for one in within])), len(within)))
    return bins


def _row(asked: Sequence[Asked]) -> list[str]:
    inside = [one for one in asked if one.query.relevant]
    outside = [one for one in asked if not one.query.relevant]
    answers = [one for one in inside if one.understanding.outcome == "answer"]
    return [
        str(len(inside)),
        _interval(inside, lambda one: one.rank == 1),
        _interval(inside, lambda one: one.rank is not None and one.rank <= 3),
        _interval(inside, lambda one: one.understanding.outcome == "answer"),
        _interval(answers, lambda one: one.rank == 1),
        "|",
        str(len(outside)),
        _interval(outside, lambda one: one.understanding.outcome == "answer"),
    ]


def _interval(asked: Sequence[Asked], true: Callable[[Asked], bool]) -> str:
    if not asked:
        return "-"
    hits = np.array([true(one) for one in asked], float)
    drawn = np.random.default_rng(1).choice(hits, (_RESAMPLES, len(hits))).mean(axis=1)
    low, high = np.percentile(drawn, [2.5, 97.5])
    return f"{hits.mean():.3f}[{low:.3f}-{high:.3f}]"


def _print_errors(asked: Sequence[Asked], categories: dict[str, str]) -> None:
    """Kinds of errors by category, without the questions."""
    kinds: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    for one in asked:
        outcome, found = one.understanding.outcome, [match.id for match in one.understanding.articles]
        if not one.query.relevant:
            kinds[f"out of scope: {outcome}"] += 1
        elif one.rank != 1 and found:
            near = {categories[right] for right in one.query.relevant if right in categories}
            place = "same category" if categories[found[0]] in near else "another category"
            kinds[f"wrong first, {place}, right one among five: {one.rank is not None}, outcome {outcome}"] += 1
            pairs[min(one.query.relevant), found[0]] += 1
        else:
            kinds[f"right first: {outcome}"] += 1
    for kind, count in sorted(kinds.items()):
        print(count, kind)
    print("most confused:", ", ".join(f"{right} as {found} {n}" for (right, found), n in pairs.most_common(12)))


if __name__ == "__main__":
    main()
