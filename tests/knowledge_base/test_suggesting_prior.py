"""Former use moves a suggestion a little, and never far."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge_base.suggesting import ranking
from knowledge_base.suggesting.prior import MOST_SHIFT, Record, shifted

counts = st.integers(0, 10_000)


@given(counts, counts, counts, counts, counts)
def test_no_history_moves_further_than_the_bound(shown: int, used: int, edited: int, ignored: int, gone: int) -> None:
    record = Record(shown, used, edited, ignored, gone, kept=float(used))
    assert -MOST_SHIFT <= record.shift <= MOST_SHIFT


def test_what_agents_send_rises_and_what_they_dismiss_falls() -> None:
    assert Record(shown=20, used=15, kept=15).shift > 0 > Record(shown=20, dismissed=10).shift
    assert Record().shift == 0


def test_a_reply_that_was_rewritten_counts_for_what_was_kept_of_it() -> None:
    assert Record(shown=20, edited=10, kept=9).shift > Record(shown=20, edited=10, kept=2).shift


def test_one_showing_says_next_to_nothing() -> None:
    assert abs(Record(shown=1, used=1, kept=1).shift) < 0.2


@given(st.floats(0.01, 0.99), st.floats(-0.5, 0.5))
def test_a_shift_keeps_a_probability_a_probability_and_the_order(confidence: float, shift: float) -> None:
    moved = shifted(confidence, shift)
    assert 0 < moved < 1
    assert (moved >= confidence) == (shift >= 0) or moved == pytest.approx(confidence)


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_confidence_rises_with_likeness(low: float, high: float, whole: float) -> None:
    low, high = sorted((low, high))
    assert ranking.of_macro(ranking.Likeness(low, whole), 0) <= ranking.of_macro(ranking.Likeness(high, whole), 0)
    assert ranking.of_article(ranking.Likeness(low, whole)) <= ranking.of_article(ranking.Likeness(high, whole))
    assert ranking.of_answered(ranking.Likeness(low, whole)) <= ranking.of_answered(ranking.Likeness(high, whole))
