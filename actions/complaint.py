"""A complaint: what happened, which order, how to reach the customer, what they wish; then a ticket."""

from collections.abc import Mapping
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.contact import contact_in
from actions.guarded import Events, GuardedAction, GuardedForm
from actions.words import complaint_parts, words
from office.orders import is_order_number

NONE = "none"
DUE_HOURS = 24
PARTS = ("what", "order", "contact", "wish")
_TRIES = 2
_LONGEST = 1000


class ValidateComplaintForm(GuardedForm):
    """Never loses a complaint over a form: what still cannot be read at the second try is taken as it is."""

    def name(self) -> str:
        return "validate_complaint_form"

    def validate_complaint_what(
        self, value: Any, _say: CollectingDispatcher, _tracker: Tracker, _: dict[str, Any]
    ) -> dict[str, Any]:
        return {"complaint_what": _text(value), **_settled()}

    def validate_complaint_wish(
        self, value: Any, _say: CollectingDispatcher, _tracker: Tracker, _: dict[str, Any]
    ) -> dict[str, Any]:
        return {"complaint_wish": _text(value), **_settled()}

    def validate_complaint_order(
        self, value: Any, say: CollectingDispatcher, tracker: Tracker, _: dict[str, Any]
    ) -> dict[str, Any]:
        text = _text(value)
        if text == NONE or is_order_number(text.upper()):
            return {"complaint_order": text if text == NONE else text.upper(), **_settled()}
        if _is_last_try(tracker):
            return {"complaint_order": text[:60], **_settled()}
        say.utter_message(response="utter_complaint_order_invalid")
        return {"complaint_order": None, "complaint_tries": 1}

    def validate_complaint_contact(
        self, value: Any, say: CollectingDispatcher, tracker: Tracker, _: dict[str, Any]
    ) -> dict[str, Any]:
        text = _text(value)
        found = NONE if text == NONE else contact_in(text)
        if found is None and _is_last_try(tracker):
            found = NONE
        if found is not None:
            return {"complaint_contact": found, **_settled()}
        say.utter_message(response="utter_contact_invalid")
        return {"complaint_contact": None, "complaint_tries": 1}

    def validate_complaint_confirmed(
        self, value: Any, _say: CollectingDispatcher, tracker: Tracker, _: dict[str, Any]
    ) -> dict[str, Any]:
        """Yes ends the form; no asks what is wrong; words may name the part, or correct it at once."""
        if value is True:
            return {"complaint_confirmed": True}
        if _corrects_at_once(tracker):
            return {"complaint_confirmed": None, "complaint_disputed": None}
        if value is False:
            return {"complaint_confirmed": None, "complaint_disputed": True}
        part = named_part(_text(value))
        if part:
            return {"complaint_confirmed": None, "complaint_disputed": None, f"complaint_{part}": None}
        return {"complaint_confirmed": None, "complaint_disputed": True}


class ActionAskComplaintConfirmed(GuardedAction):
    """The summary; or, when the customer disagreed, which part to change."""

    def name(self) -> str:
        return "action_ask_complaint_confirmed"

    async def act(self, say: CollectingDispatcher, tracker: Tracker) -> Events:
        if tracker.get_slot("complaint_disputed"):
            say.utter_message(response="utter_complaint_what_is_wrong")
            return []
        say.utter_message(response="utter_complaint_summary", **summary(_fields(tracker), tracker.get_slot("language")))
        return []


class ActionCorrectComplaint(GuardedAction):
    """Forgets the part that a button named, so that the form asks for it again."""

    def name(self) -> str:
        return "action_correct_complaint"

    async def act(self, say: CollectingDispatcher, tracker: Tracker) -> Events:  # noqa: ARG002 - the form speaks
        part = next(iter(tracker.get_latest_entity_values("part")), None)
        forgotten = [SlotSet(f"complaint_{part}", None)] if part in PARTS else []
        return [*forgotten, SlotSet("complaint_disputed", None)]


class ActionEscalateComplaint(GuardedAction):
    """The ticket, and the sentence with its number."""

    def name(self) -> str:
        return "action_escalate_complaint"

    async def act(self, say: CollectingDispatcher, tracker: Tracker) -> Events:
        _open(say, tracker, "utter_complaint_opened")
        return []


class ActionKeepComplaint(GuardedAction):
    """A customer who leaves the form for a person, when nobody is there: what they told so far is not lost."""

    def name(self) -> str:
        return "action_keep_complaint"

    async def act(self, say: CollectingDispatcher, tracker: Tracker) -> Events:
        if tracker.get_slot("complaint_what"):
            _open(say, tracker, "utter_complaint_kept")
        return []


def _open(say: CollectingDispatcher, tracker: Tracker, response: str) -> None:
    fields = {part: value for part, value in _fields(tracker).items() if value != NONE}
    say.utter_message(response=response)
    command = {"command": "ticket.open", "kind": "complaint", "fields": fields, "due_hours": DUE_HOURS}
    say.utter_message(json_message=command)


def summary(fields: Mapping[str, str], language: str | None) -> dict[str, str]:
    """The fields as the customer reads them."""
    chosen = words(language)
    absent = {"order": chosen["no_order"], "contact": chosen["no_contact"]}
    return {part: str(absent.get(part, value)) if value == NONE else value for part, value in fields.items()}


def named_part(text: str) -> str | None:
    """The part of a complaint that `text` speaks of."""
    folded = text.casefold()
    for part, names in complaint_parts().items():
        if any(name in folded for name in names):
            return part
    return None


def _fields(tracker: Tracker) -> dict[str, str]:
    return {part: str(tracker.get_slot(f"complaint_{part}") or NONE) for part in PARTS}


def _corrects_at_once(tracker: Tracker) -> bool:
    named = tracker.latest_message.get("entities") or []
    return any(entity.get("entity") in ("contact", "order_number") for entity in named)


def _is_last_try(tracker: Tracker) -> bool:
    return int(tracker.get_slot("complaint_tries") or 0) + 1 >= _TRIES


def _settled() -> dict[str, Any]:
    """A part is in order: tries are counted afresh for the next one."""
    return {"complaint_tries": None, "complaint_disputed": None}


def _text(value: Any) -> str:
    said = value[-1] if isinstance(value, list) and value else value
    return str(said).strip()[:_LONGEST]
