"""What customers write, read as numbers and names."""

import pytest

from desk.assist.facts import read_facts
from desk.assist.lines import Line


def told(*texts: str) -> dict[str, tuple[str, int | None]]:
    """The facts of what was said in turn; an agent's lines begin with `>`."""
    lines = [
        Line(seq, "agent" if text.startswith(">") else "customer", text.removeprefix(">"))
        for seq, text in enumerate(texts, start=1)
    ]
    return {name: (fact.value, fact.seq) for name, fact in read_facts(lines).items()}


@pytest.mark.parametrize(
    ("texts", "name", "value"),
    [
        (("QH20260411902",), "order_number", "QH20260411902"),
        (("订单qh 2026-0411-902",), "order_number", "QH20260411902"),
        (("订单 7734520918",), "order_number", "7734520918"),
        ((">请提供订单号", "SF2026041100123 你自己查"), "order_number", "SF2026041100123"),
        (("my order no. is 88123344",), "order_number", "88123344"),
        (("手机 138 2266 7719",), "phone", "13822667719"),
        (("一三六 八八零零 四二一七",), "phone", "13688004217"),
        (("+852 9123 4567",), "phone", "+85291234567"),
        ((">方便留个电话吗", "9123 4567"), "phone", "91234567"),
        (("快递单号SF1381234567890",), "tracking_number", "SF1381234567890"),
        ((">手机号后四位是？", "3321"), "phone_tail", "3321"),
        (("卡尾号8812",), "card_tail", "8812"),
        (("我叫张丽丽",), "customer_name", "张丽丽"),
        (("I am Tom Smith and my parcel is lost",), "customer_name", "Tom Smith"),
    ],
)
def test_a_fact_is_read_as_it_is_meant(texts: tuple[str, ...], name: str, value: str) -> None:
    assert told(*texts)[name][0] == value


@pytest.mark.parametrize(
    "text", ["2026年4月11日买的", "2026-04-11下的单", "花了12800元", "身份证110101199003074514", "第3次了", "满300减40"]
)
def test_what_is_no_order_number_is_not_taken_for_one(text: str) -> None:
    assert "order_number" not in told(text)


def test_a_number_sent_in_pieces_is_put_together() -> None:
    assert told(">订单号多少", "2026041", "13388")["order_number"] == ("202604113388", 3)
    assert told(">手机多少", "138 2266", "7719")["phone"] == ("13822667719", 3)


def test_who_corrects_a_number_means_the_new_one() -> None:
    assert told("13800138000", "不对，是13912345678")["phone"] == ("13912345678", 2)


def test_an_agents_numbers_are_not_the_customers() -> None:
    assert told(">您的快递单号SF1381234567890", "好的") == {}
