"""The flows as `bot/flows.yml` defines them: what each asks for, how it begins and ends."""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

PATH = Path(__file__).with_suffix(".yml")

# What a slot may be. Numbers are known by their form, the others by what customers say.
TEXT, ADDRESS, CHOICE, CONFIRMATION, SCORE = "text", "address", "choice", "confirmation", "score"
ORDER_NUMBER, TICKET_NUMBER, TAX_NUMBER = "order_number", "ticket_number", "tax_number"
PHONE_TAIL, CARD_TAIL, CONTACT = "phone_tail", "card_tail", "contact"
KINDS = (
    TEXT, ADDRESS, CHOICE, CONFIRMATION, SCORE, ORDER_NUMBER, TICKET_NUMBER, TAX_NUMBER, PHONE_TAIL, CARD_TAIL, CONTACT,
)  # fmt: skip
FREE_KINDS = (TEXT, ADDRESS)  # any words may be the answer


@dataclass(frozen=True)
class Slot:
    """One thing that a flow asks for; `words`: what customers say for each choice."""

    name: str
    kind: str
    declinable: bool = False
    words: dict[str, re.Pattern[str]] = field(default_factory=dict)
    source: str | None = None


@dataclass(frozen=True)
class Flow:
    """One flow; `changes`: what it changes outside, told in each language."""

    name: str
    title: dict[str, str]
    named: re.Pattern[str]
    form: str
    slots: tuple[Slot, ...]
    ends_with: str
    begins: str = "form"
    changes: dict[str, str] = field(default_factory=dict)
    refused: str = "correct"

    def slot(self, name: str | None) -> Slot | None:
        return next((slot for slot in self.slots if slot.name == name), None)


@dataclass(frozen=True)
class Flows:
    """All flows by name; `articles`: intents that an article answers; `shared`: slots that outlive their flow."""

    by_name: dict[str, Flow]
    articles: dict[str, str]
    shared: tuple[str, ...]

    def of_form(self, form: str | None) -> Flow | None:
        return next((flow for flow in self.by_name.values() if flow.form == form), None)

    def asking_for(self, slot: str) -> list[Flow]:
        return [flow for flow in self.by_name.values() if flow.slot(slot)]

    def titles(self, language: str) -> dict[str, str]:
        """The words of each flow's button."""
        return {name: flow.title.get(language, flow.title["zh-Hans"]) for name, flow in self.by_name.items()}


@lru_cache(maxsize=1)
def flows() -> Flows:
    """The flows of this bot, read once."""
    return read(yaml.safe_load(PATH.read_text(encoding="utf-8")))


def read(data: dict[str, Any]) -> Flows:
    """Flows from their YAML; ValueError names what is wrong."""
    by_name = {name: _flow(name, given) for name, given in data["flows"].items()}
    return Flows(by_name, dict(data["articles"]), tuple(data["shared"]))


def _flow(name: str, given: dict[str, Any]) -> Flow:
    slots = tuple(_slot(slot, spec) for slot, spec in given["slots"].items())
    changes = given.get("changes", {})
    if any(slot.kind == CONFIRMATION for slot in slots) and not changes:
        raise ValueError(f"{name} asks to confirm, but changes nothing")
    return Flow(
        name=name,
        title=given["title"],
        named=re.compile(given["named"]),
        form=given["form"],
        slots=slots,
        ends_with=given["ends_with"],
        begins=given.get("begins", "form"),
        changes=changes,
        refused=given.get("refused", "correct"),
    )


def _slot(name: str, spec: Any) -> Slot:
    given: dict[str, Any] = {"kind": spec} if isinstance(spec, str) else spec
    if given["kind"] not in KINDS:
        raise ValueError(f"{name} is of an unknown kind: {given['kind']}")
    words = {choice: re.compile(pattern) for choice, pattern in given.get("of", {}).items()}
    return Slot(name, given["kind"], given.get("declinable", False), words, given.get("from"))
