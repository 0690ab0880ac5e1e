"""The gate itself: noise passes, a fall does not, whichever texts it hits."""

import json

import pytest

from benchmarks.evaluation.gate import Quality, accept, falls

TEXTS = [f"t{number}" for number in range(500)]


def made(wrong, error=0.02):
    wrong = set(wrong)
    return Quality({"retrieval: right article first": {text: text not in wrong for text in TEXTS}}, {"ECE": error})


def test_the_same_quality_passes():
    assert falls(made(TEXTS[:40]), made(TEXTS[:40])) == []


def test_as_many_mended_as_broken_passes():
    assert falls(made(TEXTS[20:60]), made(TEXTS[:40])) == []


def test_a_few_texts_worse_are_noise():
    assert falls(made(TEXTS[:43]), made(TEXTS[:40])) == []


def test_two_per_cent_worse_is_a_fall():
    (line,) = falls(made(TEXTS[:50]), made(TEXTS[:40]))
    assert line == "retrieval: right article first: 0.9200 -> 0.9000 (10 of 500 texts worse, 0 better)"


def test_a_better_quality_passes():
    assert falls(made([]), made(TEXTS[:40])) == []


def test_confidences_that_promise_too_much_are_a_fall():
    assert falls(made([], error=0.05), made([], error=0.02)) == ["ECE: 0.0200 -> 0.0500, allowed is 0.02 more"]


def test_another_file_must_be_accepted_first():
    other = Quality({"retrieval: right article first": {f"u{number}": True for number in range(500)}}, {"ECE": 0.02})
    assert "only 0 of 500 texts" in falls(other, made([]))[0]


def test_what_is_accepted_is_what_is_read(tmp_path):
    path = tmp_path / "quality.json"
    accept(made(TEXTS[:40]), path)
    assert Quality.read(path) == made(TEXTS[:40])
    assert json.loads(path.read_text())["figures"] == {"retrieval: right article first": pytest.approx(0.92)}
