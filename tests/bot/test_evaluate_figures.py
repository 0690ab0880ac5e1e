"""The figures of an evaluation, on cases small enough to count."""

import numpy as np
import pytest

from bot.evaluate_figures import Read, auroc, calibration_error, confusions, figures, macro_f1, recall_at


def read(right: str, guessed: str, confidence: float = 0.9, familiarity: float = 1.0) -> Read:
    return Read(f"{right}?", right, guessed, confidence, familiarity)


def test_macro_f1_counts_every_intent_alike() -> None:
    assert macro_f1(["a"] * 8 + ["b", "b"], ["a"] * 8 + ["a", "b"]) == pytest.approx((16 / 17 + 2 / 3) / 2)


def test_an_intent_that_was_only_guessed_counts_as_missed() -> None:
    assert macro_f1(["a", "a"], ["a", "c"]) == pytest.approx((2 / 3 + 0) / 2)


def test_calibration_is_perfect_when_confidence_is_the_share_of_hits() -> None:
    confidence, hits = np.array([0.75] * 4 + [1.0] * 2), np.array([True] * 3 + [False] + [True] * 2)
    assert calibration_error(confidence, hits) == pytest.approx(0.0)
    assert calibration_error(np.ones(4), hits[:4]) == pytest.approx(0.25)


def test_what_is_less_familiar_than_all_is_caught() -> None:
    kept = np.linspace(0.5, 1.0, 101)
    assert auroc(kept, np.array([0.1, 0.2])) == 1.0
    assert auroc(kept, np.array([0.75])) == pytest.approx(0.5)
    assert recall_at(kept, np.array([0.1, 0.52, 0.6, 0.9])) == 0.5


def test_figures_of_strangers_only_when_there_are_some() -> None:
    inside = [read("a", "a"), read("b", "a", 0.4)]
    assert figures(inside, []).keys() == {"accuracy", "macro_f1", "ece"}
    assert figures(inside, [Read("?", None, "a", 0.2, 0.0)])["oos_recall_at_95"] == 1.0


def test_the_worst_confusion_comes_first_with_its_surest_examples() -> None:
    found = confusions([read("a", "b", 0.3), read("a", "b", 0.8), read("b", "a"), read("a", "a")])
    assert [(one["intent"], one["guessed"], one["count"]) for one in found] == [("a", "b", 2), ("b", "a", 1)]
    assert [example["confidence"] for example in found[0]["examples"]] == [0.8, 0.3]
