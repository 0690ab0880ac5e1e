"""A turn is a pure function of what the worker sends."""

import json

import pytest

from bot.payloads import PayloadRefused
from tests.dialogue.customer import Customer, knows


def test_the_same_message_from_the_same_state_gives_the_same_answer(customer: Customer) -> None:
    customer.says_all("我要投诉", "快递员骂人", "QH20260412345")
    body = customer.body("13800138000")
    answers = [customer.bot.turn(json.loads(json.dumps(body))) for _ in range(3)]
    assert answers[0] == answers[1] == answers[2]


def test_another_conversation_in_between_changes_nothing(customer: Customer) -> None:
    customer.says_all("我要投诉", "快递员骂人")
    body = customer.body("QH20260412345")
    before = customer.bot.turn(body)
    Customer(customer.bot).says_all("我要投诉", "别的事情，发错货了")
    assert customer.bot.turn(body) == before


def test_the_dialogue_stays_small_however_long_the_conversation(customer: Customer) -> None:
    sizes = []
    for number in range(12):
        customer.says("怎么退货？", knows(f"article-{number:02}"))
        sizes.append(len(json.dumps(customer.dialogue)))
    assert sizes[-1] == sizes[5]


def test_a_new_epoch_starts_afresh(customer: Customer) -> None:
    customer.says_all("我要投诉", "快递员骂人")
    customer.epoch = 3
    answer = customer.says("你好")
    assert answer.route == "greet"
    assert answer.dialogue["loop"] is None
    assert answer.dialogue["epoch"] == 3


def test_what_the_desk_says_now_replaces_what_it_said_before(customer: Customer) -> None:
    customer.says("你好")
    customer.desk = {"open": True, "reachable": True, "opens_at": None, "tickets": []}
    assert customer.says("转人工").commands


@pytest.mark.parametrize("typed", ["/session_start", "/x@1.0{}", "/inform", "/unknown", '/check_order{"slot":1}', "/"])
def test_only_declared_payloads_are_obeyed(customer: Customer, typed: str) -> None:
    with pytest.raises(PayloadRefused):
        customer.says(typed)


@pytest.mark.parametrize("typed", ["／restart", "／affirm", '／query_order{"order_id":"A1"}', "／session_start"])
def test_a_customers_own_slash_is_only_text(customer: Customer, typed: str) -> None:
    customer.says_all("我要投诉", "快递员骂人")
    answer = customer.says(typed)
    assert answer.dialogue["loop"]["name"] == "complaint_form"
    assert answer.commands == []


def test_a_leftover_button_in_a_form_is_never_met_with_silence(customer: Customer) -> None:
    for flow in ("/check_order", "/complain", "/ticket_status", "/ask_person"):
        for tapped in ("/affirm", "/none_of_these", flow, '/choose_article{"article_id":"a","article_version":1}'):
            other = Customer(customer.bot)
            other.says(flow)
            assert other.says(tapped).replies
