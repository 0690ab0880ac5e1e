"""A call-back: because nobody is there, or because the customer would rather be called."""

from datetime import datetime, timezone
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import connections
from actions.flow_turn import FlowTurn
from actions.guarded import Events, GuardedAction
from actions.steps import Slots, Steps
from actions.words import told_opening

DUE_HOURS = 24
CONTACT = "callback_contact"


class ActionRequestPerson(GuardedAction):
    """Says when people will be there again. (With people reachable, a rule alone hands over: no action is needed.)"""

    def name(self) -> str:
        return "action_request_person"

    async def act(self, say: CollectingDispatcher, tracker: Tracker) -> Events:
        if tracker.get_slot("callback_open"):
            say.utter_message(response="utter_callback_stands")
            return []
        opens_at = tracker.get_slot("desk_opens_at")
        now, zone = datetime.now(timezone.utc), connections.settings().time_zone
        opens = told_opening(opens_at, now, tracker.get_slot("language"), zone) if opens_at else None
        if opens:
            say.utter_message(response="utter_desk_closed", opens=opens)
        else:
            say.utter_message(response="utter_desk_closed_no_time")
        return []


class CallBack(Steps):
    """Ends with a ticket, or kindly without one; another number for a call-back that is arranged changes its ticket."""

    name = "call_back"

    async def finish(self, turn: FlowTurn) -> Slots:
        fields: dict[str, Any] = {"contact": turn.text(CONTACT)}
        arranged = turn.tracker.get_slot("callback_ticket")
        if arranged:
            command = {"command": "ticket.update", "ticket": arranged, "fields": fields}
            turn.utter("utter_callback_changed", contact=turn.text(CONTACT), ticket=arranged)
        else:
            command = {"command": "ticket.open", "kind": "callback", "fields": fields, "due_hours": DUE_HOURS}
            turn.utter("utter_callback_opened", contact=turn.text(CONTACT))
        turn.say.utter_message(json_message=command)
        return {}

    async def tell_refusal(self, turn: FlowTurn, reason: str) -> None:  # noqa: ARG002 - there is one only
        turn.utter("utter_callback_given_up")
