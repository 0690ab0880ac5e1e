"""Personal data is found and masked wherever a customer puts it, and codes that only look like it survive."""

import time
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reading.personal_data import CARD, EMAIL, ID, MOBILE, Span, find, mask, mask_cards

CHINESE = st.text(st.sampled_from("我的手机号是身份证银行卡退款换货麻烦谢谢您好，。！？"), max_size=12)
DIGITS = "0123456789"
ISSUERS = [
    ("62", 16),
    ("62", 17),
    ("62", 18),
    ("62", 19),
    ("4", 13),
    ("4", 16),
    ("51", 16),
    ("37", 15),
    ("36", 14),
    ("35", 16),
]
FULL_WIDTH = str.maketrans(DIGITS, "０１２３４５６７８９")


def luhn_digit(body: str) -> str:
    doubled = [int(d) * (2 if i % 2 == 0 else 1) for i, d in enumerate(reversed(body))]
    return str(-sum(d // 10 + d % 10 for d in doubled) % 10)


def id_digit(body: str) -> str:
    weights = [pow(2, 17 - i, 11) for i in range(17)]
    return "10X98765432"[sum(w * int(d) for w, d in zip(weights, body, strict=True)) % 11]


@st.composite
def cards(draw: st.DrawFn) -> str:
    prefix, length = draw(st.sampled_from(ISSUERS))
    missing = length - len(prefix) - 1
    body = prefix + draw(st.text(DIGITS, min_size=missing, max_size=missing))
    return body + luhn_digit(body)


@st.composite
def mobiles(draw: st.DrawFn) -> str:
    return "1" + draw(st.sampled_from("3456789")) + draw(st.text(DIGITS, min_size=9, max_size=9))


@st.composite
def ids(draw: st.DrawFn) -> str:
    region = draw(st.sampled_from(["110105", "310101", "440305", "650102"]))
    born = draw(st.dates(min_value=date(1930, 1, 1), max_value=date(2020, 1, 1)))
    body = f"{region}{born:%Y%m%d}" + draw(st.text(DIGITS, min_size=3, max_size=3))
    return body + id_digit(body)


@st.composite
def written(draw: st.DrawFn, numbers: st.SearchStrategy[str]) -> tuple[str, str]:
    """A number, and one way in which a customer writes it."""
    number = draw(numbers)
    shown = number
    if draw(st.booleans()):
        separator = draw(st.sampled_from([" ", "-", "－", "\u3000"]))
        shown = separator.join(number[i : i + 4] for i in range(0, len(number), 4))
    return number, shown.translate(FULL_WIDTH) if draw(st.booleans()) else shown


@given(CHINESE, written(cards()), CHINESE)
def test_a_card_number_is_masked_inside_chinese_text_without_spaces(
    before: str, card: tuple[str, str], after: str
) -> None:
    number, shown = card
    text = before + shown + after
    [span] = find(text)
    assert text[span.start : span.end] == shown
    if span.kind == CARD:  # an 18-digit number may be a valid id as well
        assert mask_cards(text) == f"{before}[card *{number[-4:]}]{after}"
    assert shown not in mask(text)


@given(CHINESE, written(mobiles()), st.sampled_from(["", "+86", "+86 ", "86", "0086-"]), CHINESE)
def test_a_mobile_number_is_masked_with_its_country_code(
    before: str, mobile: tuple[str, str], country: str, after: str
) -> None:
    number, shown = mobile
    text = before + country + shown + after
    assert find(text) == [Span(MOBILE, len(before), len(before) + len(country) + len(shown))]
    assert mask(text) == f"{before}[mobile *{number[-4:]}]{after}"
    assert mask_cards(text) == text


@given(CHINESE, ids(), CHINESE)
def test_an_identity_number_is_masked_whole(before: str, number: str, after: str) -> None:
    assert mask(before + number + after) == f"{before}[id]{after}"
    assert mask(before + number.replace("X", "x") + after) == f"{before}[id]{after}"


@given(ids(), st.integers(1, 9))
def test_a_wrong_check_digit_is_not_an_identity_number(number: str, off_by: int) -> None:
    check = "10X98765432"
    wrong = number[:17] + check[(check.index(number[17]) + off_by) % 11]
    assert ID not in {span.kind for span in find(wrong)}


@given(st.text(max_size=200))
def test_spans_are_ordered_apart_and_inside_the_text(text: str) -> None:
    spans = find(text)
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert all(first.end <= second.start for first, second in pairwise(spans))
    assert bool(spans) == (mask(text) != text)


@given(CHINESE, st.sampled_from(["li.ming+shop@example.com", "wang_88@qq.com", "13812345678@163.com"]), CHINESE)
def test_an_email_is_found_between_chinese_characters(before: str, address: str, after: str) -> None:
    assert mask(before + address + after) == f"{before}[email]{after}"


@given(st.dates(min_value=date(2015, 1, 1), max_value=date(2199, 12, 31)), st.text(DIGITS, min_size=5, max_size=5))
def test_order_numbers_survive(day: date, tail: str) -> None:
    for order in (f"QH{day:%Y}{tail}12", f"我的订单QH{day:%Y%m%d}{tail}没到", f"{day:%Y%m%d%H%M}{tail}"):
        assert mask(order) == order


@pytest.mark.parametrize(
    "text",
    [
        "SF1381234567890",
        "YT4111111111111111",
        "运单号4313812345670",
        "RR138123456785CN",
        "T17-42",
        "c17-01JD5Z9Q8W7E6R5T4Y3U2I1O0P",
        "2026-11-22T16:04:05.123Z",
        "共12345678元",
        "12345678901",
        "12812345678",
        "1" * 30,
        "4111111111111112",
    ],
)
def test_what_only_looks_like_personal_data_survives(text: str) -> None:
    assert mask(text) == text


def test_fifteen_digit_identity_numbers_need_a_birthday() -> None:
    assert mask("证件130503670401001") == "证件[id]"
    assert mask("编号130503671301001") == "编号130503671301001"


def test_several_finds_in_one_message_are_each_masked() -> None:
    text = "电话13812345678 卡6222 0212 3456 7890 128，邮箱a@b.cn，证件11010519491231002X"
    assert mask(text) == "电话[mobile *5678] 卡[card *0128]，邮箱[email]，证件[id]"
    assert [span.kind for span in find(text)] == [MOBILE, CARD, EMAIL, ID]


def test_a_zero_width_character_hides_nothing() -> None:
    assert mask("138\u200b1234\u200b5678") == "[mobile *5678]"


def test_long_hostile_digits_are_read_in_bounded_time() -> None:
    started = time.process_time()
    find("4 1 " * 1000)
    find("a." * 2000 + "@" * 100)
    assert time.process_time() - started < 1.0
