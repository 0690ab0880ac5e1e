"""The parts of what a customer told a flow, by the names that customers use for them."""

from actions.flow_table import Flow
from actions.flow_turn import Button
from actions.words import words

NONE = "none"
# Parts that belong to another: who corrects the order sends its tail with it.
_SECONDARY = ("phone_tail", "confirmation")


def part_buttons(flow: Flow, language: str | None) -> list[Button]:
    """A button for each part that can be corrected, and one to leave."""
    chosen = words(language)
    parts = [slot for slot, kind in flow.slots.items() if kind not in _SECONDARY]
    buttons = [{"title": chosen["parts"][slot], "payload": f'/correct{{"part":"{slot}"}}'} for slot in parts]
    return [*buttons, {"title": chosen["stop"], "payload": "/stop"}]


def named_part(flow: Flow, text: str) -> str | None:
    """The slot of `flow` that `text` speaks of: that of the longest name that occurs."""
    folded = text.casefold()
    names = {name: slot for language in ("zh-Hans", "en") for slot, name in _names(flow, language)}
    found = [name for name in names if name.casefold() in folded]
    return names[max(found, key=len)] if found else None


def _names(flow: Flow, language: str) -> list[tuple[str, str]]:
    called = words(language)["part_names"]
    return [(slot, name) for slot in flow.slots for name in called.get(slot, ())]
