"""Which way a message goes."""

from dataclasses import replace
from typing import Any

import pytest

from bot.arbitration import decide
from bot.entities import find
from bot.situation import Article, Knowledge, Offer, Situation, Thresholds

SURE = Thresholds()
PERSON, NO = Offer("转人工", "/ask_person"), Offer("不用了", "/deny")


def situation(text: str = "...", knowledge: Knowledge | None = None, **changes: Any) -> Situation:
    """Intents are given by name; everything else by its own."""
    fields = {name: changes.pop(name) for name in list(changes) if name in Situation.__dataclass_fields__}
    return Situation(text, intents=changes, entities=tuple(find(text)), knowledge=knowledge, **fields)


def answer(confidence: float, flow: str | None = None, outcome: str = "answer") -> Knowledge:
    return Knowledge(outcome, (Article("a1", 3, confidence, "怎么退货？", flow),))


def route(given: Situation) -> str:
    verdict = decide(given, SURE)
    return verdict.payload or verdict.intent


def test_a_confident_article_answers() -> None:
    verdict = decide(situation(knowledge=answer(0.8), ask_question=0.9), SURE)
    assert verdict.intent == "answer_article"
    assert verdict.extra_entities() == [
        {"entity": "article_id", "value": "a1"},
        {"entity": "article_version", "value": 3},
    ]


def test_control_comes_before_articles() -> None:
    assert route(situation(knowledge=answer(0.95), ask_person=0.97)) == "ask_person"


def test_a_certain_article_comes_before_a_doubtful_control() -> None:
    assert route(situation(knowledge=answer(0.95), complain=0.65)) == "answer_article"


def test_a_control_below_its_threshold_is_none() -> None:
    assert route(situation(ask_person=0.5)) == "unknown"


def test_the_likelier_of_task_and_article_wins() -> None:
    assert route(situation(knowledge=answer(0.6), check_order=0.95)) == "check_order"
    assert route(situation(knowledge=answer(0.95), check_order=0.6)) == "answer_article"


def test_a_close_call_is_offered() -> None:
    verdict = decide(situation(knowledge=answer(0.85), check_order=0.9, task_titles={"check_order": "查订单"}), SURE)
    assert verdict.intent == "offer_choice"
    assert [choice.title for choice in verdict.choices] == ["怎么退货？", "查订单"]


def test_an_article_that_leads_to_the_task_is_no_rival() -> None:
    assert route(situation(knowledge=answer(0.95, flow="check_order"), check_order=0.9)) == "check_order"
    assert route(situation(knowledge=answer(0.95, flow="check_order"), check_order=0.55)) == "answer_article"


def test_thanks_with_a_question_is_a_question() -> None:
    assert route(situation(knowledge=answer(0.9), thank=0.6)) == "answer_article"
    assert route(situation(knowledge=answer(0.55), thank=0.9)) == "thank"


def test_a_choice_names_at_most_three() -> None:
    articles = tuple(Article(f"a{n}", 1, 0.3, f"{n}？") for n in range(5))
    verdict = decide(situation(knowledge=Knowledge("choice", articles)), SURE)
    assert [choice.title for choice in verdict.choices] == ["0？", "1？", "2？"]


def test_an_article_without_a_title_is_not_offered() -> None:
    assert route(situation(knowledge=Knowledge("choice", (Article("a1", 1, 0.4),)))) == "unknown"


@pytest.mark.parametrize(("text", "expected"), [("QH20260412345", "check_order"), ("T17-42", "ticket_status")])
def test_a_number_says_what_it_is_about(text: str, expected: str) -> None:
    assert route(situation(text, inform=0.9)) == expected


def test_a_complaint_that_names_an_order_is_a_complaint() -> None:
    assert route(situation("投诉QH20260412345", complain=0.5, check_order=0.2)) == "complain"


def test_missing_twice_and_rudeness_twice_are_told_apart() -> None:
    assert route(situation(missed=True)) == "unknown_again"
    assert route(situation(insult=0.9, insulted=True)) == "insult_again"


@pytest.mark.parametrize(
    ("text", "intents", "expected"),
    [
        ("好的", {"affirm": 0.9}, "/ask_person"),
        ("不用", {"deny": 0.9}, "/deny"),
        ("转人工。", {}, "/ask_person"),
        ("第二个", {}, "/deny"),
        ("1", {}, "/ask_person"),
        ("怎么退货", {"ask_question": 0.9}, "unknown"),
    ],
)
def test_short_answers_refer_to_the_buttons(text: str, intents: dict[str, float], expected: str) -> None:
    assert route(situation(text, offers=(PERSON, NO), **intents)) == expected


def test_yes_to_several_is_no_answer() -> None:
    several = (Offer("a", "/choose_article{}"), Offer("b", "/choose_article{}"))
    assert route(situation("好的", offers=several, affirm=0.95)) == "affirm"


def form(slot: str, text: str = "...", knowledge: Knowledge | None = None, **intents: Any) -> str:
    given = situation(text, knowledge, **intents)
    return route(replace(given, form="complaint_form", requested_slot=slot))


def test_in_a_form_what_was_asked_comes_first() -> None:
    assert form("complaint_order", "QH20260412345", answer(0.99), check_order=0.99) == "inform"
    assert form("complaint_what", "收到的杯子是碎的", answer(0.97), inform=0.9) == "inform"


def test_a_question_in_place_of_a_number_is_answered_as_it_would_be_outside_the_form() -> None:
    assert form("complaint_order", "怎么退货", answer(0.62)) == "answer_article"
    assert form("complaint_order", "怎么退货", replace(answer(0.62), outcome="choice")) == "inform"
    assert form("complaint_order", "退货的那个", answer(0.89), ask_question=0.1) == "inform"
    assert form("complaint_order", "退货的那个", answer(0.92), ask_question=0.1) == "answer_article"


def test_goodbye_ends_a_form() -> None:
    assert form("callback_contact", "拜拜", goodbye=0.9) == "stop"
    assert form("complaint_what", "他跟我说拜拜就走了", goodbye=0.9) == "inform"


def test_what_is_told_freely_must_also_be_a_question_to_interrupt() -> None:
    assert form("complaint_what", "退款", answer(0.95), ask_question=0.1) == "inform"
    assert form("complaint_what", "退款多久到账？", answer(0.95), ask_question=0.1) == "answer_article"
    assert form("complaint_what", "退款多久到账？", answer(0.89), ask_question=0.1) == "inform"


def test_in_a_form_control_interrupts() -> None:
    assert form("complaint_order", ask_person=0.7) == "ask_person"
    assert form("complaint_what", ask_person=0.7) == "inform"
    assert form("complaint_what", ask_person=0.9) == "ask_person"
    assert form("complaint_order", stop=0.75) == "inform"
    assert form("complaint_order", stop=0.85) == "stop"


def test_complaining_inside_a_complaint_is_its_content() -> None:
    assert form("complaint_what", "我要投诉你们快递员", complain=0.99) == "inform"


def test_no_is_an_answer_where_one_may_say_no() -> None:
    assert form("complaint_order", "没有", deny=0.9) == "deny"
    assert form("complaint_confirmed", "不对", deny=0.9) == "deny"
    assert form("complaint_what", "不", deny=0.9) == "inform"


@pytest.mark.parametrize("intent", ["restart", "stop", "ask_person", "affirm", "insult"])
def test_a_typed_command_is_only_text(intent: str) -> None:
    assert route(situation("／restart", **{intent: 0.99})) == "unknown"
    assert form("complaint_order", "／restart", **{intent: 0.99}) == "inform"
