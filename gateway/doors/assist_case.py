"""A conversation as the assisting doors read it: its events, what was said, what the bot knew."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from desk import Conversation, Desk, Event
from desk.assist.lines import Line, lines_of
from desk.assist.situation import Situation, read_situation

_LATEST = 400  # events

# Slots of the bot's flows that are the same fact under another name.
_FACTS = {
    "order_number": "order_number",
    "complaint_order": "order_number",
    "phone_tail": "phone_tail",
    "card_tail": "card_tail",
    "complaint_contact": "phone",
    "callback_contact": "phone",
}


@dataclass(frozen=True)
class Case:
    """`known`: what the bot had found out, by the name of the fact."""

    conversation: Conversation
    events: Sequence[Event]
    known: Mapping[str, str]

    @cached_property
    def lines(self) -> list[Line]:
        return lines_of(self.events)

    @cached_property
    def situation(self) -> Situation:
        return read_situation(self.lines, self.known)


async def read_case(desk: Desk, conversation: Conversation) -> Case:
    """The conversation with its latest events. Raises ConversationNotFound."""
    after = max(0, conversation.seq - _LATEST)
    events = await desk.events(conversation.id, after, _LATEST + 100)
    return Case(conversation, events, known_slots(conversation))


def known_slots(conversation: Conversation) -> dict[str, str]:
    """What the bot's dialogue holds that is a fact of the case; contacts only when they are numbers."""
    slots = (conversation.dialogue or conversation.former_dialogue or {}).get("slots") or {}
    found: dict[str, str] = {}
    for slot, fact in _FACTS.items():
        value = slots.get(slot)
        if isinstance(value, str) and value.strip() and value != "none":
            if fact == "phone" and not value.lstrip("+").replace("-", "").isdigit():
                continue
            found.setdefault(fact, value.strip())
    return found
