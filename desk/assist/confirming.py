"""Which article a customer's question asked for, where a conversation shows it: by a tap, or by an agent's answer."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from desk.article_choice import chosen_article
from desk.assist.learning import rules, was_fine
from desk.assist.lines import Line
from desk.assist.stripping import strip
from reading.script import to_simplified


@dataclass(frozen=True)
class Confirmation:
    """`asked` in message `seq` is answered by `article`, not by those that the bot gave `instead_of` it."""

    seq: int
    asked: str
    article: str
    by: Literal["customer", "agent"]
    instead_of: tuple[str, ...] = ()


def confirmations(lines: Sequence[Line]) -> list[Confirmation]:
    """What a conversation that went well confirms; nothing where it is not plain which message was answered.

    A tap on an article of a choice confirms it unless an agent had to help afterwards; an article that an agent sends
    confirms what was asked before, unless the customer got angry at it.
    """
    return [*_by_taps(lines), *_by_agents(lines)]


def _by_taps(lines: Sequence[Line]) -> Iterator[Confirmation]:
    helped = max((line.seq for line in lines if line.speaker == "agent"), default=0)
    for place, line in enumerate(lines):
        if line.speaker != "customer" or line.seq < helped or not (chosen := chosen_article(line.payload or "")):
            continue
        offers = [before for before in lines[:place] if before.offered]
        again = any(after.payload and chosen_article(after.payload) for after in lines[place + 1 :])
        if again or not offers or chosen.id not in offers[-1].offered:
            continue
        asked = _written_before(lines, offers[-1].seq)
        if len(asked) == 1:
            yield from _confirmed(asked[0], chosen.id, "customer", ())


def _written_before(lines: Sequence[Line], seq: int) -> list[Line]:
    """What the customer wrote that the message `seq` was the answer to."""
    written: list[Line] = []
    for line in lines:
        if line.seq >= seq:
            break
        if line.speaker != "customer":
            written = []
        elif line.payload is None and line.text.strip():
            written.append(line)
    return written


def _by_agents(lines: Sequence[Line]) -> Iterator[Confirmation]:
    asked: list[Line] = []
    given: list[str] = []
    for place, line in enumerate(lines):
        if line.speaker == "customer" and line.payload is None and _asks(line.text):
            if given:  # the bot's answer was to what stood before: this is the next question, or the same again
                asked, given = [], []
            asked.append(line)
        elif line.speaker == "bot" and line.article:
            given.append(line.article)
        elif line.speaker == "agent":
            if line.article and len(asked) == 1 and was_fine(lines[place + 1 :]):
                wrong = tuple(dict.fromkeys(one for one in given if one != line.article))
                yield from _confirmed(asked[0], line.article, "agent", wrong)
            asked, given = [], []


def _confirmed(
    line: Line, article: str, by: Literal["customer", "agent"], instead_of: tuple[str, ...]
) -> Iterator[Confirmation]:
    text = " ".join(line.text.split())
    # A slot would stand for what was of that customer only: such a sentence asks about their case.
    if _asks(text) and strip(text) == text:
        yield Confirmation(line.seq, text, article, by, instead_of)


def _asks(text: str) -> bool:
    found, plain = rules(), to_simplified(text).casefold()
    if not found["shortest_question"] <= len(text.strip()) <= found["longest_question"]:
        return False
    return not any(re.search(pattern, plain) for pattern in found["not_a_question"])
