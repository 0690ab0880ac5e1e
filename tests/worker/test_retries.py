"""When a message is tried again: later and later, at random, and not for ever."""

from datetime import UTC, datetime, timedelta

import pytest

from desk import Tries
from gateway.worker.retries import Retries

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def longest(least: float, most: float) -> float:
    assert least == 0
    return most


def waits(retry_after: float | None = None) -> list[float]:
    """Every wait at its longest, until it is given up."""
    tries, now, found = Tries(), NOW, []
    while True:
        tries = Retries().after(tries, now, retry_after, longest)
        if tries.next_at is None:
            return found
        found.append((tries.next_at - now).total_seconds())
        now = tries.next_at


def test_the_bounds_of_the_waits_grow_from_a_second_to_five_minutes() -> None:
    assert waits() == pytest.approx([1, 2.6, 6.76, 17.6, 45.7, 118.8, 300], rel=0.01)


def test_a_wait_is_drawn_from_nothing_to_its_bound() -> None:
    drawn = [Retries().after(Tries(3, NOW, NOW), NOW, None).next_at for _ in range(300)]
    seconds = [(at - NOW).total_seconds() for at in drawn if at]
    assert min(seconds) < 3
    assert 14 < max(seconds) <= 17.6


def test_the_receiver_may_ask_for_more_but_not_for_less() -> None:
    assert Retries().after(Tries(), NOW, 40, longest).next_at == NOW + timedelta(seconds=40)
    assert Retries().after(Tries(6, NOW, NOW), NOW, 1, longest).next_at == NOW + timedelta(seconds=300)


def test_after_eight_tries_or_an_hour_it_is_given_up() -> None:
    assert len(waits()) == 7
    assert len(waits(retry_after=900)) == 4
    assert waits(retry_after=4000) == []


def test_the_hour_begins_with_the_first_try() -> None:
    late = NOW + timedelta(minutes=59, seconds=59)
    assert Retries().after(Tries(2, NOW, NOW), late, None, lambda *_: 0.5).next_at is not None
    assert Retries().after(Tries(2, NOW, NOW), late, None, lambda *_: 1.5).next_at is None
