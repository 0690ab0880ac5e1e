"""The shapes of what clients may send: ids, texts, names; and what is taken out before anything is kept."""

import re
from typing import Annotated

from pydantic import AfterValidator, StringConstraints

from reading.personal_data import mask_cards

TEXT_LIMIT = 4000
ATTACHMENT_LIMIT = 4

# Control characters have no place in a sentence; line breaks and tabs do.
_CONTROLS = {code: None for code in (*range(32), *range(127, 160)) if chr(code) not in "\n\t"}


def _printable(value: str) -> str:
    if not value.isprintable():
        raise ValueError("must be printable")
    return value


MessageId = Annotated[str, StringConstraints(min_length=1, max_length=128), AfterValidator(_printable)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=128), AfterValidator(_printable)]
Text = Annotated[str, StringConstraints(max_length=TEXT_LIMIT)]
AttachmentId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
Language = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$", max_length=20)]

_CONVERSATION = re.compile(r"c\d{1,2}-[0-9A-Za-z]{26}")
_TICKET = re.compile(r"T\d{1,2}-\d{1,15}")


def is_conversation_id(value: str) -> bool:
    return _CONVERSATION.fullmatch(value) is not None


def is_ticket_id(value: str) -> bool:
    return _TICKET.fullmatch(value) is not None


def clean(text: str) -> str:
    """`text` as it may be kept: no control characters, no full card number, no half of a surrogate pair."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(_CONTROLS)
    return mask_cards(text.encode("utf-8", "replace").decode("utf-8")).strip()


def our_language(hint: str | None) -> str | None:
    """`zh-Hans`, `zh-Hant` or `en` for a language tag; None for any other."""
    if not hint:
        return None
    parts = hint.lower().split("-")
    if parts[0] == "en":
        return "en"
    if parts[0] != "zh":
        return None
    return "zh-Hant" if {"hant", "tw", "hk", "mo"} & set(parts) else "zh-Hans"
