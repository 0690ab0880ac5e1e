"""Returns, exchanges, invoices: asked for, shown, confirmed, done; or told why not."""

import json

import pytest

from tests.dialogue.customer import Customer, knows

DELIVERED = ("QH20260411187", "5678")


def test_a_return_is_shown_with_its_conditions_and_done_once_it_is_confirmed(customer: Customer) -> None:
    customer.says_all("我要退货", *DELIVERED)
    summary = customer.says_all("第二件", "收到就是坏的")
    for part in ("QH20260411187", "空气炸锅 5L", "质量问题", "我们承担", "验货"):
        assert part in summary.text
    body = customer.body("提交")
    answers = [customer.bot.turn(json.loads(json.dumps(body))) for _ in range(2)]
    assert answers[0] == answers[1]
    assert "退货单号 **TH" in answers[0].text
    assert answers[0].dialogue["loop"] is None
    assert "return_item" not in answers[0].dialogue["slots"]


def test_all_that_the_first_sentence_tells_is_not_asked_again(customer: Customer) -> None:
    answer = customer.says("QH20260411187，尾号5678，我不想要了，要退货")
    assert answer.dialogue["slots"]["requested_slot"] == "return_item"
    assert "不想要了" in customer.says("第一件").text


def test_no_asks_which_part_and_a_part_can_be_changed(customer: Customer) -> None:
    customer.says_all("我要退货", *DELIVERED, "T恤", "不喜欢")
    assert '/correct{"part":"return_item"}' in customer.says("要修改").payloads
    customer.says('/correct{"part":"return_item"}')
    assert "空气炸锅 5L" in customer.says("空气炸锅").text


def test_another_order_in_the_middle_asks_for_its_item(customer: Customer) -> None:
    customer.says_all("我要退货", *DELIVERED, "第一件")
    answer = customer.says("不对，订单是QH20260500005，尾号0005")
    assert "换成订单" in answer.text
    assert answer.dialogue["slots"]["requested_slot"] == "return_reason"


def test_nothing_is_sent_when_the_customer_stops_at_the_last_step(customer: Customer) -> None:
    customer.says_all("我要退货", *DELIVERED, "第一件", "不喜欢")
    assert "什么都没有提交" in customer.says("取消").text
    assert "要退哪一件" in customer.says("我要退货").text


@pytest.mark.parametrize(
    ("order", "told"),
    [
        (("QH20260412345", "1234"), "还没有签收"),
        (("QH20260500018", "0018"), "过了 7 天退货期"),
        (("QH20260500002", "0002"), "还没有签收"),
    ],
)
def test_what_cannot_be_returned_is_said_at_once(customer: Customer, order: tuple[str, str], told: str) -> None:
    answer = customer.says_all("我要退货", *order)
    assert told in answer.text
    assert answer.dialogue["loop"] is None


def test_a_question_in_between_is_answered_and_the_return_goes_on(customer: Customer) -> None:
    asked = customer.says_all("我要退货", *DELIVERED).text
    answer = customer.says("退货运费谁出？", knows("returns-shipping-cost"))
    assert answer.articles == ["returns-shipping-cost"]
    assert answer.text == asked


def test_an_exchange(customer: Customer) -> None:
    customer.says_all("我想换货", "QH20260500018", "0018")
    assert "换尺码或颜色" in customer.says("尺码大了").text
    assert "换货单号 **HH" in customer.says("可以").text


def test_an_exchange_in_english(english: Customer) -> None:
    english.says_all("I want to exchange an item", "QH20260500015", "0015")
    assert "Postage: on us" in english.says("it arrived broken").text
    assert "exchange number is **HH" in english.says("yes").text


def test_a_personal_invoice_asks_for_no_company(customer: Customer) -> None:
    summary = customer.says_all("我要开发票", "QH20260500006，0006", "个人")
    assert "抬头：个人" in summary.text
    assert "FP20260500006" in customer.says("确认").text


def test_the_tax_number_of_a_company_is_checked(customer: Customer) -> None:
    customer.says_all("开发票", "QH20260500008，0008", "公司", "杭州青禾科技有限公司")
    assert "校验没有通过" in customer.says("91110000600037341X").text
    assert "91110000600037341L" in customer.says("91110000600037341L").text
    assert "申请好了" in customer.says("确认").text


def test_an_invoice_that_was_made_out_is_not_made_out_again(customer: Customer) -> None:
    assert "已经开过发票" in customer.says_all("开发票", "QH20260500019", "0019").text


def test_the_order_of_one_flow_is_known_to_the_next(customer: Customer) -> None:
    customer.says_all("查订单", *DELIVERED)
    assert customer.says("我要退货").dialogue["slots"]["requested_slot"] == "return_item"


def test_in_traditional_characters(customer: Customer) -> None:
    customer.language = "zh-Hant"
    customer.says_all("我要退貨", *DELIVERED, "第一件")
    assert "质量问题" in customer.says("有瑕疵").text
