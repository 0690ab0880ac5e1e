"""What a text names by its form: order and ticket numbers, a phone or e-mail, the last digits of a phone."""

import re
from dataclasses import dataclass
from typing import Any

from reading import personal_data

ORDER_NUMBER, TICKET_NUMBER, PHONE_TAIL, CONTACT = "order_number", "ticket_number", "phone_tail", "contact"

_ORDER = re.compile(r"(?<![A-Za-z0-9])[QqＱｑ][HhＨｈ][\s\-_:#]{0,2}((?:\d[\s-]?){10}\d)(?!\d)")
_TICKET = re.compile(r"(?<![A-Za-z0-9])[TtＴｔ]\s?(\d{1,2})\s?[-－—–]\s?(\d{1,12})(?!\d)")
_TAIL = re.compile(
    r"(?:尾号|尾號|后四位|後四位|末四位|最后四位|最後四位|后4位|後4位|last\s+(?:four|4)(?:\s+digits)?|ending(?:\s+in|\s+with)?|ends\s+(?:in|with))"
    r"[^\d\n]{0,12}(\d{4})(?!\d)",
    re.IGNORECASE,
)
_ONLY_TAIL = re.compile(r"^\s*\D{0,2}(\d{4})\D{0,2}\s*$")


@dataclass(frozen=True)
class Entity:
    """One find: `value` in the one form that everything else expects; `start` and `end` index the text."""

    kind: str
    value: str
    start: int
    end: int

    def as_rasa(self) -> dict[str, Any]:
        return {"entity": self.kind, "value": self.value, "start": self.start, "end": self.end}


def find(text: str) -> list[Entity]:
    """Every entity of `text`, in order; digits that belong to a number already found are not read again."""
    found = [Entity(ORDER_NUMBER, "QH" + _digits(m[1]), m.start(), m.end()) for m in _ORDER.finditer(text)]
    found += [
        Entity(TICKET_NUMBER, f"T{_digits(m[1])}-{_digits(m[2])}", m.start(), m.end()) for m in _TICKET.finditer(text)
    ]
    found += [e for e in _contacts(text) if _is_free(e, found)]
    found += [e for e in _tails(text) if _is_free(e, found)]
    return sorted(found, key=lambda entity: entity.start)


def _contacts(text: str) -> list[Entity]:
    spans = [s for s in personal_data.find(text) if s.kind in (personal_data.MOBILE, personal_data.EMAIL)]
    return [Entity(CONTACT, _contact(text[s.start : s.end], s.kind), s.start, s.end) for s in spans]


def _contact(written: str, kind: str) -> str:
    return _digits(written)[-11:] if kind == personal_data.MOBILE else written.strip()


def _tails(text: str) -> list[Entity]:
    found = _TAIL.search(text) or _ONLY_TAIL.match(text)
    return [Entity(PHONE_TAIL, _digits(found[1]), found.start(1), found.end(1))] if found else []


def _is_free(entity: Entity, others: list[Entity]) -> bool:
    return not any(entity.start < other.end and other.start < entity.end for other in others)


def _digits(written: str) -> str:
    return "".join(str(int(c)) for c in written if c.isdecimal())
