"""Figures of small sets worked out by hand, and intervals that hold what they promise."""

import math

import numpy as np
import pytest

from zhiban.evaluating import figures
from zhiban.evaluating.figures import NOTHING, auroc, calibration_error, error_by_chance, gain, macro_f1, mean, short


def test_bins_hold_equally_many_texts():
    bins = figures.reliability([0.1, 0.9, 0.2, 0.8], [0, 1, 0, 0], bins=2)
    assert [(one.promised, one.right, one.texts) for one in bins] == [
        (pytest.approx(0.15), 0.0, 2),
        (pytest.approx(0.85), 0.5, 2),
    ]
    assert calibration_error([0.1, 0.9, 0.2, 0.8], [0, 1, 0, 0], bins=2).value == pytest.approx((0.15 + 0.35) / 2)


def test_equal_mass_sees_what_equal_widths_hide():
    """All are promised .95, half are right: one full bin."""
    assert calibration_error([0.95] * 100, [1, 0] * 50).value == pytest.approx(0.45)


def test_exact_probabilities_show_only_noise():
    chance = np.random.default_rng(0)
    sure = chance.random(1000)
    noise = error_by_chance(sure)
    assert 0.01 < noise.value < 0.04
    right = chance.random(1000) < sure
    assert noise.low * 0.8 < calibration_error(sure, right).value < noise.high * 1.2
    assert calibration_error(np.minimum(1, sure + 0.15), right).value > noise.high * 2


def test_risk_at_each_coverage():
    points = figures.risk_coverage([0.9, 0.8, 0.7, 0.6], [1, 1, 0, 1])
    assert points.tolist() == [[0.25, 0.0], [0.5, 0.0], [0.75, pytest.approx(1 / 3)], [1.0, 0.25]]


def test_what_is_equally_sure_is_answered_together():
    assert figures.risk_coverage([0.5, 0.5, 0.9], [0, 1, 1]).tolist() == [
        [pytest.approx(1 / 3), 0],
        [1, pytest.approx(1 / 3)],
    ]


def test_a_perfect_order_has_the_least_area():
    right = [1, 1, 1, 0]
    assert figures.risk_area([0.9, 0.8, 0.7, 0.1], right).value < figures.risk_area([0.1, 0.8, 0.7, 0.9], right).value


def test_auroc_counts_ties_half():
    assert auroc([0.9, 0.5], [0.5, 0.1]).value == pytest.approx(3.5 / 4)


def test_macro_f1_counts_what_was_guessed_too():
    assert macro_f1(["a", "a", "b"], ["a", "b", "c"]).value == pytest.approx((2 / 3 + 0 + 0) / 3)


def test_an_interval_holds_the_truth_nearly_always():
    chance = np.random.default_rng(0)
    held = [one.low <= 0.3 <= one.high for _ in range(200) for one in [mean((chance.random(300) < 0.3).astype(float))]]
    assert np.mean(held) > 0.9


def test_a_gain_in_pairs_is_surer_than_two_intervals():
    ours, theirs = np.array([1.0] * 80 + [0.0] * 20), np.array([1.0] * 70 + [0.0] * 30)
    assert gain(ours, theirs).low > 0
    assert mean(ours).low < mean(theirs).high


def test_of_nothing_there_is_no_figure():
    assert mean([]) == NOTHING
    assert str(NOTHING) == "-"
    assert math.isnan(calibration_error([], []).value)


def test_numbers_are_short():
    assert [short(one) for one in (0.9352, -0.012, 0.0, 1.0, 26.5)] == [".935", "-.012", ".000", "1", "26.5"]
