"""Verdicts under the names of the labels, and what a missed person costs."""

import pytest

from bot.evaluate_routes import _lines, route_of
from bot.flows import flows
from bot.situation import Verdict


@pytest.mark.parametrize(
    ("verdict", "route"),
    [
        (Verdict("answer_article", 0.9), "answer"),
        (Verdict("answer_article_first", 0.9), "answer"),
        (Verdict("ask_person", 0.9), "person"),
        (Verdict("complain", 0.9), "complaint"),
        (Verdict("check_order", 0.9), "task:check_order"),
        (Verdict("insult_again", 0.9), "social"),
        (Verdict("unknown_again", 0.9), "unknown"),
        (Verdict("", 1.0, payload="/ask_person"), "person"),
        (Verdict("", 1.0, payload='/choose_article{"article_id":"a","article_version":1}'), "answer"),
        (Verdict("inform", 1.0), "inform"),
    ],
)
def test_a_verdict_has_the_name_of_its_label(verdict, route):
    assert route_of(verdict) == route


def test_every_flow_but_a_complaint_is_a_task():
    routes = {name: route_of(Verdict(name, 1.0)) for name in flows().by_name}
    assert {route.partition(":")[0] for route in routes.values()} == {"task", "complaint"}


def test_a_missed_person_counts_five_times():
    pairs = [("person", "answer"), ("answer", "unknown"), ("answer", "answer"), ("complaint", "complaint")]
    assert _lines("all", pairs)[0] == ("all: 4 messages, right 0.500, cost 6, missed persons and complaints 1 of 2")
