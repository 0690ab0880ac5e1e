"""Filling the slots of a prepared text: `{order_number}`; a part in `[[...]]` goes when a slot of it is unknown."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

_OPTIONAL = re.compile(r"\[\[(.*?)\]\]", re.DOTALL)
_SLOT = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True)
class Filled:
    """`missing`: slots that nobody knows yet; they still stand in the text."""

    text: str
    missing: tuple[str, ...] = ()


def fill(text: str, values: Mapping[str, str]) -> Filled:
    """`text` with what is known."""

    def kept(part: "re.Match[str]") -> str:
        return part[1] if all(values.get(slot) for slot in _SLOT.findall(part[1])) else ""

    whole = _OPTIONAL.sub(kept, text)
    missing = tuple(dict.fromkeys(slot for slot in _SLOT.findall(whole) if not values.get(slot)))
    return Filled(_SLOT.sub(lambda slot: values.get(slot[1]) or slot[0], whole), missing)


def unfilled(text: str) -> list[tuple[int, int]]:
    """Where slots still stand in `text`."""
    return [slot.span() for slot in _SLOT.finditer(text)]
