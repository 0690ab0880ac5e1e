"""A base may grow and change as it likes: what is nearest is found, and what was just written at once."""

import threading

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from knowledge_base.indexes.growing import GrowingIndex
from knowledge_base.indexes.plan import Plan
from tests.knowledge_base.neighbours import DIMENSION, SMALL, exact, filled, neighbourhoods, recall, unit

ROWS = neighbourhoods(3_000)
ASKED = unit(ROWS[::60] + 0.05 * np.random.default_rng(1).standard_normal((50, DIMENSION)))


def until_done(index: GrowingIndex) -> None:
    while index.busy:
        index._aside.wait()
        index._keep_up()


def test_a_small_base_stays_flat_and_exact():
    index = filled(ROWS[:400])
    assert index.kind == "flat"
    assert recall(index, ROWS[:400], ASKED) == 1.0


def test_the_shipped_base_needs_no_lists():
    assert Plan().flat_up_to > 4_514


def test_a_large_base_finds_nearly_all_that_is_nearest():
    index = filled(ROWS)
    assert index.kind == "lists"
    assert recall(index, ROWS, ASKED) >= 0.98


def test_looking_into_one_list_would_find_less():
    """That the measure above can fail."""
    narrow = filled(ROWS, Plan(flat_up_to=400, fold_from=100, looked_at=30, refined=10))
    assert recall(narrow, ROWS, ASKED) < 0.98


def test_scores_are_exact_products_in_falling_order():
    found = filled(ROWS).nearest(ASKED[0], 20)
    assert [score for _, score in found] == sorted((score for _, score in found), reverse=True)
    for number, score in found:
        assert score == pytest.approx(float(ROWS[number] @ ASKED[0]), abs=2e-3)


def test_a_large_base_is_kept_once_and_halved():
    index = GrowingIndex(DIMENSION, SMALL)
    assert index.add(range(300), ROWS[:300]).dtype == np.float32
    assert index.add(range(300, 3_000), ROWS[300:]).dtype == np.float16


def test_what_was_just_added_is_found_for_certain():
    index = filled(ROWS)
    fresh = neighbourhoods(60, seed=5)
    for number, row in enumerate(fresh, start=len(ROWS)):
        index.add([number], row[None])
        found = index.nearest(row, 1)
        assert found[0][0] == number
        assert found[0][1] == pytest.approx(1, abs=2e-3)


def test_what_was_just_removed_is_never_found():
    index = filled(ROWS)
    for vector in ASKED:
        gone = exact(ROWS, vector, 5)
        index.remove(gone)
        assert not {number for number, _ in index.nearest(vector, 30)} & set(gone)


def test_a_number_may_come_back_with_another_vector():
    index = filled(ROWS)
    index.remove([7])
    index.add([7], -ROWS[7:8])
    assert index.nearest(-ROWS[7], 1)[0][0] == 7
    assert 7 not in {number for number, _ in index.nearest(ROWS[7], 30)}


def test_asking_for_more_than_there_are_gives_all():
    index = filled(ROWS)
    assert len(index.nearest(ASKED[0], 10_000)) == len(ROWS)


def test_fresh_vectors_are_folded_into_the_lists():
    index = filled(ROWS)
    more = neighbourhoods(150, seed=6)
    for start in range(0, 150, 15):
        index.add(range(3_000 + start, 3_015 + start), more[start : start + 15])
    index.nearest(ASKED[0], 1)
    until_done(index)
    assert len(index._lists) == 3_150
    assert not index._fresh_numbers
    # The lists were made for others, hence the margin; they are made anew long before such are many.
    assert recall(index, np.concatenate([ROWS, more]), unit(more[::3] + 0.1 * ROWS[::60])) >= 0.93


def test_lists_are_made_anew_when_outgrown_or_mostly_dead():
    assert SMALL.is_outgrown(1_000, 2_001, 0)
    assert SMALL.is_outgrown(1_000, 1_000, 251)
    assert not SMALL.is_outgrown(1_000, 2_000, 250)
    index = filled(ROWS)
    index.remove(range(1_000))
    index.nearest(ASKED[0], 1)
    until_done(index)
    assert len(index._lists) == 2_000
    assert {number for number, _ in index.nearest(ROWS[0], 2_000)} == set(range(1_000, 3_000))


