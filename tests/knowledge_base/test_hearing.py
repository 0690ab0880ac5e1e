"""Confirmed questions are learned from where they help questions that were held back, and only there."""

from collections.abc import Sequence

import numpy as np
import pytest

from knowledge_base.confirmed.hearing import NOTHING_HEARD, measure, usable
from knowledge_base.crossvalidation import Confirmed, learn, tried
from knowledge_base.faiss_index import FaissIndex
from knowledge_base.learning import Learned, Lesson, learn_at_once, packed, unpacked
from knowledge_base.search import Entry, build
from knowledge_base.vectors import Vectors

WIDTH = 24
ARTICLES = 8
DICE = np.random.default_rng(7)


def unit(vector: Vectors) -> Vectors:
    return (vector / np.linalg.norm(vector)).astype(np.float32)


CENTRES = [unit(DICE.normal(size=WIDTH)) for _ in range(ARTICLES)]
DIALECT = [unit(DICE.normal(size=WIDTH)) for _ in range(ARTICLES)]  # how customers say it: far from what editors wrote


def near(centre: Vectors, spread: float = 0.12) -> Vectors:
    return unit(centre + DICE.normal(scale=spread, size=WIDTH).astype(np.float32))


def entries(phrasings: int = 8) -> list[Entry]:
    return [
        Entry(
            f"a{place}",
            tuple(f"{place} way {number}" for number in range(phrasings)),
            np.array([near(centre) for _ in range(phrasings)], np.float32),
        )
        for place, centre in enumerate(CENTRES)
    ]


def asked(each: int, centres: Sequence[Vectors] = DIALECT, shift: int = 0) -> list[Confirmed]:
    """`each` questions an article, `shift` articles beside the right one."""
    return [
        Confirmed(f"a{(place + shift) % ARTICLES}", f"asked {place} {number} {shift}", near(centre))
        for place, centre in enumerate(centres)
        for number in range(each)
    ]


OUTSIDE = [(f"outside {number}", unit(DICE.normal(size=WIDTH))) for number in range(40)]
BASE = entries()


def test_what_customers_say_in_their_own_way_is_heard() -> None:
    hearing, trials = measure(BASE, OUTSIDE, asked(6), "m1")
    assert hearing.heard
    assert hearing.gained > 30
    assert (hearing.mark, hearing.asked) == ("m1", 6 * ARTICLES)
    assert len([trial for trial in trials if trial.right]) == 6 * ARTICLES


def test_too_few_are_not_heard() -> None:
    assert not measure(BASE, OUTSIDE, asked(3), "m1")[0].heard


def test_answers_given_at_random_are_not_heard() -> None:
    dice = np.random.default_rng(3)
    wrong = [Confirmed(f"a{dice.integers(ARTICLES)}", f"noise {n}", near(CENTRES[n % ARTICLES])) for n in range(60)]
    hearing, _ = measure(BASE, OUTSIDE, wrong, "m1")
    assert not hearing.heard


def test_what_would_take_the_bases_own_phrasings_away_is_not_heard() -> None:
    """All of one mind, and against what the editors wrote: more of them than there are phrasings."""
    against = asked(50, CENTRES, shift=1)
    hearing, _ = measure(BASE, OUTSIDE, against, "m1")
    assert hearing.gained > hearing.lost
    assert hearing.own_lost > hearing.own_gained + 3
    assert not hearing.heard


def test_a_base_of_single_phrasings_is_heard_with_a_calibration_of_its_own() -> None:
    alone, confirmed = entries(phrasings=1), asked(30)
    learned = learn_at_once(Lesson("4", alone, OUTSIDE, None, confirmed, "m1"))
    assert learned.hearing.heard
    assert len(learned.classifier.keys) == ARTICLES
    assert learned.calibration.base_version == "4"
    assert learned.calibration.trials > 200
    without = learn_at_once(Lesson("4", alone, OUTSIDE))
    assert len(without.classifier.keys) == 0
    assert learned.calibration.right != without.calibration.right


def test_only_questions_that_teach_something_are_used() -> None:
    (vector,) = [near(CENTRES[0])]
    said = [
        Confirmed("a0", "new", vector),
        Confirmed("a0", "new", vector),
        Confirmed("a1", "0 way 0", vector),  # an editor wrote that elsewhere
        Confirmed("gone", "of an article that is gone", vector),
        Confirmed("a0", "", vector),
    ]
    assert [one.text for one in usable(BASE, said)] == ["new"]


def test_what_was_heard_is_used_in_search_and_travels() -> None:
    confirmed = asked(6)
    lesson = Lesson("4", BASE, OUTSIDE, None, confirmed, "m1")
    back = unpacked(packed(lesson))
    assert [(one.article_id, one.text) for one in back.confirmed] == [(one.article_id, one.text) for one in confirmed]
    assert (back.mark, back.hearing) == ("m1", NOTHING_HEARD)
    learned = Learned.from_json(learn_at_once(back).as_json())
    assert learned.hearing.heard
    search = build(BASE, FaissIndex(WIDTH))
    questions = [(f"a{place}", "", near(centre)) for place, centre in enumerate(DIALECT) for _ in range(5)]
    before = sum(tried(search, *one).candidates[0].article_id == one[0] for one in questions)
    search.learn(learned.classifier)
    after = sum(tried(search, *one).candidates[0].article_id == one[0] for one in questions)
    assert after > before + 15
    assert after > 35


def test_the_same_questions_are_not_measured_again_while_the_calibration_stands(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lesson = Lesson("4", BASE, OUTSIDE, None, asked(6), "m1")
    first = learn_at_once(lesson)
    monkeypatch.setattr("knowledge_base.learning.measure", lambda *_: pytest.fail("measured again"))
    again = learn_at_once(Lesson("5", BASE, OUTSIDE, first.calibration, lesson.confirmed, "m1", first.hearing))
    assert again.hearing == first.hearing
    assert again.calibration is first.calibration
    assert (again.classifier.weights == first.classifier.weights).all()


def test_questions_that_are_no_longer_heard_take_their_calibration_with_them() -> None:
    first = learn_at_once(Lesson("4", BASE, OUTSIDE, None, asked(6), "m1"))
    after = learn_at_once(Lesson("5", BASE, OUTSIDE, first.calibration, [], "", first.hearing))
    assert not after.hearing.heard
    assert after.calibration.base_version == "5"
    assert (after.classifier.weights == learn(BASE, OUTSIDE).weights).all()
