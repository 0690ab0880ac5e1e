"""What is wrong with a contact form, field by field; whether the order exists is found out by whoever can."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Literal

import yaml

from desk.assist.form import CATEGORY, DEADLINE, FIELDS, ORDER_NUMBER, PHONE, Disposition, Form, in_language
from desk.assist.prefill import formatted_phone

_WORDS = Path(__file__).with_name("validation.yml")

Severity = Literal["stop", "advise"]
OrderState = Literal["found", "unknown", "unavailable", "not_asked"]

DISPOSITION = "disposition"


@dataclass(frozen=True)
class Problem:
    """What is wrong with a field; `stop` keeps the form from being filed."""

    field: str
    code: str
    severity: Severity = "stop"

    def why(self, language: str) -> str:
        return in_language(_words()[self.code], language)


def problems(
    values: Mapping[str, str | None],
    form: Form,
    now: datetime,
    order: OrderState = "not_asked",
) -> list[Problem]:
    """Of the form alone; `order` says what the office knows of the order number."""
    filled = {name: value.strip() for name, value in values.items() if value and value.strip()}
    category = form.categories.get(filled.get(CATEGORY, ""))
    found = [Problem(name, "unknown_field") for name in values if name not in FIELDS]
    if category is None:
        found.append(Problem(CATEGORY, "unknown_category" if CATEGORY in filled else "required"))
    else:
        found += [Problem(name, "required") for name in category.required if name not in filled]
    found += [
        Problem(name, "too_long") for name, longest in form.longest.items() if len(filled.get(name, "")) > longest
    ]
    if ORDER_NUMBER in filled and order == "unknown":
        found.append(Problem(ORDER_NUMBER, "unknown_order"))
    if ORDER_NUMBER in filled and order == "unavailable":
        found.append(Problem(ORDER_NUMBER, "office_unavailable", "advise"))
    if PHONE in filled and formatted_phone(filled[PHONE]) is None:
        found.append(Problem(PHONE, "bad_phone"))
    return [*found, *_of_deadline(filled.get(DEADLINE), now)]


def problems_of_disposition(
    disposition: str | None, category: str | None, tree: Sequence[Disposition]
) -> list[Problem]:
    """A leaf of the tree is needed; one of another category is only remarked upon."""
    leaf = next((one for node in tree for one in node.leaves() if one.id == disposition), None)
    if leaf is None:
        return [Problem(DISPOSITION, "unknown_disposition")]
    return [Problem(DISPOSITION, "other_category", "advise")] if category and leaf.category != category else []


def _of_deadline(written: str | None, now: datetime) -> Iterator[Problem]:
    if written is None:
        return
    try:
        at = datetime.fromisoformat(written)
    except ValueError:
        yield Problem(DEADLINE, "bad_deadline")
        return
    if (at if at.tzinfo else at.replace(tzinfo=UTC)) <= now:
        yield Problem(DEADLINE, "past")


@cache
def _words() -> Mapping[str, Mapping[str, str]]:
    words: Mapping[str, Mapping[str, str]] = yaml.safe_load(_WORDS.read_text(encoding="utf-8"))
    return words
