"""A large base of one phrasing an article: `python -m benchmarks.one_phrasing [--answers]`.

Every Chinese phrasing that ships is an article of its own, so many lie close together. It is asked in its own words
with others around them, other particles, letters missing and changed places. With `--answers` each has the answer of
the article that it comes from, which it then shares with some twenty others. The questions are made, not customers'.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from knowledge_base.article import Article, Wording
from knowledge_base.encoder import load_encoder
from knowledge_base.evaluation import Query, ask, make_retriever, summarise
from knowledge_base.shipped import read_articles, read_out_of_scope
from zhiban.evaluating.nearest import Nearest
from zhiban.evaluating.rows import Question

_WORDINGS = Path(__file__).with_name("wordings.yml")
_SEED = 5
_ASKED, _SLIPS_EVERY = 400, 5  # questions; letters a slip
_SHOWN = ("recall_at_1", "recall_at_5", "answered", "answered_precision", "oos_passed", "auroc", "latency_p50_ms")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--answers", action="store_true")
    dice, encoder = random.Random(_SEED), load_encoder()
    articles = _articles(parser.parse_args().answers)
    wordings = yaml.safe_load(_WORDINGS.read_text(encoding="utf-8"))
    queries = [_query(article, wordings, dice) for article in dice.sample(articles, _ASKED)]
    strange = read_out_of_scope()
    retriever = make_retriever(articles, encoder, strange[::2])  # half is learned, half is asked
    asked = ask(retriever, encoder, [*queries, *(Query(text, frozenset()) for text in strange[1::2])])
    found = summarise(asked, len(articles))
    print("Zhiban", *(f"{name} {getattr(found, name):.3f}" for name in _SHOWN), f"of {len(articles)} articles")
    _print_baselines(articles, queries, encoder)


def _articles(with_answers: bool) -> list[Article]:
    answers: dict[str, str] = {}
    for article in read_articles():
        wording = article.texts["zh-Hans"]
        answers.update(dict.fromkeys(wording.asked(), wording.answer if with_answers else ""))
    return [
        Article(f"a{place}", "benchmark", {"zh-Hans": Wording(asked, answer)})
        for place, (asked, answer) in enumerate(answers.items())
    ]


def _query(article: Article, wordings: dict[str, Any], dice: random.Random) -> Query:
    text = article.texts["zh-Hans"].question
    for said, also in wordings["other_words"].items():
        if dice.random() < 0.7:
            text = text.replace(said, dice.choice(also))
    letters = list(text)
    for _ in range(1 + len(letters) // _SLIPS_EVERY):
        place = dice.randrange(len(letters) - 1) if len(letters) > 1 else 0
        if dice.random() < 0.5 and len(letters) > 4:
            letters.pop(place)
        else:
            letters[place : place + 2] = reversed(letters[place : place + 2])
    around = wordings["faq"]["zh-Hans"]
    return Query(
        f"{dice.choice(around['before'])}{''.join(letters)}{dice.choice(around['after'])}", frozenset({article.id})
    )


def _print_baselines(articles: Sequence[Article], queries: Sequence[Query], encoder: Any) -> None:
    texts = [article.texts["zh-Hans"].question for article in articles]
    questions = [Question(query.text, frozenset(query.relevant)) for query in queries]
    for system in Nearest(texts, [article.id for article in articles], questions).systems(encoder):
        first = sum(result.first for result in system.results) / len(queries)
        print(system.name, f"recall_at_1 {first:.3f}")


if __name__ == "__main__":
    main()
