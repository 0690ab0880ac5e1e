"""Which flows a message wishes for, by its parts as they were read one by one."""

import pytest

from bot.arbitration import decide
from bot.flows import flows
from bot.second_wish import wishes
from bot.situation import Clause
from tests.bot.situations import SURE, answer, inside, situation

PARCEL, INVOICE = Clause("东西到哪了", {"check_order": 0.9}), Clause("这单给我开个票", {"request_invoice": 0.85})
QUESTION = Clause("退货流程是怎样的", {"ask_question": 0.9, "return_goods": 0.05})
UNSURE = Clause("就那个嘛", {"check_order": 0.4})
ALSO, APART = "东西到哪了，另外这单给我开个票", "东西到哪了。这单给我开个票"


def decided(text: str, *parts: Clause, **given: float) -> tuple[str, str | None]:
    verdict = decide(situation(text, parts=parts, **given), SURE)
    return verdict.intent, verdict.slots.get("next_flow")


def test_both_wishes_are_found_whatever_the_whole_looks_like() -> None:
    assert decided(ALSO, PARCEL, INVOICE, request_invoice=0.8) == ("check_order", "request_invoice")
    assert decided(ALSO, PARCEL, INVOICE) == ("check_order", "request_invoice")
    assert decided(APART, PARCEL, INVOICE) == ("check_order", "request_invoice")


def test_of_sentences_the_whole_says_which_is_first() -> None:
    assert decided(APART, PARCEL, INVOICE, request_invoice=0.8) == ("request_invoice", "check_order")


def test_an_answer_gives_way_to_two_wishes_and_not_to_one() -> None:
    both = decide(situation(ALSO, answer(0.9), parts=(PARCEL, INVOICE)), SURE)
    assert (both.intent, both.slots["next_flow"]) == ("check_order", "request_invoice")
    one = decide(situation("退货流程是怎样的，另外这单给我开个票", answer(0.9), parts=(QUESTION, INVOICE)), SURE)
    assert (one.intent, one.slots["next_flow"]) == ("answer_article_first", "request_invoice")


def test_a_question_about_a_flow_is_no_wish_for_it() -> None:
    assert decided("怎么退货？另外东西到哪了", QUESTION, PARCEL, check_order=0.8) == ("check_order", None)
    assert wishes("怎么退货，另外退货流程是怎样的", (QUESTION, QUESTION), flows()).distinct == []


def test_a_story_is_not_asked_whether_it_wants_to_complain() -> None:
    angry = Clause("你们太坑了", {"complain": 0.9})
    assert decided("杯子碎了。你们太坑了。东西到哪了", angry, PARCEL, check_order=0.8) == ("check_order", None)
    told = decided("东西到哪了，另外我要投诉你们", PARCEL, Clause("我要投诉你们", {"complain": 0.9}), check_order=0.8)
    assert told == ("check_order", "complain")


def test_a_complaint_is_never_put_behind_another_wish() -> None:
    assert decided("东西到哪了，另外我要投诉", PARCEL, Clause("我要投诉", {"complain": 0.9}), complain=0.9) == (
        "complain",
        "check_order",
    )


def test_words_beside_a_wish_are_kept_only_where_they_are_plainly_another() -> None:
    verdict = decide(situation("东西到哪了，还有就那个嘛", parts=(PARCEL, UNSURE), check_order=0.9), SURE)
    assert verdict.slots["next_words"] == "就那个嘛"
    verdict = decide(situation("东西到哪了。就那个嘛", parts=(PARCEL, UNSURE), check_order=0.9), SURE)
    assert "next_words" not in verdict.slots


@pytest.mark.parametrize(("of", "slot"), [("order_form", "order_number"), ("complaint_form", "complaint_what")])
def test_within_a_form_nothing_else_begins(of: str, slot: str) -> None:
    verdict = inside(of, slot, ALSO, parts=(PARCEL, INVOICE), inform=0.9)
    assert verdict.intent not in ("check_order", "request_invoice")
