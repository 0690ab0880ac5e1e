"""Measures the calibrations that ship, on the shipped content: `python -m benchmarks.shipped_calibration [lonely]`.

`usual` is the content as it is. `lonely` is for bases whose articles have one phrasing or two: one
phrasing of each article is kept with its answer, others are asked, and the kept one with a part of it missing: the
customers of such bases ask in words of their own, or nearly in those of the base.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from knowledge_base.article import Article
from knowledge_base.calibration import SHIPPED, Calibration, calibrate
from knowledge_base.crossvalidation import Trial, cross_validate, learn
from knowledge_base.encoder import Encoder, load_encoder, prepared
from knowledge_base.faiss_index import FaissIndex
from knowledge_base.search import Entry, build, make_entry
from knowledge_base.shipped import read_articles, read_out_of_scope
from knowledge_base.vectors import Vectors

_LANGUAGES = ("zh-Hans", "en")
_DRAWS = 4
_OTHERS = 2  # an article and draw
_MISSING = (0.15, 0.3, 0.45)  # of the letters or words of the kept phrasing
_SEED = 20261122

Outside = Sequence[tuple[str, Vectors]]


def lonely_trials(articles: Sequence[Article], encoder: Encoder, outside: Outside) -> Iterator[Trial]:
    """Trials of bases of one phrasing an article."""
    dice = random.Random(_SEED)
    dimension = encoder.identity.dimension
    for language in _LANGUAGES:
        whole = [_in_language(article, language, encoder) for article in articles if language in article.texts]
        for draw in range(_DRAWS):
            # Half of the bases have a typical phrasing of each article, half whichever came first.
            places = [dice.randrange(len(entry.phrasings)) if draw % 2 else _typical(entry) for entry in whole]
            kept = [_alone(entry, place) for entry, place in zip(whole, places, strict=True)]
            asked = [one for entry, place in zip(whole, places, strict=True) for one in _others(entry, place, dice)]
            texts = [(entry.article_id, _garbled(entry.phrasings[0], dice)) for entry in kept for _ in _MISSING[:2]]
            vectors = encoder.encode([text for _, text in texts])
            asked += [(right, text, vector) for (right, text), vector in zip(texts, vectors, strict=True)]
            taught = [pair for place, pair in enumerate(outside) if place % 2 == draw // 2]
            tried = [pair for place, pair in enumerate(outside) if place % 2 != draw // 2]
            search = build(kept, FaissIndex(dimension))
            search.learn(learn(kept, taught))
            for right, text, vector in [*asked, *((None, *pair) for pair in tried)]:
                yield Trial(right, tuple(search.candidates(text, vector)), search.in_scope(vector))


def _typical(entry: Entry) -> int:
    return int((entry.vectors @ entry.vectors.mean(axis=0)).argmax())


def _others(entry: Entry, kept: int, dice: random.Random) -> list[tuple[str | None, str, Vectors]]:
    others = [place for place in range(len(entry.phrasings)) if place != kept]
    drawn = dice.sample(others, min(_OTHERS, len(others)))
    return [(entry.article_id, entry.phrasings[place], np.asarray(entry.vectors[place])) for place in drawn]


def _garbled(text: str, dice: random.Random) -> str:
    """`text` without some of its words, or of its letters where there are no words."""
    words = text.split() if " " in text else list(text)
    missing = set(dice.sample(range(len(words)), int(len(words) * dice.choice(_MISSING))))
    return (" " if " " in text else "").join(word for place, word in enumerate(words) if place not in missing)


def _in_language(article: Article, language: str, encoder: Encoder) -> Entry:
    """All phrasings, and the answer that counts when there is but one."""
    wording = article.texts[language]
    entry = make_entry(replace(article, texts={language: wording}), encoder)
    alone = make_entry(replace(article, texts={language: replace(wording, phrasings=())}), encoder)
    return replace(entry, answer=alone.answer, answer_vector=alone.answer_vector)


def _alone(entry: Entry, place: int) -> Entry:
    return replace(entry, phrasings=(entry.phrasings[place],), vectors=entry.vectors[[place]])


def main() -> None:
    """With the name of a kind, only that one is measured anew."""
    encoder, kinds = load_encoder(), sys.argv[1:] or ["usual", "lonely"]
    texts = [prepared(text) for text in read_out_of_scope()]
    outside = list(zip(texts, encoder.encode(texts), strict=True))
    articles = read_articles()
    shipped = json.loads(SHIPPED.read_text(encoding="utf-8"))
    for kind in kinds:
        trials = list(_trials(kind, articles, encoder, outside))
        calibration = calibrate(trials, "", lonely=kind == "lonely")
        print(kind, _summary(calibration, trials))
        shipped[kind] = calibration.as_json()
    SHIPPED.write_text(json.dumps(shipped, indent=2) + "\n", encoding="utf-8")


def _trials(kind: str, articles: Sequence[Article], encoder: Encoder, outside: Outside) -> Iterable[Trial]:
    if kind == "lonely":
        return lonely_trials(articles, encoder, outside)
    entries = [make_entry(article, encoder) for article in articles]
    return cross_validate(entries, outside, lambda: FaissIndex(encoder.identity.dimension))


def _summary(calibration: Calibration, trials: Sequence[Trial]) -> str:
    inside = [trial for trial in trials if trial.right]
    outside = [trial for trial in trials if not trial.right]
    answered = [trial for trial in inside if calibration.outcome(trial.candidates, trial.scope) == "answer"]
    right = sum(trial.candidates[0].article_id == trial.right for trial in answered)
    first = sum(trial.candidates[0].article_id == trial.right for trial in inside)
    passed = [calibration.outcome(trial.candidates, trial.scope) for trial in outside]
    return (
        f"recall_at_1 {first / len(inside):.3f} answered {len(answered) / len(inside):.3f} "
        f"of these right {right / max(1, len(answered)):.3f} oos answered {passed.count('answer') / len(passed):.3f} "
        f"oos choice {passed.count('choice') / len(passed):.3f} answer_from {calibration.answer_from:.3f} "
        f"choice_from {calibration.choice_from:.3f}"
    )


if __name__ == "__main__":
    main()
