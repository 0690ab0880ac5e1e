"""What a text names by its form."""

import pytest

from bot.entities import (
    AMOUNT,
    CARD_TAIL,
    CONTACT,
    ORDER_NUMBER,
    PHONE_TAIL,
    TAX_NUMBER,
    TICKET_NUMBER,
    TRACKING_NUMBER,
    find,
)


def named(text: str) -> list[tuple[str, str]]:
    return [(entity.kind, entity.value) for entity in find(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("帮我看看QH20260412345到哪了", [(ORDER_NUMBER, "QH20260412345")]),
        ("qh 2026 0412 345", [(ORDER_NUMBER, "QH20260412345")]),
        ("ＱＨ２０２６０４１２３４５", [(ORDER_NUMBER, "QH20260412345")]),
        ("QH2026041234", []),
        ("QH202604123456", []),
        ("工单T17-42怎么样了", [(TICKET_NUMBER, "T17-42")]),
        ("t3－7", [(TICKET_NUMBER, "T3-7")]),
        ("尾号是8800", [(PHONE_TAIL, "8800")]),
        ("the last four digits are 1234", [(PHONE_TAIL, "1234")]),
        ("1234", [(PHONE_TAIL, "1234")]),
        ("是1234。", [(PHONE_TAIL, "1234")]),
        ("今年2026年的事", []),
        ("电话 138 0013 8000", [(CONTACT, "13800138000")]),
        ("+86 13800138000", [(CONTACT, "13800138000")]),
        ("发到 lee@example.com 吧", [(CONTACT, "lee@example.com")]),
        ("QH20260412345，尾号1234", [(ORDER_NUMBER, "QH20260412345"), (PHONE_TAIL, "1234")]),
        ("QH20260412345，1234", [(ORDER_NUMBER, "QH20260412345"), (PHONE_TAIL, "1234")]),
        ("QH2026", []),
        ("我尾号8821的卡丢了", [(CARD_TAIL, "8821")]),
        ("不对，是尾号1234那张", [(CARD_TAIL, "1234")]),
        ("卡号后四位8821，手机尾号1234", [(CARD_TAIL, "8821"), (PHONE_TAIL, "1234")]),
        ("the card ending in 8821", [(CARD_TAIL, "8821")]),
        ("运单号SF1000000012345", [(TRACKING_NUMBER, "SF1000000012345")]),
        ("快递单号：773912345678901", [(TRACKING_NUMBER, "773912345678901")]),
        ("税号91110000600037341L", [(TAX_NUMBER, "91110000600037341L")]),
        ("身份证110101199003070011", []),
        ("多收了我129.5元", [(AMOUNT, "129.5")]),
        ("¥1,299", [(AMOUNT, "1299")]),
        ("怎么退货", []),
        ("", []),
    ],
)
def test_what_is_named(text: str, expected: list[tuple[str, str]]) -> None:
    assert named(text) == expected


@pytest.mark.parametrize("text", ["帮我看看QH20260412345到哪了", "我的后四位是：0099 谢谢", "打13800138000"])
def test_places_are_those_of_the_text(text: str) -> None:
    for entity in find(text):
        assert text[entity.start : entity.end].replace(" ", "") == entity.value


def test_the_digits_of_one_number_are_not_read_as_another() -> None:
    assert [kind for kind, _ in named("QH13800138000")] == [ORDER_NUMBER]
