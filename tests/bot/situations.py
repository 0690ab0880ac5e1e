"""Situations to decide on, and what is decided in them."""

from typing import Any

from bot.arbitration import decide
from bot.entities import find
from bot.flows import flows
from bot.situation import Article, Knowledge, Offer, Situation, Thresholds, Verdict

SURE = Thresholds()
PERSON, NO = Offer("转人工", "/ask_person"), Offer("不用了", "/deny")


def situation(text: str = "...", knowledge: Knowledge | None = None, **changes: Any) -> Situation:
    """Intents are given by name; everything else by its own."""
    fields = {name: changes.pop(name) for name in list(changes) if name in Situation.__dataclass_fields__}
    return Situation(text, intents=changes, entities=tuple(find(text)), knowledge=knowledge, **fields)


def answer(confidence: float, flow: str | None = None, outcome: str = "answer") -> Knowledge:
    return Knowledge(outcome, (Article("a1", 3, confidence, "怎么退货？", flow),))


def route(given: Situation) -> str:
    verdict = decide(given, SURE)
    return verdict.payload or verdict.intent


def inside(
    form: str, slot: str, text: str = "...", knowledge: Knowledge | None = None, known: Any = None, **given: Any
) -> Verdict:
    """What is decided while `form` asks for `slot`."""
    titles = flows().titles("zh-Hans")
    there = situation(text, knowledge, form=form, requested_slot=slot, task_titles=titles, known=known or {}, **given)
    return decide(there, SURE)


def _form_of(slot: str) -> str:
    return "callback_form" if slot == "callback_contact" else "complaint_form"


def form(slot: str, text: str = "...", knowledge: Knowledge | None = None, **given: Any) -> str:
    """The route in the middle of a complaint, or of a call-back."""
    verdict = inside(
        "callback_form" if slot == "callback_contact" else "complaint_form", slot, text, knowledge, **given
    )
    return verdict.payload or verdict.intent
