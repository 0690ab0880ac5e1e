"""Which way a message goes in the middle of a form."""

from dataclasses import replace

import pytest

from bot.arbitration import decide
from bot.situation import Offer
from tests.bot.situations import SURE, answer, form, inside, route, situation


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
    assert form("complaint_order", "abc", stop=0.75) == "inform"
    assert form("complaint_order", stop=0.85) == "stop"


def test_complaining_inside_a_complaint_is_its_content() -> None:
    assert form("complaint_what", "我要投诉你们快递员", complain=0.99) == "inform"


def test_no_is_an_answer_where_one_may_say_no() -> None:
    assert form("complaint_order", "没有", deny=0.9) == "deny"
    assert form("complaint_confirmed", "不对", deny=0.9) == "deny"
    assert form("complaint_what", "不", deny=0.9) == "going_on"


@pytest.mark.parametrize("intent", ["restart", "stop", "ask_person", "affirm", "insult"])
def test_a_typed_command_is_only_text(intent: str) -> None:
    assert route(situation("／restart", **{intent: 0.99})) == "unknown"
    assert form("complaint_order", "／restart", **{intent: 0.99}) == "inform"


def test_a_correction_fills_what_it_names_and_not_what_was_asked() -> None:
    verdict = inside("order_form", "phone_tail", "不对，是QH20260411187", deny=0.9)
    assert (verdict.intent, verdict.slots) == ("inform", {"order_number": "QH20260411187"})


def test_a_tail_is_whose_words_say_it_is() -> None:
    verdict = inside("card_form", "card_phone_tail", "不对，是尾号6677那张", correct=0.9)
    assert verdict.slots == {"card_tail": "6677"}
    assert inside("card_form", "card_phone_tail", "5678").slots == {"card_phone_tail": "5678"}
    assert inside("card_form", "card_tail", "8821").slots == {"card_tail": "8821"}


def test_something_was_wrong_without_the_right_value() -> None:
    assert form("complaint_confirmed", "手机号写错了", correct=0.8) == "correct"
    assert form("complaint_what", "他们把名字写错了", correct=0.8) == "inform"


@pytest.mark.parametrize("words", ["好的谢谢", "是的", "嗯嗯", "你好", "OK", "yes", "好的，谢谢你"])
@pytest.mark.parametrize("slot", ["complaint_wish", "complaint_what"])
def test_a_courtesy_is_no_answer(slot: str, words: str) -> None:
    assert form(slot, words) == "going_on"


@pytest.mark.parametrize("words", ["啊不是，我不是要投诉", "点错了", "我没想投诉", "I didn't mean to complain"])
def test_who_never_wanted_it_is_let_go(words: str) -> None:
    assert form("complaint_what", words, complain=0.9) == "stop"


def test_what_was_said_before_is_not_asked_again() -> None:
    told = ("我的耳机坏了，一个耳朵没声音", "我要投诉", "13800138000")
    what = inside("complaint_form", "complaint_what", "我上面已经说了", said_before=told)
    assert what.slots == {"complaint_what": "我的耳机坏了，一个耳朵没声音"}
    contact = inside("complaint_form", "complaint_contact", "刚才发过了", said_before=told, stop=0.9)
    assert contact.slots == {"complaint_contact": "13800138000"}
    assert form("complaint_contact", "我上面已经说了") == "said_already"


def test_another_flow_interrupts_where_a_number_is_due_but_not_a_story() -> None:
    assert inside("order_form", "order_number", "我要退货", return_goods=0.9).intent == "return_goods"
    assert inside("complaint_form", "complaint_what", "我要退货他们不让", return_goods=0.9).intent == "inform"
    assert inside("order_form", "order_number", "查订单", check_order=0.9).intent == "going_on"


def test_how_far_something_is_that_has_not_been_submitted() -> None:
    assert form("complaint_confirmed", "我的投诉怎么样了", ticket_status=0.9) == "not_submitted"
    mine = {"own_tickets": ["T1-1"]}
    asked = inside("complaint_form", "complaint_confirmed", "我的投诉怎么样了", known=mine, ticket_status=0.9)
    assert asked.intent == "ticket_status"


def test_what_is_neither_yes_nor_no_asks_again() -> None:
    assert form("complaint_confirmed", "嗯，那个", inform=0.9) == "going_on"
    assert inside("card_form", "card_confirmed", "先不冻结", report_lost_card=0.4).intent == "deny"


def test_another_contact_of_somebody_who_is_to_be_called_back_is_for_the_call_back() -> None:
    said = "电话不对，改成13987654321"
    arranged = {"callback_ticket": "T3-7"}
    verdict = decide(situation(said, known=arranged, correct=0.8), SURE)
    assert (verdict.intent, verdict.slots) == ("call_back", {"callback_contact": "13987654321"})
    assert decide(situation("13987654321", known=arranged, inform=0.9), SURE).intent == "call_back"
    assert decide(situation(said, correct=0.8), SURE).intent != "call_back"
    assert decide(situation(said, known=arranged, change_address=0.8), SURE).intent == "change_address"


def test_a_choice_is_made_in_words_or_by_its_place() -> None:
    assert inside("return_form", "return_reason", "杯子碎了").slots == {"return_reason": "quality"}
    both = inside("return_form", "return_item", "T恤太大了")
    assert both.slots == {"return_item": "T恤太大了", "return_reason": "unwanted"}
    items = (Offer("杯子", '/inform{"return_item":"1"}'), Offer("锅", '/inform{"return_item":"2"}'))
    assert inside("return_form", "return_item", "第二件", offers=items).payload == items[1].payload
    for said, score in (("4分吧", "4"), ("給滿分", "5"), ("3 分，等太久了", "3"), ("两颗星，客服态度差", "2")):
        assert inside("rating_form", "rating_score", said).slots == {"rating_score": score}
