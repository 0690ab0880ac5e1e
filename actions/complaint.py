"""A complaint: what happened, which order, how to reach the customer, what they wish; then a ticket."""

from collections.abc import Mapping
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.flow_turn import FlowTurn
from actions.guarded import Events, GuardedAction
from actions.part_names import NONE
from actions.slot_values import words as said_words
from actions.steps import Slots, Steps
from actions.words import words

DUE_HOURS = 24
PARTS = ("what", "order", "contact", "wish")
_LONGEST_ORDER = 60


class Complain(Steps):
    """Never loses a complaint over its form: what still cannot be read at the second try is taken as it is, or left
    out, and it is said so."""

    name = "complain"

    async def validate(self, turn: FlowTurn, slot: str, said: Any) -> Slots:
        return {slot: NONE} if said == NONE else await super().validate(turn, slot, said)

    def wrong(self, turn: FlowTurn, slot: str, said: Any) -> Slots:
        is_last = slot in (turn.tracker.get_slot("tries") or {})
        if slot == "complaint_order" and is_last:
            turn.utter("utter_order_taken_as_it_is")
            return {slot: said_words(said)[:_LONGEST_ORDER]}
        if slot == "complaint_contact" and is_last:
            turn.utter("utter_contact_left_out")
            return {slot: NONE}
        return super().wrong(turn, slot, said)

    async def summary(self, turn: FlowTurn) -> None:
        turn.utter("utter_complaint_summary", (), **told(_fields(turn.tracker), turn.language))

    async def finish(self, turn: FlowTurn) -> Slots:
        _open(turn.say, turn.tracker, "utter_complaint_opened")
        return {}


class ActionKeepComplaint(GuardedAction):
    """A customer who leaves the form for a person, when nobody is there: what they told so far is not lost."""

    def name(self) -> str:
        return "action_keep_complaint"

    async def act(self, say: CollectingDispatcher, tracker: Tracker) -> Events:
        if tracker.get_slot("complaint_what"):
            _open(say, tracker, "utter_complaint_kept")
        return []


def told(fields: Mapping[str, str], language: str | None) -> dict[str, str]:
    """The fields as the customer reads them."""
    chosen = words(language)
    absent = {"order": chosen["no_order"], "contact": chosen["no_contact"]}
    return {part: str(absent.get(part, value)) if value == NONE else value for part, value in fields.items()}


def _open(say: CollectingDispatcher, tracker: Tracker, response: str) -> None:
    fields = {part: value for part, value in _fields(tracker).items() if value != NONE}
    say.utter_message(response=response)
    command = {"command": "ticket.open", "kind": "complaint", "fields": fields, "due_hours": DUE_HOURS}
    say.utter_message(json_message=command)


def _fields(tracker: Tracker) -> dict[str, str]:
    return {part: str(tracker.get_slot(f"complaint_{part}") or NONE) for part in PARTS}
