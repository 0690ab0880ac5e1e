"""What a customer's words are worth as a slot of each kind: the value in its one form, or None."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from stdnum.cn import uscc
from stdnum.exceptions import ValidationError

from actions.contact import contact_in
from office.orders import is_order_number, is_phone_tail

LONGEST = 1000
_TICKET = re.compile(r"T\d{1,2}-\d{1,12}")
_TAX = re.compile(r"[0-9A-Z]{18}")
_PLACE = re.compile(
    r"[省市区县區縣州镇鎮乡鄉村路街道巷弄号號栋幢室]|\b(?:road|street|avenue|lane|district|city|building|room|no\.?|rd|st|ave)\b",
    re.IGNORECASE,
)
_SHORTEST_ADDRESS = 6
_SCORES = {"一": "1", "二": "2", "两": "2", "三": "3", "四": "4", "五": "5", "满": "5", "滿": "5"}


def value_of(kind: str, said: Any) -> str | None:
    """`said` as a value of `kind`, or None when it is none."""
    text = words(said)
    return _READERS[kind](text) if text else None


def words(said: Any) -> str:
    """The last of what was said, bounded."""
    last = said[-1] if isinstance(said, list) and said else said
    return str(last).strip()[:LONGEST]


def _order_number(text: str) -> str | None:
    """The number; its eleven digits alone will do, unless they are a mobile's."""
    if is_order_number(text.upper()):
        return text.upper()
    digits = re.sub(r"[\s-]", "", text)
    return f"QH{digits}" if re.fullmatch(r"(?!1)[0-9]{11}", digits) else None


def _phone_tail(text: str) -> str | None:
    """Four digits, or the last four of a whole phone number."""
    digits = "".join(c for c in text if c.isdecimal())
    tail = digits[-4:] if len(digits) in (4, 11) and not re.search(r"[A-Za-z]\d", text) else ""
    return tail if is_phone_tail(tail) else None


def _card_tail(text: str) -> str | None:
    digits = "".join(c for c in text if c.isdecimal())
    return digits if is_phone_tail(digits) else None


def _ticket_number(text: str) -> str | None:
    return text.upper() if _TICKET.fullmatch(text.upper()) else None


def _tax_number(text: str) -> str | None:
    """A unified social credit code whose check character is right (python-stdnum)."""
    found = _TAX.search(re.sub(r"[\s-]", "", text).upper())
    try:
        return str(uscc.validate(found[0])) if found else None
    except ValidationError:
        return None


def _address(text: str) -> str | None:
    return text if len(text) >= _SHORTEST_ADDRESS and _PLACE.search(text) else None


def _score(text: str) -> str | None:
    found = re.search(r"(?<!\d)[1-5](?!\d)|[一二两三四五满滿](?=[分星颗顆])", text)
    return _SCORES.get(found[0], found[0]) if found else None


def _text(text: str) -> str:
    return text


_READERS: Mapping[str, Callable[[str], str | None]] = {
    "order_number": _order_number,
    "phone_tail": _phone_tail,
    "card_tail": _card_tail,
    "ticket_number": _ticket_number,
    "tax_number": _tax_number,
    "contact": contact_in,
    "address": _address,
    "score": _score,
    "text": _text,
    "choice": _text,
}

# Words without any digit or letter where a number is due: it is not at hand.
NOT_AT_HAND = re.compile(r"^[^0-9A-Za-z]*$|\b(?:don'?t|can'?t|no idea|forgot)\b", re.IGNORECASE)
NUMBERS = ("order_number", "phone_tail", "card_tail", "ticket_number", "tax_number")

# What is said when the words are worth nothing.
INVALID: Mapping[str, str] = {
    "order_number": "utter_order_number_invalid",
    "phone_tail": "utter_phone_tail_invalid",
    "card_tail": "utter_card_tail_invalid",
    "ticket_number": "utter_ticket_number_invalid",
    "tax_number": "utter_tax_number_invalid",
    "contact": "utter_contact_invalid",
    "address": "utter_address_invalid",
    "score": "utter_score_invalid",
    "choice": "utter_item_invalid",
}
