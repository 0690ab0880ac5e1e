"""Cross-validation of the bot's own examples."""

from collections import Counter

from bot.evaluate_figures import Read
from bot.evaluate_folds import folds, intervals

LABELS = ["a"] * 23 + ["b"] * 7 + ["c"]


def test_every_example_is_in_one_fold_and_every_intent_spread_over_them() -> None:
    found = folds(LABELS)
    assert sorted(place for fold in found for place in fold) == list(range(len(LABELS)))
    for label, least in (("a", 4), ("b", 1)):
        assert min(Counter(LABELS[place] for place in fold)[label] for fold in found) == least
    assert found == folds(LABELS)


def test_an_interval_holds_what_was_measured() -> None:
    read = [Read("x", "a", "a" if place % 4 else "b", 0.9, 1.0) for place in range(200)]
    low, high = intervals(read)["accuracy"]
    assert low < 0.75 < high
    assert high - low < 0.15