def test_a_base_grows_over_every_threshold_while_it_is_searched():
    index, sizes = GrowingIndex(DIMENSION, SMALL), set()
    for start in range(0, len(ROWS), 15):
        index.add(range(start, start + 15), ROWS[start : start + 15])
        assert index.nearest(ROWS[start], 1)[0] == (start, pytest.approx(1, abs=2e-3))
        old = (start * 7) % (start + 1)
        assert old in {number for number, _ in index.nearest(ROWS[old], 3)}
        sizes.add(index.kind)
        if start % 900 == 0:
            until_done(index)
    assert sizes == {"flat", "lists"}
    until_done(index)
    assert len(index) == len(ROWS)
    assert recall(index, ROWS, ASKED) >= 0.98


def test_search_goes_on_while_lists_are_made(monkeypatch):
    """The work is held up, and searching, adding and removing need not wait for it."""
    from knowledge_base.indexes import growing

    may_go, real = threading.Event(), growing.make_lists

    def slow(*arguments):
        assert may_go.wait(10)
        return real(*arguments)

    monkeypatch.setattr(growing, "make_lists", slow)
    index = GrowingIndex(DIMENSION, SMALL)
    index.add(range(2_000), ROWS[:2_000])
    assert recall(index, ROWS[:2_000], ASKED) >= 0.99  # of halved vectors, some are as near as others
    assert index.busy
    index.add([5_000], -ROWS[:1])
    index.remove([3])
    assert index.nearest(-ROWS[0], 1)[0][0] == 5_000
    may_go.set()
    until_done(index)
    assert index.kind == "lists"
    assert index.nearest(-ROWS[0], 1)[0][0] == 5_000
    assert 3 not in {number for number, _ in index.nearest(ROWS[3], 30)}


def test_a_failure_aside_leaves_search_as_it_was(monkeypatch):
    from knowledge_base.indexes import growing

    def fails(*_):
        raise MemoryError

    monkeypatch.setattr(growing, "make_lists", fails)
    index = filled(ROWS)
    assert index.kind == "flat"
    assert recall(index, ROWS, ASKED[:10]) == 1.0
    assert not index.busy  # and it is not tried again and again


class AgainstADictionary(RuleBasedStateMachine):
    """Whatever is done in whatever order, numbers and scores are those of a dictionary of vectors."""

    def __init__(self):
        super().__init__()
        # So wide that nothing is missed: what is compared is which vectors there are.
        plan = Plan(flat_up_to=40, fold_from=12, looked_at=10**6, refined=5_000, grow=1.5)
        self.index, self.model, self.next = GrowingIndex(DIMENSION, plan), {}, 0
        self.dice = np.random.default_rng(3)

    @rule(count=st.integers(1, 30))
    def add(self, count):
        numbers, rows = list(range(self.next, self.next + count)), unit(self.dice.standard_normal((count, DIMENSION)))
        self.next += count
        self.index.add(numbers, rows)
        self.model.update(zip(numbers, rows, strict=True))

    @precondition(lambda self: self.model)
    @rule(data=st.data())
    def remove(self, data):
        numbers = data.draw(st.lists(st.sampled_from(sorted(self.model)), max_size=20, unique=True))
        self.index.remove([*numbers, self.next + 99])
        for number in numbers:
            del self.model[number]

    @precondition(lambda self: self.model)
    @rule(data=st.data())
    def replace(self, data):
        number, row = data.draw(st.sampled_from(sorted(self.model))), unit(self.dice.standard_normal((1, DIMENSION)))
        self.index.remove([number])
        self.index.add([number], row)
        self.model[number] = row[0]

    @rule()
    def finish(self):
        until_done(self.index)

    @invariant()
    def answers_as_the_dictionary(self):
        vector = unit(self.dice.standard_normal((1, DIMENSION)))[0]
        right = sorted(((float(row @ vector), number) for number, row in self.model.items()), reverse=True)[:5]
        found = self.index.nearest(vector, 5)
        assert len(self.index) == len(self.model)
        assert [score for _, score in found] == pytest.approx([score for score, _ in right], abs=2e-3)
        for number, score in found:
            assert score == pytest.approx(float(self.model[number] @ vector), abs=2e-3)


AgainstADictionary.TestCase.settings = settings(max_examples=15, stateful_step_count=25, deadline=None)
TestAgainstADictionary = AgainstADictionary.TestCase
