"""What a conversation tells that a form asks for: numbers and names, each with the line that told it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from desk.assist.lines import Line
from desk.assist.numbers import joined_fragments, with_digits
from reading import personal_data

ORDER_NUMBER, TRACKING_NUMBER, PHONE, PHONE_TAIL, CARD_TAIL = (
    "order_number", "tracking_number", "phone", "phone_tail", "card_tail",
)  # fmt: skip
CUSTOMER_NAME, EMAIL = "customer_name", "email"

_OURS = re.compile(r"(?<![A-Za-z0-9])QH[\s_:#-]{0,2}((?:\d[\s-]?){10}\d)(?!\d)", re.IGNORECASE)
_ANNOUNCED_ORDER = re.compile(
    r"(?:订单号?码?|訂單號?碼?|单号|單號|单子|order(?:\s+(?:number|no\.?|id))?)[^A-Za-z0-9\n]{0,6}"
    r"(?:is\s+|是\s*)?#?([A-Za-z]{0,4}[\s-]?\d(?:[\s-]?\d){7,19})(?!\d)",
    re.IGNORECASE,
)
_ANNOUNCED_TRACKING = re.compile(
    r"(?:运单号?|運單號?|快递单?号?|快遞單?號?|物流单?号|物流單?號|tracking(?:\s+(?:number|no\.?))?)"
    r"[^A-Za-z0-9\n]{0,6}(?:is\s+|是\s*)?([A-Za-z]{0,3}\d{9,20})(?!\d)",
    re.IGNORECASE,
)
_CARRIERS = re.compile(
    r"(?<![A-Za-z0-9])((?:SF|YT|ZT|ZTO|STO|ST|YD|JD|JDV|JT|EMS|DB|HT)\d{9,16})(?![A-Za-z0-9])", re.IGNORECASE
)
_LETTERED = re.compile(r"(?<![A-Za-z0-9])((?!QH)[A-Za-z]{1,4}-?\d{6,18})(?![A-Za-z0-9])")
_BARE = re.compile(
    r"(?<![A-Za-z0-9.¥￥*-])(?!\d{4}-\d\d?-\d\d?(?!\d))(\d(?:[ -]?\d){7,17})(?![A-Za-z0-9.]|\s?(?:元|块|塊|天|个))"
)
_TAIL = re.compile(
    r"(?:尾号|尾號|后四位|後四位|末四位|后4位|後4位|last\s+(?:four|4)(?:\s+digits)?|ending(?:\s+in)?)[^\d\n]{0,8}(\d{4})(?!\d)",
    re.IGNORECASE,
)
_ONLY_TAIL = re.compile(r"\D{0,3}(\d{4})\D{0,2}")
_LANDLINE = re.compile(r"(?<!\d)(0\d{2,3}-?\d{7,8}|\+?852[\s-]?\d{4}[\s-]?\d{4}|09\d{2}[\s-]?\d{3}[\s-]?\d{3})(?!\d)")
_EIGHT = re.compile(r"(?<!\d)[2-9]\d{3}[\s-]?\d{4}(?!\d)")
_NAME = re.compile(
    r"(?:我(?:姓|叫|是)|免贵姓?|本人|(?i:my name is|i am|i'm|this is))\s*"
    r"(?P<name>[\u4e00-\u9fff]{1,3}(?:先生|女士|小姐|太太)|(?<=姓)[\u4e00-\u9fff](?![\u4e00-\u9fff])"
    r"|(?<=叫)[\u4e00-\u9fff]{2,3}(?![\u4e00-\u9fff])|[A-Z][a-z]+(?: [A-Z][a-z]+)?)",
)
_ASKS_ORDER = re.compile(r"订单|訂單|单号|單號|order", re.IGNORECASE)
_ASKS_PHONE = re.compile(r"手机|手機|电话|電話|号码|號碼|phone|mobile", re.IGNORECASE)
_ASKS_CARD = re.compile(r"卡|card", re.IGNORECASE)


@dataclass(frozen=True)
class Fact:
    """`value` in its one written form; `seq` is the line that told it, None for what was known before."""

    name: str
    value: str
    seq: int | None


def read_facts(lines: Sequence[Line]) -> dict[str, Fact]:
    """The latest fact of each name: who corrects a number means the new one."""
    found: dict[str, Fact] = {}
    asked = ""
    for line in lines:
        if line.speaker == "customer":
            for fact in _facts_of(line, asked):
                found[fact.name] = fact
        elif not line.notice:
            asked = line.text
    for fact in _in_pieces(lines):
        if fact.name not in found:
            found[fact.name] = fact
    return found


def _facts_of(line: Line, asked: str) -> Iterator[Fact]:
    text = with_digits(line.text)
    taken: list[tuple[int, int]] = []
    for name, start, end, value in _finds(text, asked):
        if not any(start < other_end and other_start < end for other_start, other_end in taken):
            taken.append((start, end))
            yield Fact(name, value, line.seq)
    if (name_found := _NAME.search(line.text)) is not None:
        yield Fact(CUSTOMER_NAME, name_found["name"], line.seq)


def _finds(text: str, asked: str) -> Iterator[tuple[str, int, int, str]]:
    """Name, place and value, the surest kind first."""
    for found in _OURS.finditer(text):
        yield ORDER_NUMBER, *found.span(), "QH" + _plain(found[1])
    for span in personal_data.find(text):
        written = text[span.start : span.end]
        if span.kind == personal_data.MOBILE:
            yield PHONE, span.start, span.end, _plain(written)[-11:]
        elif span.kind == personal_data.EMAIL:
            yield EMAIL, span.start, span.end, written
        else:
            yield span.kind, span.start, span.end, personal_data.mask(written)
    for name, pattern in ((TRACKING_NUMBER, _ANNOUNCED_TRACKING), (ORDER_NUMBER, _ANNOUNCED_ORDER)):
        for found in pattern.finditer(text):
            yield name, *found.span(1), _plain(found[1])
    yield from _unannounced(text, asked)


def _unannounced(text: str, asked: str) -> Iterator[tuple[str, int, int, str]]:
    wants_order = bool(_ASKS_ORDER.search(asked))
    if not wants_order and _ASKS_PHONE.search(asked):  # eight digits are a whole phone number in Hong Kong
        for found in _EIGHT.finditer(text):
            yield PHONE, *found.span(), _plain(found[0])
    for found in _LANDLINE.finditer(text):
        yield PHONE, *found.span(1), _plain(found[1])
    for found in _CARRIERS.finditer(text):
        yield (ORDER_NUMBER if wants_order else TRACKING_NUMBER), *found.span(1), _plain(found[1])
    for pattern in (_LETTERED, _BARE):
        for found in pattern.finditer(text):
            yield ORDER_NUMBER, *found.span(1), _plain(found[1])
    for found in _TAIL.finditer(text):
        yield _whose_tail(text[: found.start(1)], asked), *found.span(1), found[1]
    if (alone := _ONLY_TAIL.fullmatch(text)) is not None:
        yield _whose_tail(text, asked), *alone.span(1), alone[1]


def _whose_tail(before: str, asked: str) -> str:
    near = before if _ASKS_PHONE.search(before) or _ASKS_CARD.search(before) else asked
    is_card = _ASKS_CARD.search(near) and not _ASKS_PHONE.search(near)
    return CARD_TAIL if is_card else PHONE_TAIL


def _in_pieces(lines: Sequence[Line]) -> Iterator[Fact]:
    for number, line in joined_fragments(lines, 11, 11):
        if number.isdigit() and personal_data.find(number):
            yield Fact(PHONE, number, line.seq)
    for number, line in joined_fragments(lines, 8, 18):
        if not (number.isdigit() and personal_data.find(number)):
            yield Fact(ORDER_NUMBER, number, line.seq)


def _plain(written: str) -> str:
    return re.sub(r"[\s_:#-]", "", written).upper()
