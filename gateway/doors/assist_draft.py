"""The wrap-up as the conversation suggests it: the form, a disposition, a summary."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from desk import Conversation
from desk.assist.form import CATEGORY, DEADLINE, PROMISED, REQUEST, Disposition
from desk.assist.prefill import Filled, prefill
from desk.assist.wanting import what_they_want
from desk.times import to_text
from gateway.doors.assist_case import Case, read_case
from gateway.doors.context import Doors
from gateway.doors.texts import our_language
from knowledge_base.client import KnowledgeUnavailable

_SECONDS = 0.3
_WORD = re.compile(r"[\u4e00-\u9fff]{2}|[A-Za-z]{3,}")


@dataclass(frozen=True)
class Draft:
    """`disposition`: a leaf and how sure we are, 0-1; None when the category is not known."""

    form: Mapping[str, Filled]
    summary: str
    disposition: tuple[str, float] | None


async def draft_of(doors: Doors, conversation: Conversation, language: str) -> Draft:
    """What can be filled in without asking anybody."""
    case = await read_case(doors.desk, conversation)
    form = dict(
        prefill(
            case.lines,
            doors.assist.form,
            known=case.known,
            topics=await _topics(doors, case),
            times={event.seq: event.at for event in case.events},
            zone=doors.assist.zone,
            language=language,
        )
    )
    if (due := form[DEADLINE].value) is not None:
        form[DEADLINE] = Filled(to_text(datetime.fromisoformat(due)), form[DEADLINE].seq)
    return Draft(form, _summary(case, form), _disposition(case, form, doors.assist.dispositions))


async def _topics(doors: Doors, case: Case) -> dict[str, float]:
    """What the articles say that it is about; nothing when the knowledge server does not answer in time."""
    quote = what_they_want(case.lines)
    if quote is None:
        return {}
    try:
        understood = await doors.knowledge.understand(
            quote.text, language=our_language(case.conversation.language), audience="agent", timeout=_SECONDS
        )
    except KnowledgeUnavailable:
        return {}
    found: dict[str, float] = {}
    for one in understood.articles:
        found[one.category] = found.get(one.category, 0.0) + one.confidence
    return found


def _summary(case: Case, form: Mapping[str, Filled]) -> str:
    """In the customer's and the agent's own words: what was wanted, what was promised."""
    quote, promised = what_they_want(case.lines), form[PROMISED].value
    request = form[REQUEST].value
    parts = [quote.text if quote else request, promised]
    return "；".join(part.strip("。！!？?；; ") for part in parts if part)


def _disposition(case: Case, form: Mapping[str, Filled], tree: tuple[Disposition, ...]) -> tuple[str, float] | None:
    """The leaf of the category whose title shares most words with what was said."""
    category = form[CATEGORY].value
    leaves = [leaf for node in tree for leaf in node.leaves() if leaf.category == category]
    if not leaves:
        return None
    said = "\n".join(line.text for line in case.lines) + (form[REQUEST].value or "")
    scores = {leaf.id: _shared(leaf, said) for leaf in leaves}
    best = max(scores, key=scores.__getitem__)
    if not scores[best]:  # nothing tells: the last one is the branch's "other"
        return leaves[-1].id, 0.2
    return best, round(0.4 + 0.4 * scores[best] / sum(scores.values()), 2)


def _shared(leaf: Disposition, said: str) -> int:
    title = leaf.title["zh-Hans"]
    pairs = {title[place : place + 2] for place in range(len(title) - 1)}
    words = {pair for pair in pairs if _WORD.fullmatch(pair)} | set(_WORD.findall(leaf.title["en"].lower()))
    return sum(word in said.lower() for word in words)
