"""Confidence is a probability: it keeps its promises on what it was measured on, and never sums to more than one."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge_base.calibration import Calibration, calibrate
from knowledge_base.crossvalidation import FOLDS, Trial, cross_validate
from knowledge_base.encoder import prepared
from knowledge_base.faiss_index import FaissIndex
from knowledge_base.search import Candidate, make_entry
from knowledge_base.shipped import read_articles, read_out_of_scope
from tests.knowledge_base.letters import DIMENSION, LetterEncoder
from tests.knowledge_base.shop import INVOICE, PARCEL, REFUND

ENCODER = LetterEncoder()
scores = st.lists(st.floats(-1, 1.01), max_size=8).map(lambda values: sorted(values, reverse=True))


def candidates(values) -> tuple[Candidate, ...]:
    return tuple(Candidate(f"a{place}", value) for place, value in enumerate(values))


@given(scores)
def test_confidences_are_probabilities_in_the_order_of_the_scores(values):
    confidences = Calibration().confidences(candidates(values))
    assert len(confidences) == min(5, len(values))
    assert confidences == sorted(confidences, reverse=True)
    assert math.fsum(confidences) <= 1 + 1e-9
    assert Calibration().outcome(candidates(values)) in ("answer", "choice", "unknown")


def test_a_lonely_match_is_surer_than_one_with_a_rival():
    alone, rivalled = candidates([0.7, 0.3]), candidates([0.7, 0.68])
    assert Calibration().confidences(alone)[0] > Calibration().confidences(rivalled)[0]


def test_nothing_found_is_unknown():
    assert Calibration().outcome(()) == "unknown"


def test_a_base_too_small_to_measure_is_given_the_cautious_defaults():
    assert calibrate([Trial("a", candidates([0.9]))], "7") == Calibration("7", trials=1)


def test_every_phrasing_is_asked_once_of_a_base_without_it():
    entries = [make_entry(one, ENCODER) for one in (REFUND, PARCEL, INVOICE)]
    outside = [(text, ENCODER.encode([text])[0]) for text in ("abc", "def", "ghi")]
    trials = cross_validate(entries, outside, lambda: FaissIndex(DIMENSION))
    assert len([trial for trial in trials if trial.right]) == sum(len(entry.phrasings) for entry in entries)
    assert len([trial for trial in trials if trial.right is None]) == 3
    # Asked of a base that still had it, a phrasing would find itself and score almost 1.
    assert max(trial.candidates[0].score for trial in trials) < 0.9


def test_a_phrasing_that_is_an_articles_only_one_is_not_asked():
    entries = [make_entry(REFUND, ENCODER), make_entry(INVOICE, ENCODER)]
    lonely = make_entry(PARCEL, ENCODER)
    lonely = type(lonely)(lonely.article_id, lonely.phrasings[:1], lonely.vectors[:1])
    trials = cross_validate([*entries, lonely], [], lambda: FaissIndex(DIMENSION))
    assert "parcel" not in {trial.right for trial in trials}
    assert FOLDS == 5


@pytest.fixture(scope="module")
def measured(encoder):
    entries = [make_entry(one, encoder) for one in read_articles()]
    texts = [prepared(text) for text in read_out_of_scope()]
    outside = list(zip(texts, encoder.encode(texts), strict=True))
    trials = cross_validate(entries, outside, lambda: FaissIndex(encoder.identity.dimension))
    return trials, calibrate(trials, "1")


def test_on_the_shipped_base_what_is_answered_is_right_and_out_of_scope_is_refused(measured):
    trials, calibration = measured
    answered = [trial for trial in trials if outcome(calibration, trial) == "answer"]
    inside = [trial for trial in answered if trial.right]
    outside = [trial for trial in trials if trial.right is None]
    assert len(inside) > 0.1 * len(trials)
    assert sum(trial.candidates[0].article_id == trial.right for trial in inside) >= 0.85 * len(inside)
    assert sum(outcome(calibration, trial) == "answer" for trial in outside) <= 0.05 * len(outside)
    assert sum(outcome(calibration, trial) != "unknown" for trial in outside) <= 0.2 * len(outside)


def test_on_the_shipped_base_confidence_is_the_share_that_is_right(measured):
    trials, calibration = measured
    inside = sum(trial.right is not None for trial in trials)
    outside_weight = 0.25 * inside / (len(trials) - inside)  # a fifth of what customers write is out of scope
    sure = [
        (
            calibration.confidences(t.candidates)[0],
            t.candidates[0].article_id == t.right,
            1 if t.right else outside_weight,
        )
        for t in trials
    ]
    for low, high in ((0.2, 0.4), (0.4, 0.6), (0.6, 0.8), (0.8, 1.0)):
        within = [one for one in sure if low <= one[0] < high]
        weight = sum(one[2] for one in within)
        promised = sum(one[0] * one[2] for one in within) / weight
        kept = sum(one[1] * one[2] for one in within) / weight
        assert abs(promised - kept) < 0.1


def outcome(calibration: Calibration, trial: Trial) -> str:
    return calibration.outcome(trial.candidates)
