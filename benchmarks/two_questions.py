"""Two questions in one message: `python -m benchmarks.two_questions [--pairs 400]`.

Held-out questions in pairs, joined as customers join them; both halves have answers in the shipped base. Prints how
often both are answered, read by parts and read as a whole; and how often a single question gets an answer too many.
Nothing may be tuned on what this prints.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter
from collections.abc import Sequence

import numpy as np

from benchmarks.heldout import QUESTIONS
from knowledge_base import several
from knowledge_base.article import SIMPLIFIED
from knowledge_base.encoder import load_encoder
from knowledge_base.evaluation import make_retriever
from knowledge_base.shipped import read_articles, read_out_of_scope
from knowledge_base.understanding import ANSWER, Understanding
from knowledge_base.vectors import Vectors

_BETWEEN = ("\n", "？另外", "。还有，", "？对了，", "？")
_RESAMPLES = 2000

Row = tuple[str, frozenset[str]]


def answers(understanding: Understanding) -> list[str]:
    """The articles that the customer is shown at once."""
    if understanding.outcome != ANSWER:
        return []
    return [understanding.articles[0].id, *(match.id for match in understanding.also)]


def verdict(shown: Sequence[str], first: frozenset[str], second: frozenset[str]) -> str:
    """Both, one or none of two questions answered; `wrong` when an answer serves neither."""
    if any(one not in first | second for one in shown):
        return "wrong"
    count = sum(bool(wanted.intersection(shown)) for wanted in (first, second))
    return ("none", "one", "both")[count]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=400)
    given = parser.parse_args()
    encoder, kept = load_encoder(), dict[str, Vectors]()
    retriever = make_retriever(read_articles(), encoder, read_out_of_scope())

    def vector(text: str) -> Vectors:
        if text not in kept:
            kept[text] = encoder.encode([text])[0]
        return kept[text]

    def whole(text: str) -> Understanding:
        plain = retriever.read(text)
        return retriever.understand(plain, vector(plain), SIMPLIFIED)

    def by_parts(text: str) -> Understanding:
        return several.understand(retriever, vector, text, SIMPLIFIED)

    rows = [json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines() if line.strip()]
    single: list[Row] = [(row["query"], frozenset(row["relevant"])) for row in rows]
    asked = [(text, wanted) for text, wanted in single if wanted]
    chance = random.Random(7)
    pairs: list[tuple[str, frozenset[str], frozenset[str]]] = []
    while len(pairs) < given.pairs:
        (first, wanted), (second, also_wanted) = chance.sample(asked, 2)
        if not wanted & also_wanted:
            pairs.append((first.rstrip("？?。 ") + chance.choice(_BETWEEN) + second, wanted, also_wanted))
    for name, read in (("whole", whole), ("by parts", by_parts)):
        verdicts = [verdict(answers(read(text)), first, second) for text, first, second in pairs]
        print(name, {kind: _share([one == kind for one in verdicts]) for kind in ("both", "one", "none", "wrong")})
    counted: Counter[str] = Counter()
    for text, wanted in single:
        before, after = whole(text), by_parts(text)
        counted["read by parts"] += len(several.parts_of(text)) > 1
        if answers(before) == answers(after):
            continue
        scope = "in scope" if wanted else "out of scope"
        right = [bool(wanted.intersection(answers(one))) for one in (before, after)]
        extra = [one for one in answers(after) if one not in wanted]
        counted[f"{scope}: {('wrong or none', 'right')[right[0]]} -> {('wrong or none', 'right')[right[1]]}"] += 1
        counted[f"{scope}: with a wrong answer {'beside' if right[1] else 'alone'}"] += bool(extra)
    print(f"single questions: {len(single)}, of them", dict(counted))


def _share(true: Sequence[bool]) -> str:
    values = np.array(true, float)
    draws = np.random.default_rng(7).choice(values, (_RESAMPLES, len(values))).mean(axis=1)
    return f"{values.mean():.3f} [{np.percentile(draws, 2.5):.3f}-{np.percentile(draws, 97.5):.3f}]"


if __name__ == "__main__":
    main()
