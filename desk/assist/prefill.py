"""The contact form as the conversation fills it: each value with the line that it is from."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

import phonenumbers

from desk.assist.deadlines import deadline
from desk.assist.facts import PHONE as PHONE_FACT
from desk.assist.facts import Fact, read_facts
from desk.assist.form import CATEGORY, DEADLINE, FIELDS, ORDER_NUMBER, PHONE, PRODUCT, PROMISED, REQUEST, Form
from desk.assist.lines import Line, said_by
from desk.assist.products import product_of
from desk.assist.sentences import Sentence, in_plain, sentences
from desk.assist.wanting import what_they_want

_TOPIC_WEIGHT = 1.5
_AGENT_SHARE = 0.25  # an agent's words tell less: they also explain what it is not about
_EARLY = 1.3  # what a customer comes with is mostly what it is about
_REQUESTS = 2
REGION = "CN"
_COMMA = re.compile(r"[，,]")


@dataclass(frozen=True)
class Filled:
    """One field; `seq` is the line that told it, None for what was known before or follows from several."""

    value: str | None = None
    seq: int | None = None


def prefill(
    lines: Sequence[Line],
    form: Form,
    *,
    known: Mapping[str, str] | None = None,
    topics: Mapping[str, float] | None = None,
    times: Mapping[int, datetime] | None = None,
    zone: tzinfo | None = None,
    language: str = "zh-Hans",
) -> dict[str, Filled]:
    """Every field of the form. `known`: slots from before; `topics`: how likely each category of articles is.

    `times` (by line) and `zone` are for the deadline; `language` is that of the labels.
    """
    facts = {name: Fact(name, value, None) for name, value in (known or {}).items()} | read_facts(lines)
    promise, category = promise_of(lines, form), category_of(lines, form, topics)
    filled = {
        CATEGORY: Filled(category),
        ORDER_NUMBER: _fact(facts.get("order_number")),
        PHONE: _phone(facts.get(PHONE_FACT)),
        PRODUCT: Filled(*(product_of(lines) or (None, None))),
        REQUEST: _request(lines, form, category, language),
        PROMISED: promise,
        DEADLINE: _deadline(promise, times or {}, zone),
    }
    return {name: filled[name] for name in FIELDS}


def category_of(lines: Sequence[Line], form: Form, topics: Mapping[str, float] | None = None) -> str | None:
    """The category that most of the words belong to; None when nothing tells."""
    scores = dict.fromkeys(form.categories, 0.0)
    for share, text in _weighed(lines):
        plain = in_plain(text)
        for name, category in form.categories.items():
            scores[name] += share * sum(weight for weight, pattern in category.words if pattern.search(plain))
    for name, category in form.categories.items():
        scores[name] += _TOPIC_WEIGHT * sum((topics or {}).get(topic, 0.0) for topic in category.topics)
    best = max(scores, key=scores.__getitem__)
    return best if scores[best] > 0 else None


def promise_of(lines: Sequence[Line], form: Form) -> Filled:
    """The last thing that an agent said will be done by some time."""
    promises, found = form.promises, Filled()
    for line in said_by(lines, "agent"):
        for sentence in sentences(line.text):
            for clause in _clauses(sentence, promises.when, promises.does):
                if not promises.not_one.search(in_plain(clause)):
                    found = Filled(clause, line.seq)
    return found


def formatted_phone(written: str) -> str | None:
    """The number in its international form, `+86 138 0013 8000`; None for what is no number."""
    try:
        number = phonenumbers.parse(written, REGION)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def _weighed(lines: Sequence[Line]) -> Iterator[tuple[float, str]]:
    written = said_by(lines, "customer")
    for place, line in enumerate(written):
        yield (_EARLY if place < 2 else 1.0), line.text
    for line in said_by(lines, "agent"):
        yield _AGENT_SHARE, line.text


def _fact(fact: Fact | None) -> Filled:
    return Filled(fact.value, fact.seq) if fact else Filled()


def _phone(fact: Fact | None) -> Filled:
    return Filled(formatted_phone(fact.value) or fact.value, fact.seq) if fact else Filled()


def _request(lines: Sequence[Line], form: Form, category: str | None, language: str) -> Filled:
    """What was asked for, by the names of the form, the latest first; else the customer's own sentence."""
    found: dict[str, int] = {}
    for line in said_by(lines, "customer"):
        plain = in_plain(line.text)
        for request in form.requests:
            if category not in request.not_of and request.asks.search(plain):
                label = request.label["en" if language == "en" else "zh-Hans"]
                found.setdefault(label, line.seq)
                break
    if found:
        latest = sorted(found, key=found.__getitem__)[-_REQUESTS:]
        separator = ", " if language == "en" else "、"
        return Filled(separator.join(latest), found[latest[-1]])
    quote = what_they_want(lines)
    return Filled(quote.text, quote.seq) if quote else Filled()


def _clauses(sentence: Sentence, when: re.Pattern[str], does: re.Pattern[str]) -> Iterator[str]:
    """What is said to be done by some time: a part between commas, with the next one when that says what."""
    parts = [part.strip() for part in _COMMA.split(sentence.text.strip("。！!；; ")) if part.strip()]
    for place, part in enumerate(parts):
        if when.search(in_plain(part)):
            whole = part if does.search(in_plain(part)) else "，".join(parts[place : place + 2])
            if does.search(in_plain(whole)):
                yield whole


def _deadline(promise: Filled, times: Mapping[int, datetime], zone: tzinfo | None) -> Filled:
    if promise.value is None or promise.seq is None or zone is None or promise.seq not in times:
        return Filled()
    due = deadline(promise.value, times[promise.seq], zone)
    return Filled(due.isoformat() if due else None, promise.seq if due else None)
