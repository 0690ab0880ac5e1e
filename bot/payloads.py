"""What a tapped button may say: `/intent` or `/intent{"entity": value}`, from a declared list and nothing else."""

import json
from dataclasses import dataclass, field
from typing import Any

# Each payload with the entities it may carry.
DECLARED: dict[str, dict[str, type]] = {
    "check_order": {"order_number": str},
    "complain": {},
    "ask_person": {},
    "ticket_status": {"ticket_number": str},
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


def parse(text: str) -> Payload:
    """The payload that `text` spells; PayloadRefused when it is none of ours."""
    intent, brace, rest = text.lstrip("/").partition("{")
    intent = intent.strip()
    if intent not in DECLARED:
        raise PayloadRefused("no such payload")
    entities = _entities(brace + rest) if brace else {}
    allowed = DECLARED[intent]
    if not _REQUIRED.get(intent, set()) <= entities.keys() <= allowed.keys():
        raise PayloadRefused("wrong entities in the payload")
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
