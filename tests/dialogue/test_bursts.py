"""A sentence that came in pieces, a line each, is understood as one."""

import pytest

from tests.dialogue.customer import OPEN, Customer, knows


@pytest.mark.parametrize(
    ("words", "route"),
    [
        ("你好\n我要退货", "return_goods"),
        ("我要退货\n就是昨天买的那个\n颜色不喜欢", "return_goods"),
        ("我的快递\n到哪了", "check_order"),
        ("我买的杯子碎了\n我要投诉", "complain"),
        ("不想跟机器人说\n转人工", "ask_person"),
    ],
)
def test_what_was_asked_for_in_several_lines_is_begun(customer: Customer, words: str, route: str) -> None:
    customer.desk = dict(OPEN)
    assert customer.says(words).route == route


def test_a_wish_and_its_order_number_in_two_lines_are_both_heard(customer: Customer) -> None:
    customer.says("我要查订单\nQH20260412345")
    assert "QH20260412345" in customer.says("1234").text


def test_a_form_takes_an_answer_of_two_lines(customer: Customer) -> None:
    answer = customer.says_all("我要投诉", "快递员骂人\n还把杯子摔碎了")
    assert "摔碎" in str(answer.dialogue["slots"])
    assert answer.dialogue["loop"]["name"] == "complaint_form"


def test_a_question_of_two_lines_is_answered_by_its_article(customer: Customer) -> None:
    assert customer.says("怎么退货\n拆了包装的", knows()).articles == ["returns-how-to"]


def test_two_questions_in_two_lines_are_both_answered(customer: Customer) -> None:
    knowledge = knows("returns-shipping-cost", 0.96)
    knowledge["also"] = knows("points-expiry", 0.93)["articles"]
    answer = customer.says("退货运费谁出\n积分会过期吗", knowledge)
    assert answer.articles == ["returns-shipping-cost", "points-expiry"]
