"""What a tapped button may say: `/intent` or `/intent{"entity": value}`, from a declared list and nothing else."""

import json
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from bot.flows import CONFIRMATION, flows

# Payloads besides the flows' names, with the entities they may carry.
_OTHERS: dict[str, dict[str, type]] = {
    "ask_person": {},
    "choose_article": {"article_id": str, "article_version": int},
    "none_of_these": {},
    "affirm": {},
    "deny": {},
    "stop": {},
    "restart": {},
    "correct": {"part": str},
}
_REQUIRED = {"choose_article": {"article_id", "article_version"}, "correct": {"part"}}
_LONGEST_VALUE = 128


class PayloadRefused(Exception):
    """Raised for a payload that is not declared or not well formed."""

    code = "payload_refused"


@dataclass(frozen=True)
class Payload:
    """An intent with its entities."""

    intent: str
    entities: dict[str, Any] = field(default_factory=dict)


@lru_cache(maxsize=1)
def declared() -> dict[str, dict[str, type]]:
    """Each payload with the entities it may carry: a flow its slots, `inform` the slot of a choice."""
    every = flows().by_name.values()
    slots: dict[str, dict[str, type]] = {
        flow.name: {slot.name: str for slot in flow.slots if slot.kind != CONFIRMATION} for flow in every
    }
    inform = {name: kind for carried in slots.values() for name, kind in carried.items()}
    return {**_OTHERS, **slots, "inform": inform}


def parse(text: str) -> Payload:
    """The payload that `text` spells; PayloadRefused when it is none of ours."""
    intent, brace, rest = text.lstrip("/").partition("{")
    intent = intent.strip()
    if intent not in declared():
        raise PayloadRefused("no such payload")
    entities = _entities(brace + rest) if brace else {}
    allowed = declared()[intent]
    if not _REQUIRED.get(intent, set()) <= entities.keys() <= allowed.keys():
        raise PayloadRefused("wrong entities in the payload")
    if intent == "inform" and len(entities) != 1:
        raise PayloadRefused("a choice fills one slot")
    if not all(_fits(entities[name], allowed[name]) for name in entities):
        raise PayloadRefused("wrong value in the payload")
    return Payload(intent, entities)


def route(payload: Payload, missed: bool) -> str:
    """The intent that the rules act on; refusing every choice is a question without an answer."""
    if payload.intent != "none_of_these":
        return payload.intent
    return "unknown_again" if missed else "unknown"


def _entities(written: str) -> dict[str, Any]:
    try:
        read = json.loads(written)
    except ValueError as error:
        raise PayloadRefused("the payload is not JSON") from error
    if not isinstance(read, dict):
        raise PayloadRefused("the payload is not an object")
    return read


def _fits(value: Any, kind: type) -> bool:
    return isinstance(value, kind) and not isinstance(value, bool) and len(str(value)) <= _LONGEST_VALUE
