"""What customers ask is understood as well as when the figures were committed; and damage is seen."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.evaluation import gate
from benchmarks.evaluation.gate import Quality, falls, quality
from zhiban.evaluating.intent_model import read_examples

SEED = 5


@pytest.fixture(scope="session")
def now(retrieved, guessed) -> Quality:
    return quality(retrieved, guessed)


def test_quality_holds(now):
    fallen = falls(now, Quality.read())
    assert not fallen, "\n".join(
        [*fallen, "wanted? python -m benchmarks.evaluation --accept, and say why in the commit (docs/evaluation.md)"]
    )


def test_articles_with_the_vectors_of_others_are_seen(encoder, articles, entries, guessed, now):
    """A tenth of the articles have their vectors shuffled, as a broken index or cache would."""
    chance = np.random.default_rng(SEED)
    places = chance.choice(len(entries), len(entries) // 10, replace=False)
    whole = np.concatenate([entries[place].vectors for place in places])
    ends = np.cumsum([len(entries[place].vectors) for place in places])[:-1]
    damaged = list(entries)
    for place, vectors in zip(places, np.split(chance.permutation(whole), ends), strict=True):
        damaged[place] = replace(entries[place], vectors=vectors)
    fallen = falls(quality(gate.retrieval_results(encoder, articles, damaged), guessed), now)
    assert any(line.startswith("retrieval: right article first") for line in fallen), fallen


def test_questions_encoded_in_another_way_are_seen(encoder, articles, entries, guessed, now):
    """The articles were encoded with one prompt, the questions come with another."""
    fallen = falls(quality(gate.retrieval_results(encoder, articles, entries, OtherPrompt(encoder)), guessed), now)
    assert any(line.startswith("retrieval: answered rightly") for line in fallen), fallen


def test_examples_under_wrong_intents_are_seen(encoder, retrieved, now):
    """A tenth of the bot's examples stand under an intent that is not theirs."""
    chance = np.random.default_rng(SEED)
    examples = read_examples()
    places = chance.choice(len(examples), len(examples) // 10, replace=False)
    intents = [examples[place][1] for place in chance.permutation(places)]
    for place, intent in zip(places, intents, strict=True):
        examples[place] = examples[place][0], intent
    fallen = falls(quality(retrieved, gate.intent_results(encoder, examples)), now)
    assert fallen, "nothing was seen"
    assert all(line.startswith("intents: ") for line in fallen), fallen


class OtherPrompt:
    """Puts words before a text that do not belong there."""

    def __init__(self, encoder):
        self._encoder = encoder

    @property
    def identity(self):
        return self._encoder.identity

    def encode(self, texts):
        return self._encoder.encode([f"passage: {text}" for text in texts])
