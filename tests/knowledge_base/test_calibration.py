"""Confidence is a probability: it keeps its promises on what it was measured on, and never sums to more than one."""

import json
import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge_base.calibration import Calibration, calibrate, shipped_calibration
from knowledge_base.crossvalidation import FOLDS, Trial, cross_validate
from knowledge_base.encoder import prepared
from knowledge_base.faiss_index import FaissIndex
from knowledge_base.search import Candidate, make_entry
from knowledge_base.shipped import read_articles, read_out_of_scope
from tests.knowledge_base.letters import DIMENSION, LetterEncoder
from tests.knowledge_base.shop import INVOICE, PARCEL, REFUND

ENCODER = LetterEncoder()
USUAL = shipped_calibration(lonely=False)
scores = st.lists(st.floats(-1, 1.01), max_size=8).map(lambda values: sorted(values, reverse=True))


def candidates(values) -> tuple[Candidate, ...]:
    return tuple(Candidate(f"a{place}", value) for place, value in enumerate(values))


@given(scores)
def test_confidences_are_probabilities_in_the_order_of_the_scores(values):
    confidences = USUAL.confidences(candidates(values))
    assert len(confidences) == min(5, len(values))
    assert confidences == sorted(confidences, reverse=True)
    assert math.fsum(confidences) <= 1 + 1e-9
    assert USUAL.outcome(candidates(values)) in ("answer", "choice", "unknown")


def test_a_lonely_match_is_surer_than_one_with_a_rival():
    alone, rivalled = candidates([0.7, 0.3]), candidates([0.7, 0.68])
    assert USUAL.confidences(alone)[0] > USUAL.confidences(rivalled)[0]


def test_nothing_found_is_unknown():
    assert USUAL.outcome(()) == "unknown"


@pytest.mark.parametrize("lonely", [True, False])
def test_a_base_too_small_to_measure_is_given_what_ships_for_its_kind(lonely):
    expected = replace(shipped_calibration(lonely), base_version="7", trials=1)
    assert calibrate([Trial("a", candidates([0.9]))], "7", lonely) == expected


def test_a_likelier_scope_makes_surer_and_never_less_sure():
    found = candidates([0.8, 0.7])
    sure = [USUAL.confidences(found, scope)[0] for scope in (-5.0, 0.0, 5.0)]
    assert sure == sorted(sure)
    assert sure[0] < sure[-1]


def test_a_calibration_survives_its_way_through_the_store():
    assert Calibration.from_json(json.loads(json.dumps(USUAL.as_json()))) == USUAL


def test_every_phrasing_is_asked_once_of_a_base_without_it():
    entries = [make_entry(one, ENCODER) for one in (REFUND, PARCEL, INVOICE)]
    outside = [(text, ENCODER.encode([text])[0]) for text in ("abc", "def", "ghi")]
    trials = cross_validate(entries, outside, lambda: FaissIndex(DIMENSION))
    texts = {text for entry in entries for text in entry.phrasings}
    unseen = [trial for trial in trials if trial.right and trial.text in texts and not trial.familiar]
    assert sorted(trial.text for trial in unseen) == sorted(texts)
    assert len([trial for trial in trials if trial.right is None]) == 3
    # Asked of a base that still had it, a phrasing would find itself.
    assert max(trial.candidates[0].similarity for trial in unseen) < 0.99
    assert all(trial.candidates[0].phrasing != trial.text for trial in unseen)


def test_some_trials_ask_nearly_in_the_words_of_the_base():
    entries = [make_entry(one, ENCODER) for one in (REFUND, PARCEL, INVOICE)]
    familiar = [trial for trial in cross_validate(entries, [], lambda: FaissIndex(DIMENSION)) if trial.familiar]
    assert familiar
    assert all(0.6 < trial.candidates[0].similarity < 0.999 for trial in familiar)
    assert sum(trial.candidates[0].article_id == trial.right for trial in familiar) > 0.8 * len(familiar)


def test_a_phrasing_that_is_an_articles_only_one_is_not_asked():
    entries = [make_entry(REFUND, ENCODER), make_entry(INVOICE, ENCODER)]
    lonely = make_entry(PARCEL, ENCODER)
    lonely = type(lonely)(lonely.article_id, lonely.phrasings[:1], lonely.vectors[:1])
    trials = cross_validate([*entries, lonely], [], lambda: FaissIndex(DIMENSION))
    assert "parcel" not in {trial.right for trial in trials if not trial.familiar}
    assert FOLDS > 5


@pytest.fixture(scope="module")
def measured(encoder):
    entries = [make_entry(one, encoder) for one in read_articles()]
    texts = [prepared(text) for text in read_out_of_scope()]
    outside = list(zip(texts, encoder.encode(texts), strict=True))
    trials = cross_validate(entries, outside, lambda: FaissIndex(encoder.identity.dimension), folds=5)
    return trials, calibrate(trials, "1")


def test_on_the_shipped_base_what_is_answered_is_right_and_out_of_scope_is_refused(measured):
    trials, calibration = measured
    inside = [trial for trial in trials if trial.right]
    answered = [trial for trial in inside if outcome(calibration, trial) == "answer"]
    outside = [trial for trial in trials if trial.right is None]
    assert len(answered) > 0.4 * len(inside)
    assert sum(trial.candidates[0].article_id == trial.right for trial in answered) >= 0.95 * len(answered)
    assert sum(outcome(calibration, trial) == "answer" for trial in outside) <= 0.03 * len(outside)
    assert sum(outcome(calibration, trial) != "unknown" for trial in outside) <= 0.2 * len(outside)


def test_on_the_shipped_base_confidence_is_the_share_that_is_right(measured):
    trials, calibration = measured
    inside = sum(trial.right is not None for trial in trials)
    outside_weight = 0.25 * inside / (len(trials) - inside)  # a fifth of what customers write is out of scope
    sure = [
        (
            calibration.confidences(t.candidates, t.scope)[0],
            t.candidates[0].article_id == t.right,
            1 if t.right else outside_weight,
        )
        for t in trials
        if t.candidates
    ]
    for low, high in ((0.2, 0.4), (0.4, 0.6), (0.6, 0.8), (0.8, 1.0)):
        within = [one for one in sure if low <= one[0] < high]
        weight = sum(one[2] for one in within)
        promised = sum(one[0] * one[2] for one in within) / weight
        kept = sum(one[1] * one[2] for one in within) / weight
        assert abs(promised - kept) < 0.1


def outcome(calibration: Calibration, trial: Trial) -> str:
    return calibration.outcome(trial.candidates, trial.scope)
