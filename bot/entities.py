"""What a text names by its form: numbers of orders, tickets, parcels and taxes, phones, cards, amounts, dates."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.dates import find_dates
from reading import personal_data

ORDER_NUMBER, TICKET_NUMBER, TRACKING_NUMBER, TAX_NUMBER = (
    "order_number", "ticket_number", "tracking_number", "tax_number",
)  # fmt: skip
PHONE_TAIL, CARD_TAIL, CONTACT, AMOUNT, DATE = "phone_tail", "card_tail", "contact", "amount", "date"

_ORDER = re.compile(r"(?<![A-Za-z0-9])[QqＱｑ][HhＨｈ][\s\-_:#]{0,2}((?:\d[\s-]?){10}\d)(?!\d)")
_TICKET = re.compile(r"(?<![A-Za-z0-9])[TtＴｔ]\s?(\d{1,2})\s?[-－—–]\s?(\d{1,12})(?!\d)")
# Carriers' numbers: two or three letters and ten to fifteen digits, or digits after a word that announces them.
_TRACKING = re.compile(
    r"(?<![A-Za-z0-9])((?!QH)[A-Za-z]{2,3}\d{10,15})(?![A-Za-z0-9])"
    r"|(?:运单号?|運單號?|快递单号|快遞單號|物流单号|tracking(?:\s+(?:number|no\.?))?)\s*(?:是|为|is|:|：)?\s*(\d{10,20})(?!\d)",
    re.IGNORECASE,
)
_TAX = re.compile(r"(?<![A-Za-z0-9])([0-9A-HJ-NP-RTUWXY]{2}\d{6}[0-9A-HJ-NP-RTUWXY]{10})(?![A-Za-z0-9])", re.IGNORECASE)
_TAIL_WORDS = (
    r"(?:尾号|尾號|后四位|後四位|末四位|最后四位|最後四位|后4位|後4位"
    r"|last\s+(?:four|4)(?:\s+digits)?|ending(?:\s+in|\s+with)?|ends\s+(?:in|with))"
)
_TAIL = re.compile(_TAIL_WORDS + r"[^\d\n]{0,12}(\d{4})(?!\d)", re.IGNORECASE)
_TAIL_BEFORE = re.compile(r"(?<!\d)(\d{4})(?:的|那)?(?:那)?(?=(?:张|張)?(?:青禾)?卡|那?[张張])")
_ONLY_TAIL = re.compile(r"^\s*[^\dA-Za-z]{0,2}(\d{4})\D{0,2}\s*$")
_TAIL_AFTER_ORDER = re.compile(_ORDER.pattern + r"[\s,，、/;；和及]{1,4}(\d{4})(?!\d)")
_OF_A_PHONE = re.compile(r"手机|手機|电话|電話|phone|mobile", re.IGNORECASE)
_OF_A_CARD = re.compile(r"卡|\bcard\b", re.IGNORECASE)
_AFTER_A_CARD = re.compile(r"^\s*(?:的|那)*\s*(?:[张張]|(?:青禾)?卡)")
_AMOUNT = re.compile(
    r"(?:[¥￥]|RMB\s?|CNY\s?)(\d{1,9}(?:,\d{3})*(?:\.\d{1,2})?)|(?<![\d.])(\d{1,9}(?:,\d{3})*(?:\.\d{1,2})?)\s?(?:元|块钱?|塊錢?|yuan\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Entity:
    """One find: `value` in the one form that everything else expects; `start` and `end` index the text."""

    kind: str
    value: str
    start: int
    end: int

    def as_rasa(self) -> dict[str, Any]:
        return {"entity": self.kind, "value": self.value, "start": self.start, "end": self.end}


def find(text: str, today: date | None = None) -> list[Entity]:
    """Every entity of `text`, in order; digits that belong to one number are not read as another.

    Dates (ISO 8601) are found when `today` says what 上周三 is relative to.
    """
    found: list[Entity] = []
    for finds in (_orders, _tickets, _taxes, _trackings, _contacts, _amounts, _tails):
        found += [entity for entity in finds(text) if _is_free(entity, found)]
    if today is not None:
        dates = [Entity(DATE, day.isoformat(), start, end) for start, end, day in find_dates(text, today)]
        found += [entity for entity in dates if _is_free(entity, found)]
    return sorted(found, key=lambda entity: entity.start)


def _orders(text: str) -> Iterator[Entity]:
    return (Entity(ORDER_NUMBER, "QH" + _digits(m[1]), m.start(), m.end()) for m in _ORDER.finditer(text))


def _tickets(text: str) -> Iterator[Entity]:
    for m in _TICKET.finditer(text):
        yield Entity(TICKET_NUMBER, f"T{_digits(m[1])}-{_digits(m[2])}", m.start(), m.end())


def _taxes(text: str) -> Iterator[Entity]:
    ids = {span.start for span in personal_data.find(text) if span.kind == personal_data.ID}
    for m in _TAX.finditer(text):
        if m.start(1) not in ids:  # eighteen digits may also be a person's
            yield Entity(TAX_NUMBER, m[1].upper(), m.start(1), m.end(1))


def _trackings(text: str) -> Iterator[Entity]:
    for m in _TRACKING.finditer(text):
        group = 1 if m[1] else 2
        yield Entity(TRACKING_NUMBER, m[group].upper(), m.start(group), m.end(group))


def _contacts(text: str) -> Iterator[Entity]:
    for span in personal_data.find(text):
        if span.kind in (personal_data.MOBILE, personal_data.EMAIL):
            written = text[span.start : span.end]
            value = _digits(written)[-11:] if span.kind == personal_data.MOBILE else written.strip()
            yield Entity(CONTACT, value, span.start, span.end)


def _amounts(text: str) -> Iterator[Entity]:
    for m in _AMOUNT.finditer(text):
        yield Entity(AMOUNT, (m[1] or m[2]).replace(",", ""), m.start(), m.end())


def _tails(text: str) -> Iterator[Entity]:
    """Last four digits, of a phone unless a card is spoken of right there; four digits alone are a phone's."""
    found = [*_TAIL.finditer(text), *_TAIL_BEFORE.finditer(text)] or list(filter(None, [_ONLY_TAIL.match(text)]))
    yield from (Entity(PHONE_TAIL, _digits(m[2]), m.start(2), m.end(2)) for m in _TAIL_AFTER_ORDER.finditer(text))
    seen: set[int] = set()
    for m in found:
        if m.start(1) not in seen:
            seen.add(m.start(1))
            yield Entity(_whose_tail(text, m), _digits(m[1]), m.start(1), m.end(1))


def _whose_tail(text: str, m: "re.Match[str]") -> str:
    before, after = text[max(0, m.start() - 8) : m.start(1)], text[m.end(1) : m.end(1) + 6]
    phone, card = _last(_OF_A_PHONE, before), _last(_OF_A_CARD, before)
    if phone < 0 and (card >= 0 or _AFTER_A_CARD.match(after)):
        return CARD_TAIL
    return CARD_TAIL if card > phone >= 0 else PHONE_TAIL


def _last(pattern: "re.Pattern[str]", text: str) -> int:
    """Where `pattern` begins for the last time, or -1."""
    return max((m.start() for m in pattern.finditer(text)), default=-1)


def _is_free(entity: Entity, others: list[Entity]) -> bool:
    return not any(entity.start < other.end and other.start < entity.end for other in others)


def _digits(written: str) -> str:
    return "".join(str(int(c)) for c in written if c.isdecimal())
