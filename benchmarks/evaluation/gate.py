"""The quality gate: held-out outcomes now against those that were committed, text by text.

Paired: both runs answered the same texts, and most answers are the same, so a fall of one per cent is seen that two
separate intervals would hide. A figure has fallen when less than one in two hundred resamples (drawn over texts, both
runs together) shows no fall: seldom enough for half a dozen figures at every commit, and a change that mends as much
as it breaks passes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.evaluation import heldout
from knowledge_base.article import Article
from knowledge_base.calibration import shipped_calibration
from knowledge_base.crossvalidation import learn
from knowledge_base.encoder import Encoder, prepared
from knowledge_base.learning import Learned
from knowledge_base.search import Entry
from knowledge_base.shipped import read_articles, read_out_of_scope
from zhiban.evaluating.base import ask_all, entries_of, make_retriever
from zhiban.evaluating.figures import SEED, calibration_error
from zhiban.evaluating.intent_model import IntentModel, Labelled, read_examples
from zhiban.evaluating.result import ANSWERED, Result

COMMITTED = Path(__file__).resolve().parents[1] / "results" / "quality.json"
_RESAMPLES = 10_000
_UNLIKELY = 0.005
_MOST_ERROR = 0.02  # by which ECE may rise: twice what its resamples vary by

Outcomes = Mapping[str, Mapping[str, bool]]


@dataclass(frozen=True)
class Quality:
    """`outcomes`: by figure, whether each text (by digest) was treated well; `errors`: calibration errors."""

    outcomes: Outcomes
    errors: Mapping[str, float]

    def as_json(self) -> dict[str, object]:
        """Outcomes as a line of digits each, in the order of the digests."""
        figures = {name: round(float(np.mean([*of.values()])), 4) for name, of in self.outcomes.items()}
        told = {
            name: {"texts": " ".join(sorted(of)), "good": "".join("01"[of[text]] for text in sorted(of))}
            for name, of in self.outcomes.items()
        }
        return {
            "figures": figures,
            "errors": {name: round(one, 4) for name, one in self.errors.items()},
            "outcomes": told,
        }

    @classmethod
    def read(cls, path: Path = COMMITTED) -> Quality:
        data = json.loads(path.read_text(encoding="utf-8"))
        outcomes = {
            name: {text: good == "1" for text, good in zip(of["texts"].split(), of["good"], strict=True)}
            for name, of in data["outcomes"].items()
        }
        return cls(outcomes, data["errors"])


def accept(quality: Quality, path: Path = COMMITTED) -> None:
    """Make this what later runs are compared with."""
    path.write_text(json.dumps(quality.as_json(), indent=1) + "\n", encoding="utf-8")


def measure(encoder: Encoder) -> Quality:
    """Retrieval and intents as they are now."""
    articles = read_articles()
    retrieved = retrieval_results(encoder, articles, entries_of(articles, encoder))
    return quality(retrieved, intent_results(encoder, read_examples()))


def retrieval_results(
    encoder: Encoder, articles: Sequence[Article], entries: Sequence[Entry], asking: Encoder | None = None
) -> list[Result]:
    """With the shipped calibration, which serves at a fresh start: measuring one's own takes a minute.

    `asking` encodes the questions, if that is to be another encoder.
    """
    outside = [prepared(text) for text in read_out_of_scope()]
    classifier = learn(entries, list(zip(outside, encoder.encode(outside), strict=True)))
    knows = Learned("gate", classifier, shipped_calibration(lonely=False))
    retriever = make_retriever(articles, entries, encoder, knows)
    return ask_all(retriever, asking or encoder, heldout.questions(list(articles)))


def intent_results(encoder: Encoder, examples: Sequence[Labelled]) -> list[Result]:
    return IntentModel(encoder, examples).ask_all(heldout.messages(list(examples)))


def quality(retrieved: Sequence[Result], guessed: Sequence[Result]) -> Quality:
    """Each outcome is good or not, so that all figures fall in the same direction."""
    inside = [one for one in retrieved if one.right]
    outside = [one for one in retrieved if not one.right]
    return Quality(
        {
            "retrieval: right article first": {_key(one): one.first for one in inside},
            "retrieval: right article among five": {_key(one): one.rank is not None for one in inside},
            "retrieval: answered rightly": {_key(one): one.first and one.outcome == ANSWERED for one in inside},
            "retrieval: not answered wrongly": {_key(one): one.first or one.outcome != ANSWERED for one in inside},
            "retrieval: out of scope, not answered": {_key(one): one.outcome != ANSWERED for one in outside},
            "intents: right": {_key(one): one.first for one in guessed},
        },
        {
            "retrieval: ECE": _error(retrieved),
            "intents: ECE": _error(guessed),
        },
    )


def falls(now: Quality, then: Quality) -> list[str]:
    """A line for each figure that has fallen by more than noise; empty when quality holds."""
    found = []
    for name, before in then.outcomes.items():
        after = now.outcomes.get(name, {})
        shared = sorted(before.keys() & after.keys())
        if len(shared) < len(before) / 2:
            found.append(
                f"{name}: only {len(shared)} of {len(before)} texts are still asked; accept the new file first"
            )
            continue
        change = np.array([float(after[text]) - float(before[text]) for text in shared])
        drawn = change[np.random.default_rng(SEED).integers(0, len(change), (_RESAMPLES, len(change)))].mean(axis=1)
        if (drawn >= 0).mean() < _UNLIKELY:
            was, now_is = (float(np.mean([of[text] for text in shared])) for of in (before, after))
            better, worse = int((change > 0).sum()), int((change < 0).sum())
            found.append(f"{name}: {was:.4f} -> {now_is:.4f} ({worse} of {len(shared)} texts worse, {better} better)")
    for name, was_error in then.errors.items():
        if now.errors[name] > was_error + _MOST_ERROR:
            found.append(f"{name}: {was_error:.4f} -> {now.errors[name]:.4f}, allowed is {_MOST_ERROR} more")
    return found


def _error(results: Sequence[Result]) -> float:
    return calibration_error([one.sure for one in results], [one.first for one in results]).value


def _key(one: Result) -> str:
    return hashlib.blake2b(one.text.encode(), digest_size=5).hexdigest()
