"""The body of a turn's request: read, checked and bounded."""

import binascii
from collections.abc import Mapping
from typing import Any

from bot.situation import Article, Knowledge
from bot.turn import Part, TurnInput
from knowledge_base.client import unpack_vector

LANGUAGES = ("zh-Hans", "zh-Hant", "en")
LONGEST_TEXT = 4000
_MOST_ARTICLES = _MOST_PARTS = 5


class BadRequest(Exception):
    """Raised for a body that is not what the contract says; the text names the field."""

    code = "bad_request"


def read(body: Any) -> TurnInput:
    """The turn that `body` asks for; BadRequest names what is wrong."""
    if not isinstance(body, dict):
        raise BadRequest("the body must be a JSON object")
    text = _text(body, "text", LONGEST_TEXT)
    language = body.get("language") or "zh-Hans"
    if language not in LANGUAGES:
        raise BadRequest("language must be one of " + ", ".join(LANGUAGES))
    epoch = body.get("epoch")
    if not isinstance(epoch, int) or isinstance(epoch, bool):
        raise BadRequest("epoch must be an integer")
    given = _object(body, "vector")
    encoder, values = _vector(given)
    return TurnInput(
        conversation=_text(body, "conversation", 128),
        epoch=epoch,
        message_id=_text(body, "message_id", 256),
        text=text,
        language=language,
        dialogue=_dialogue(_object(body, "dialogue")),
        knowledge=_knowledge(_object(body, "knowledge")),
        encoder=encoder,
        vector=values,
        parts=_parts(given, len(values)) if given and values else (),
        desk=_desk(_object(body, "desk")),
    )


def _text(body: Mapping[str, Any], name: str, longest: int) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not value.strip():
        raise BadRequest(f"{name} must be a text that is not blank")
    if len(value) > longest:
        raise BadRequest(f"{name} is longer than {longest} characters")
    return value


def _object(body: Mapping[str, Any], name: str) -> dict[str, Any] | None:
    value = body.get(name)
    if value is not None and not isinstance(value, dict):
        raise BadRequest(f"{name} must be an object or null")
    return value


def _dialogue(given: dict[str, Any] | None) -> dict[str, Any] | None:
    """As we handed it out: its parts are checked only for their kinds."""
    if not given:
        return None
    kinds = {"slots": dict, "events": list, "offers": list, "loop": dict}
    whole = all(isinstance(given.get(name) or kind(), kind) for name, kind in kinds.items())
    parts = whole and all(isinstance(event, dict) for event in given.get("events") or [])
    if not parts or not all(_is_offer(offer) for offer in given.get("offers") or []):
        raise BadRequest("dialogue is not one that we handed out")
    return given


def _is_offer(given: Any) -> bool:
    return isinstance(given, dict) and all(isinstance(given.get(name), str) for name in ("title", "payload"))


def _knowledge(given: dict[str, Any] | None) -> Knowledge | None:
    if given is None:
        return None
    try:
        articles = tuple(_article(item) for item in given.get("articles", [])[:_MOST_ARTICLES])
        also = tuple(_article(item) for item in (given.get("also") or [])[:_MOST_ARTICLES])
        return Knowledge(str(given["outcome"]), articles, also)
    except (KeyError, TypeError, ValueError) as error:
        raise BadRequest("knowledge must hold outcome and articles of id, version, confidence") from error


def _article(item: Mapping[str, Any]) -> Article:
    confidence = float(item["confidence"])
    return Article(str(item["id"]), int(item["version"]), confidence, item.get("question"), item.get("flow"))


def _vector(given: dict[str, Any] | None) -> tuple[dict[str, Any] | None, tuple[float, ...] | None]:
    if given is None:
        return None, None
    try:
        encoder = {key: given["encoder"][key] for key in ("name", "version", "dimension")}
        values = unpack_vector(given["values"])
    except (KeyError, TypeError, ValueError, binascii.Error) as error:
        raise BadRequest("vector must hold encoder and base64 values") from error
    if len(values) != encoder["dimension"]:
        raise BadRequest("vector has another dimension than its encoder")
    return encoder, values


def _parts(given: Mapping[str, Any], dimension: int) -> tuple[Part, ...]:
    try:
        parts = [Part(str(one["text"]), unpack_vector(one["values"])) for one in given.get("parts") or ()]
    except (KeyError, TypeError, ValueError, binascii.Error) as error:
        raise BadRequest("vector.parts must hold text and base64 values") from error
    if len(parts) > _MOST_PARTS or not all(0 < len(one.text) <= LONGEST_TEXT for one in parts):
        raise BadRequest(f"vector.parts must be at most {_MOST_PARTS}, none empty")
    if any(len(one.vector) != dimension for one in parts):
        raise BadRequest("a part's vector has another dimension than the whole's")
    return tuple(parts)


def _desk(given: dict[str, Any] | None) -> dict[str, Any]:
    desk = given or {}
    tickets = desk.get("tickets") or []
    if not isinstance(tickets, list) or not all(isinstance(t, dict) and isinstance(t.get("id"), str) for t in tickets):
        raise BadRequest("desk.tickets must be a list of objects with an id")
    return {**desk, "tickets": tickets}
