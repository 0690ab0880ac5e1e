"""What the benchmark's customers say has the shares that were asked for, and nothing is said twice."""

from collections import Counter

import pytest

from benchmarks.workload import MESSAGES_PER_CONVERSATION, Message, make_workload, read_questions
from knowledge_base.shipped import read_articles


@pytest.fixture(scope="module")
def workload():
    return make_workload(conversations=40, turns=50)


def test_no_text_is_said_twice(workload):
    said = [message.text for talk in (*workload.conversations, workload.long) for message in talk]
    assert len(said) == 40 * MESSAGES_PER_CONVERSATION + 50
    assert len(set(said)) == len(said)


def test_the_kinds_of_messages_have_their_shares(workload):
    kinds = Counter(message.kind for talk in workload.conversations for message in talk)
    total = 40 * MESSAGES_PER_CONVERSATION
    shares = {kind: count / total for kind, count in kinds.items()}
    assert shares == pytest.approx(
        {"faq": 0.6, "close": 0.05, "unknown": 0.05, "order": 0.15, "greet": 0.05, "complain": 0.05, "ask_person": 0.05}
    )


def test_a_greeting_comes_first_and_a_complaint_or_the_wish_for_a_person_last(workload):
    for talk in workload.conversations:
        kinds = [message.kind for message in talk]
        assert len(kinds) == MESSAGES_PER_CONVERSATION
        assert "greet" not in kinds[1:]
        assert not {"complain", "ask_person"} & set(kinds[:-1])


def test_the_three_messages_of_the_order_form_follow_one_another(workload):
    with_order = [talk for talk in workload.conversations if any(message.kind == "order" for message in talk)]
    assert len(with_order) == 16
    for talk in with_order:
        places = [place for place, message in enumerate(talk) if message.kind == "order"]
        first = places[0]
        assert places == [first, first + 1, first + 2]
        number = talk[first + 2].order
        assert number
        assert number in talk[first + 1].text


def test_each_question_names_the_article_that_was_asked(workload):
    asked = {
        article.id: [text.rstrip("？?。！!～~. ") for wording in article.texts.values() for text in wording.asked()]
        for article in read_articles()
    }
    questions = [message for talk in (*workload.conversations, workload.long) for message in talk if message.articles]
    assert len(questions) == 242
    assert all(any(text in one.text for text in asked[one.articles[0]]) for one in questions)


def test_questions_of_a_file_are_asked_by_a_customer_each(tmp_path):
    file = tmp_path / "q.jsonl"
    file.write_text('{"query": "a?", "relevant": ["x", "y"], "style": "s"}\n\n{"query": "b?", "relevant": []}\n')
    assert read_questions(file) == [
        (Message("other question", "a?", articles=("x", "y")),),
        (Message("other question, out of scope", "b?"),),
    ]


def test_the_same_seed_says_the_same_and_another_seed_does_not():
    assert make_workload(20, 5).digest() == make_workload(20, 5).digest()
    assert make_workload(20, 5).digest() != make_workload(20, 5, seed=2).digest()
