"""A second wish in one message, so that it is not lost: offered once the first is done."""

import re

from bot.flows import Flows
from bot.simplified import simplified

_AND_ALSO = re.compile(
    r"[;；]|另外|还有|顺便|顺带|还要|也要|以及|同时|再帮我"
    r"|\b(?:and also|also|and then|as well as|by the way|besides)\b"
)
_EDGES = " ,，。.!！?？、" + "的呢吧啊也" + "要想把帮" + "我请你您"  # what may stand around a wish
_LEAST = 2
_LONGEST = 40
_LANGUAGE = {"en": "en"}


def second_wish(text: str, first: str, flows: Flows, language: str) -> dict[str, str]:
    """The slots of what `text` wishes besides the flow `first` (empty for an answer): a flow with its title, or words.

    Empty when it wishes one thing only.
    """
    clauses = _clauses(text)
    tasks = [_task(clause, flows) for clause in clauses]
    if not first:  # the first clause was answered
        tasks[:1] = [None]
    other = next((task for task in tasks if task and task != first), None)
    if len(clauses) > 1 and other:
        title = flows.titles(_LANGUAGE.get(language, "zh-Hans"))[other]
        return {"next_flow": other, "next_title": title}
    if len(clauses) > 1 and first in tasks and None in tasks:
        return {"next_words": clauses[tasks.index(None)][:_LONGEST]}
    return {}


def first_wish(text: str, flows: Flows) -> str | None:
    """The flow that the first of several clauses names."""
    clauses = _clauses(text)
    return _task(clauses[0], flows) if len(clauses) > 1 else None


def _clauses(text: str) -> list[str]:
    parts = [part.strip(_EDGES) for part in _AND_ALSO.split(simplified(text).casefold())]
    return [part for part in parts if len(part) >= _LEAST]


def _task(clause: str, flows: Flows) -> str | None:
    return next((name for name, flow in flows.by_name.items() if flow.named.search(clause)), None)
