"""A person is asked for and none is there: when there will be one, and a call-back until then."""

from datetime import datetime, timezone
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import connections
from actions.contact import contact_in
from actions.guarded import Events, GuardedAction, GuardedForm
from actions.words import told_opening

TRIES = 2
DUE_HOURS = 24


class ActionRequestPerson(GuardedAction):
    """Says when people will be there again. (With people reachable, a rule alone hands over: no action is needed.)"""

    def name(self) -> str:
        return "action_request_person"

    async def act(self, say: CollectingDispatcher, tracker: Tracker) -> Events:
        opens_at = tracker.get_slot("desk_opens_at")
        now, zone = datetime.now(timezone.utc), connections.settings().time_zone
        opens = told_opening(opens_at, now, tracker.get_slot("language"), zone) if opens_at else None
        if opens:
            say.utter_message(response="utter_desk_closed", opens=opens)
        else:
            say.utter_message(response="utter_desk_closed_no_time")
        return []


class ValidateCallbackForm(GuardedForm):
    """A contact that can be used; two tries."""

    def name(self) -> str:
        return "validate_callback_form"

    def validate_callback_contact(
        self, value: Any, say: CollectingDispatcher, tracker: Tracker, _: dict[str, Any]
    ) -> dict[str, Any]:
        found = contact_in(str(value[-1] if isinstance(value, list) else value))
        if found:
            return {"callback_contact": found}
        tries = int(tracker.get_slot("callback_tries") or 0) + 1
        if tries >= TRIES:
            return {"callback_contact": None, "callback_tries": tries, "requested_slot": None}
        say.utter_message(response="utter_contact_invalid")
        return {"callback_contact": None, "callback_tries": tries}


class ActionOpenCallback(GuardedAction):
    """Ends the flow with a ticket, or kindly without one."""

    def name(self) -> str:
        return "action_open_callback"

    async def act(self, say: CollectingDispatcher, tracker: Tracker) -> Events:
        contact = tracker.get_slot("callback_contact")
        if not contact:
            say.utter_message(response="utter_callback_given_up")
            return []
        fields = {"contact": contact}
        command = {"command": "ticket.open", "kind": "callback", "fields": fields, "due_hours": DUE_HOURS}
        say.utter_message(response="utter_callback_opened", contact=contact)
        say.utter_message(json_message=command)
        return []
