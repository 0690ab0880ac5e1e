"""Answers are heard as far as the base's own questions find them."""

import numpy as np
import pytest

from knowledge_base.answers import Answers
from knowledge_base.vectors import Vectors

_ARTICLES = [f"a{number}" for number in range(60)]


def directions(seed: int) -> Vectors:
    drawn = np.random.default_rng(seed).normal(size=(len(_ARTICLES), 64))
    return (drawn / np.linalg.norm(drawn, axis=1, keepdims=True)).astype(np.float32)


def answers(told: Vectors, asked: Vectors) -> Answers:
    questions = dict(zip(_ARTICLES, asked, strict=True))
    held = Answers(questions.__getitem__)
    for article_id, vector in zip(_ARTICLES, told, strict=True):
        held.put(article_id, vector)
    return held


def told(held: Answers) -> float:
    return held.heard(directions(0)[0], {}).told


def test_answers_that_say_their_question_are_heard_in_full() -> None:
    assert told(answers(directions(1), directions(1))) == 1.0


def test_answers_to_something_else_are_hardly_heard() -> None:
    assert told(answers(directions(1), directions(2))) < 0.1


def test_answers_that_are_all_the_same_are_hardly_heard() -> None:
    same = np.repeat(directions(1)[:1], len(_ARTICLES), axis=0)
    assert told(answers(same, directions(2))) < 0.01


def test_answers_of_which_half_are_right_lie_between() -> None:
    mixed = directions(1)
    mixed[::2] = directions(2)[::2]
    assert 0.2 < told(answers(mixed, directions(1))) < 0.8


def test_it_is_measured_anew_when_answers_change() -> None:
    held = answers(directions(1), directions(1))
    assert told(held) == 1.0
    for article_id, vector in zip(_ARTICLES[:30], directions(3)[:30], strict=True):
        held.put(article_id, vector)
    assert told(held) < 1.0
    for article_id in _ARTICLES:
        held.remove(article_id)
    held.remove("unknown")
    assert told(held) == 0


@pytest.mark.parametrize("right", [True, False])
def test_an_answer_counts_only_where_answers_tell_something(right: bool) -> None:
    questions = directions(1)
    held = answers(questions if right else directions(2), questions)
    asked = directions(2)[5] if not right else questions[5]
    heard = held.heard(asked, dict.fromkeys(_ARTICLES[:10], 0.5))
    gained = heard.score("a5", 0.5, 0.0) - heard.score("a6", 0.5, 0.0)
    assert gained > 0.3 if right else gained < 0.05


def test_an_article_without_an_answer_has_what_the_others_have() -> None:
    likenesses = dict.fromkeys(["a5", "a6", "bare"], 0.5)
    heard = answers(directions(1), directions(1)).heard(directions(1)[5], likenesses)
    bare = heard.score("bare", 0.5, 0.0)
    assert heard.score("a6", 0.5, 0.0) < bare < heard.score("a5", 0.5, 0.0)


def test_answers_fade_when_somebody_asked_the_same_before() -> None:
    held = answers(directions(1), directions(1))
    near, far = (held.heard(directions(1)[5], {"a5": 0.4, "a6": likeness}) for likeness in (0.95, 0.5))
    assert (near.told, far.told) == (0.0, 1.0)
    assert near.score("a6", 0.95, 0.0) > near.score("a5", 0.4, 0.0)
    assert far.score("a6", 0.5, 0.0) < far.score("a5", 0.4, 0.0)
