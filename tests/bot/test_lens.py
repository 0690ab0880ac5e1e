"""The lens, and scores of examples that it has not seen."""

import numpy as np
import pytest

from bot.guess import Guesser
from bot.lens import lens, slope
from bot.nearness import WITH_VECTORS, Examples, learn
from bot.ngrams import Ngrams
from bot.unseen import folds, learned_with_vectors, scores_unseen

WIDTH = 128


def loss(vectors: np.ndarray, intents: np.ndarray, found: np.ndarray) -> float:
    """Khosla et al., 2020, written out: how unlikely the partners of each text are among all other texts."""
    moved = vectors + vectors @ found
    moved /= np.linalg.norm(moved, axis=1, keepdims=True)
    told = []
    for place, row in enumerate(moved):
        others = np.arange(len(moved)) != place
        likely = np.exp(moved @ row / 0.1) * others
        partners = others & (intents == intents[place])
        if partners.any():
            told.append(-np.log(likely[partners] / likely.sum()).mean())
    return float(np.mean(told))


def spoken(count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Texts of eight intents that differ less by what is wanted than by who speaks and by chance."""
    chance, fixed = np.random.default_rng(seed), np.random.default_rng(0)
    intents = np.arange(count) % 8
    wanted, speaker = fixed.normal(size=(8, WIDTH)), fixed.normal(size=(12, WIDTH))
    vectors = wanted[intents] + 1.5 * chance.normal(size=(count, 12)) @ speaker + 2 * chance.normal(size=(count, WIDTH))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32), intents


def no_ngrams(count: int) -> object:
    return Ngrams.learned(["x"]).rows(["?"] * count)


def test_the_slope_is_that_of_the_loss() -> None:
    chance = np.random.default_rng(1)
    vectors, found = chance.normal(size=(9, 4)), chance.normal(size=(4, 4)) / 5
    intents = np.array([0, 0, 0, 1, 1, 2, 2, 2, 3])  # the last has no partner
    told = slope(vectors, intents, found)
    for place in np.ndindex(4, 4):
        step = np.zeros((4, 4))
        step[place] = 1e-5
        rise = loss(vectors, intents, found + step) - loss(vectors, intents, found - step)
        assert told[place] == pytest.approx(rise / 2e-5, rel=1e-3, abs=1e-4)


def test_new_texts_are_told_apart_better_through_the_lens() -> None:
    known, right = spoken(160, 1)
    new, wanted = spoken(800, 2)
    plain = Examples.of(known, no_ngrams(160))
    hits = []
    for examples in (plain, plain.through(lens(plain.vectors, right))):
        voices, _ = learn(examples, right, 8, WITH_VECTORS)
        hits.append((voices.scores(examples, new, no_ngrams(800)).argmax(axis=1) == wanted).mean())
    assert hits[1] > hits[0] + 0.15


def test_a_lens_is_the_same_each_time() -> None:
    known, right = spoken(80, 1)
    assert (lens(known, right) == lens(known, right)).all()


def test_one_intent_needs_no_lens() -> None:
    known, _ = spoken(5, 1)
    assert (lens(known, np.zeros(5, dtype=int)) == np.eye(WIDTH)).all()


def test_unseen_scores_know_nothing_of_labels_that_mean_nothing() -> None:
    """With intents thrown by dice, a lens that has seen them knows some by heart."""
    chance = np.random.default_rng(3)
    vectors, thrown = chance.normal(size=(80, 2 * WIDTH)).astype(np.float32), chance.integers(0, 4, 80)
    plain = Examples.of(vectors, no_ngrams(80))
    _, seen = learn(plain.through(lens(plain.vectors, thrown)), thrown, 4, WITH_VECTORS)
    unseen, rows = scores_unseen(plain, thrown, 4, WITH_VECTORS)
    assert (seen.argmax(axis=1) == thrown).mean() > 0.9
    assert (unseen.argmax(axis=1) == thrown[rows]).mean() < 0.4
    assert sorted(rows) == list(range(80))


def test_where_there_are_many_examples_there_is_no_lens() -> None:
    known, right = spoken(160, 1)
    many, *_ = learned_with_vectors(Examples.of(known, no_ngrams(160)), right, 8, WITH_VECTORS)
    few, *_ = learned_with_vectors(Examples.of(known[:152], no_ngrams(152)), right[:152], 8, WITH_VECTORS)
    assert many.lens is None
    assert few.lens is not None


def test_probabilities_are_fitted_only_on_what_is_said() -> None:
    """Names that nobody says, and that are like nothing said, do not make the classifier doubt."""
    known, right = spoken(120, 1)
    strange = np.random.default_rng(9).normal(size=(32, WIDTH)).astype(np.float32)
    vectors, intents = np.vstack([known, strange]), [f"i{one}" for one in [*right, *np.arange(32) % 8]]
    said = np.arange(152) < 120
    sure = [
        np.mean([guess.ranking[0]["confidence"] for guess in guesser.guess(spoken(400, 2)[0], no_ngrams(400))])
        for guesser in (
            Guesser.learned(vectors, no_ngrams(152), intents, said=said),
            Guesser.learned(vectors, no_ngrams(152), intents),
        )
    ]
    assert sure[0] > sure[1] + 0.02


def test_of_many_examples_a_part_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.unseen._ENOUGH", 30)
    known, right = spoken(80, 1)
    scores, rows = scores_unseen(Examples.of(known, no_ngrams(80)), right, 8, WITH_VECTORS)
    assert scores.shape == (32, 8)
    assert len(set(rows)) == 32


def test_every_intent_is_spread_over_the_folds() -> None:
    intents = np.repeat(np.arange(7), 10)
    for intent in range(7):
        assert np.bincount(folds(intents)[intents == intent], minlength=5).tolist() == [2] * 5


def test_probabilities_through_a_lens_are_worth_what_they_say() -> None:
    """On average over four sets: in one of 152 examples chance alone moves them by some points."""
    sure, hits = list[float](), list[float]()
    new, wanted = spoken(2000, 99)
    for seed in range(5, 9):
        known, right = spoken(152, seed)
        guesses = Guesser.learned(known, no_ngrams(152), [f"i{one}" for one in right]).guess(new, no_ngrams(2000))
        sure += [guess.ranking[0]["confidence"] for guess in guesses]
        hits += [guess.ranking[0]["name"] == f"i{one}" for guess, one in zip(guesses, wanted, strict=True)]
    assert np.mean(sure) == pytest.approx(np.mean(hits), abs=0.03)
