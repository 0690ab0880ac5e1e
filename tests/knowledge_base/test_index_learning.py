"""A very large base is learned from in seconds, and from all of its articles."""

import numpy as np

from knowledge_base import learning
from knowledge_base.learning import Lesson, learn_at_once
from knowledge_base.search import Entry
from tests.knowledge_base.neighbours import neighbourhoods

ROWS = neighbourhoods(3_000).astype(np.float16)  # as a large base keeps them
ENTRIES = [Entry(f"a{at}", tuple(f"{at} {n}" for n in range(15)), ROWS[at * 15 : at * 15 + 15]) for at in range(200)]
OUTSIDE = [(f"o{at}", row) for at, row in enumerate(neighbourhoods(60, seed=8))]
LESSON = Lesson("7", ENTRIES, OUTSIDE)


def test_a_base_that_can_be_learned_whole_is():
    assert LESSON.thinned() is LESSON


def test_of_very_many_phrasings_some_of_each_article_are_taught(monkeypatch):
    monkeypatch.setattr(learning, "_MOST_TAUGHT", 1_000)
    monkeypatch.setattr(learning, "_OF_MANY", 600)
    thin = LESSON.thinned()
    assert len(thin.entries) == 200
    assert {len(entry.phrasings) for entry in thin.entries} == {3}
    assert all(len(entry.phrasings) == len(entry.vectors) for entry in thin.entries)
    assert thin.calibration is not None
    assert thin.calibration.base_version == "7"


def test_of_very_many_articles_some_are_taught(monkeypatch):
    monkeypatch.setattr(learning, "_MOST_TAUGHT", 1_000)
    monkeypatch.setattr(learning, "_OF_MANY", 50)
    thin = LESSON.thinned()
    assert len(thin.entries) == 50
    assert {len(entry.phrasings) for entry in thin.entries} == {1}


def test_what_is_in_scope_is_still_told(monkeypatch):
    monkeypatch.setattr(learning, "_MOST_TAUGHT", 1_000)
    monkeypatch.setattr(learning, "_OF_MANY", 600)
    learned = learn_at_once(LESSON.thinned())
    inside = np.mean([learned.classifier.in_scope(row) for row in ROWS[7::30].astype(np.float32)])
    outside = np.mean([learned.classifier.in_scope(row) for _, row in OUTSIDE])
    assert inside > outside + 1


def test_halved_vectors_are_taught_as_whole_ones():
    taught = learning._unpacked if hasattr(learning, "_unpacked") else learning.unpacked
    packed = learning._packed if hasattr(learning, "_packed") else learning.packed
    back = taught(packed(LESSON))
    assert back.entries[3].vectors.dtype == np.float32
    assert np.array_equal(back.entries[3].vectors, ENTRIES[3].vectors.astype(np.float32))
