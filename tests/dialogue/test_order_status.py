"""Order status: from the question to the logistics, and what happens when numbers are wrong."""

import pytest

from tests.dialogue.customer import OPEN, Customer, knows


def test_a_customer_gets_the_logistics_of_an_order(customer: Customer) -> None:
    assert "订单号" in customer.says("我的快递到哪了").text
    assert "后四位" in customer.says("QH20260412345").text
    answer = customer.says("1234")
    assert "QH20260412345" in answer.text
    assert "运输中" in answer.text
    assert "顺捷快运" in answer.text
    assert answer.commands == []


def test_in_english_too(english: Customer) -> None:
    assert "order number" in english.says("where is my parcel").text
    assert "last four digits" in english.says("QH20260409921").text
    answer = english.says("9921")
    assert "out for delivery" in answer.text
    assert answer.dialogue["loop"] is None


def test_number_and_tail_may_come_in_one_message(customer: Customer) -> None:
    customer.says("查订单")
    assert "已签收" in customer.says("QH20260411187，尾号5678").text


def test_an_order_number_alone_starts_the_flow(customer: Customer) -> None:
    assert "后四位" in customer.says("QH20260412345").text


def test_a_wrong_tail_looks_like_a_wrong_number(customer: Customer, bot: object) -> None:
    wrong_tail = customer.says_all("查订单", "QH20260500011", "9999").text
    wrong_number = Customer(customer.bot).says_all("查订单", "QH20269999999", "9999").text
    assert wrong_tail == wrong_number
    assert "圆达" not in wrong_tail


def test_not_found_twice_offers_a_person(customer: Customer) -> None:
    first = customer.says_all("查订单", "QH20260500012", "9999")
    assert "没有查到" in first.text
    second = customer.says("9998")
    assert "/ask_person" in second.payloads
    assert "还是没有查到" in second.text


@pytest.mark.parametrize("nonsense", [("abc", "def"), ("QH2026", "不记得了")])
def test_two_unreadable_numbers_offer_a_person(customer: Customer, nonsense: tuple[str, str]) -> None:
    customer.says("查订单")
    first = customer.says(nonsense[0])
    assert "不完整" in first.text
    second = customer.says(nonsense[1])
    assert "/ask_person" in second.payloads
    assert second.dialogue["loop"] is None


def test_accepting_the_offer_brings_a_person(customer: Customer) -> None:
    customer.desk = dict(OPEN)
    customer.says_all("查订单", "abc", "def")
    answer = customer.says("好的")
    assert [command["command"] for command in answer.commands] == ["handoff.request"]


def test_five_wrong_tails_lock_the_order(bot: object, customer: Customer) -> None:
    for tail in ("0001", "0002", "0003", "0004", "0005"):
        Customer(customer.bot).says_all("查订单", "QH20260500017", tail)
    locked = customer.says_all("查订单", "QH20260500017", "0017")
    assert "15 分钟" in locked.text
    assert "待发货" not in locked.text


def test_a_question_in_between_is_answered_and_the_flow_goes_on(customer: Customer) -> None:
    customer.says("查订单")
    answer = customer.says("怎么退货", knows("returns-how-to"))
    assert answer.articles == ["returns-how-to"]
    assert "订单号" in answer.text
    assert "待发货" in customer.says_all("QH20260403377", "3377").text


def test_cancelling_ends_the_flow(customer: Customer) -> None:
    customer.says("查订单")
    answer = customer.says("算了")
    assert "停下" in answer.text
    assert answer.dialogue["loop"] is None
    assert "order_number" not in answer.dialogue["slots"]


def test_the_next_look_up_is_of_the_same_order_unless_another_is_wished(customer: Customer) -> None:
    customer.says_all("查订单", "QH20260412345", "1234")
    assert "QH20260412345" in customer.says("查订单").text
    assert "订单号" in customer.says("查其他订单").text
    assert "已签收" in customer.says("QH20260411187，5678").text


def test_a_correction_of_the_number_is_seen_to_have_worked(customer: Customer) -> None:
    customer.says_all("查订单", "QH20260412345")
    assert "换成订单 **QH20260411187**" in customer.says("不对，是QH20260411187").text
    assert "已签收" in customer.says("5678").text


def test_after_a_wrong_tail_only_the_tail_is_sent_again(customer: Customer) -> None:
    customer.says_all("查订单", "QH20260412345", "9999")
    assert "运输中" in customer.says("1234").text


def test_after_a_wrong_number_only_the_number_is_sent_again(customer: Customer) -> None:
    customer.says_all("查订单", "QH20260412346", "1234")
    assert "运输中" in customer.says("QH20260412345").text


def test_another_flow_may_begin_in_the_middle(customer: Customer) -> None:
    customer.says_all("查订单", "QH20260411187")
    answer = customer.says("我要退货")
    assert answer.dialogue["loop"]["name"] == "return_form"
    assert answer.dialogue["slots"]["requested_slot"] == "phone_tail"
