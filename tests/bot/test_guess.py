"""Intents guessed from nearness, and what their probabilities are worth."""

from pathlib import Path

import numpy as np
import pytest

from bot.guess import Guesser
from bot.nearness import WITH_VECTORS, WITHOUT_VECTORS, Examples, Kernel, learn
from bot.ngrams import Ngrams
from bot.probabilities import Calibration, calibrated

TEXTS = ("查订单", "订单到哪了", "我的订单呢", "谢谢", "谢谢您", "多谢", "转人工", "人工客服", "找人工")
INTENTS = tuple("check check check thank thank thank person person person".split())


def vectors(noise: float = 0.3) -> np.ndarray:
    """Three directions, three examples about each."""
    around = np.repeat(np.eye(3, 8), 3, axis=0) + noise * np.random.default_rng(1).normal(size=(9, 8))
    return (around / np.linalg.norm(around, axis=1, keepdims=True)).astype(np.float32)


def learned() -> Guesser:
    return Guesser.learned(vectors(), Ngrams.learned(TEXTS).rows(TEXTS), INTENTS)


@pytest.mark.parametrize("kernel", [WITH_VECTORS, WITHOUT_VECTORS])
def test_left_out_scores_are_those_of_a_model_that_never_saw_the_example(kernel: Kernel) -> None:
    rows, right = Ngrams.learned(TEXTS).rows(TEXTS), np.repeat([0, 1, 2], 3)
    whole = Examples.of(vectors(), rows)
    voices, left_out = learn(whole, right, 3, kernel)
    others = np.arange(9) != 4
    rest = Examples(whole.vectors[others], whole.centre, rows[others])
    wanted = np.eye(3, dtype=np.float32)[right]
    solved = np.linalg.solve(rest.own_kernel(kernel) + 0.1 * np.eye(8), (wanted - voices.shares)[others])
    seen = rest.kernel(kernel, whole.vectors[4:5] + whole.centre, rows[4:5])
    assert left_out[4] == pytest.approx((seen @ solved + voices.shares)[0], abs=1e-3)


def test_what_was_learned_is_guessed_and_probabilities_add_up() -> None:
    guesses = learned().guess(vectors(), Ngrams.learned(TEXTS).rows(TEXTS))
    assert [guess.ranking[0]["name"] for guess in guesses] == list(INTENTS)
    for guess in guesses:
        assert sum(one["confidence"] for one in guess.ranking) == pytest.approx(1.0, abs=1e-5)
        assert {one["name"] for one in guess.ranking} == set(INTENTS)


def test_what_is_like_nothing_that_was_learned_is_unfamiliar() -> None:
    known = Ngrams.learned(TEXTS)
    strange = -vectors().sum(axis=0, keepdims=True)
    odd, usual = learned().guess(np.vstack([strange, vectors()[:1]]), known.rows(["今天天气怎么样", TEXTS[0]]))
    assert odd.familiarity < 0.5 < usual.familiarity


def test_nothing_changes_by_being_kept_in_a_folder(tmp_path: Path) -> None:
    before, rows = learned(), Ngrams.learned(TEXTS).rows(TEXTS)
    before.save(tmp_path)
    after = Guesser.load(tmp_path)
    assert after.guess(vectors(0.5), rows) == before.guess(vectors(0.5), rows)
    assert after.guess(None, rows) == before.guess(None, rows)


def test_one_intent_alone_is_certain() -> None:
    rows = Ngrams.learned(["你好", "您好"]).rows(["你好", "您好"])
    [guess] = Guesser.learned(np.eye(2, dtype=np.float32), rows, ["greet", "greet"]).guess(None, rows[:1])
    assert guess.ranking == [{"name": "greet", "confidence": 1.0}]


def test_the_calibration_takes_back_too_much_confidence() -> None:
    """Scores that shout, of which only two in three are right."""
    chance = np.random.default_rng(2)
    right = chance.integers(0, 4, 900)
    said = np.where(chance.random(900) < 2 / 3, right, (right + 1) % 4)
    scores = np.eye(4)[said] * 0.95 + chance.normal(0, 0.05, (900, 4))
    likely = calibrated(scores, right).probabilities(scores)
    assert likely.max(axis=1).mean() == pytest.approx((likely.argmax(axis=1) == right).mean(), abs=0.03)
    assert Calibration().probabilities(scores).max(axis=1).mean() > 0.9


def test_ngrams_are_the_same_after_loading(tmp_path: Path) -> None:
    known = Ngrams.learned(TEXTS)
    known.save(tmp_path / "n.json")
    same = Ngrams.load(tmp_path / "n.json")
    assert abs(same.rows(["订单呢", "hello"]) - known.rows(["订单呢", "hello"])).max() < 1e-6
    assert known.rows(["订单呢", "hello"]).nnz > 10


@pytest.mark.parametrize(
    ("one", "other"),
    [("查訂單", "查订单"), ("QH20260412345", "qh20260499999"), ("Ｈｉ！！", "hi!"), ("谢谢😀", "谢谢")],
)
def test_script_case_digits_and_faces_make_no_other_ngrams(one: str, other: str) -> None:
    known = Ngrams.learned(["查订单QH20260412345", "hi! 谢谢"])
    assert (known.rows([one]) - known.rows([other])).nnz == 0


def test_texts_without_a_word_have_ngrams_too() -> None:
    known = Ngrams.learned(["？", "。。", "😀"])
    assert known.rows(["", "？", "你好"]).shape == (3, len(known.weights))
