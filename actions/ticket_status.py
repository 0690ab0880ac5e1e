"""How far a ticket is: the customer's own at once, another's only with the tail of the phone it was opened with."""

import re
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.guarded import Events, GuardedAction, GuardedForm
from office.orders import is_phone_tail

TRIES = 2
_MOST_SHOWN = 3
_NUMBER = re.compile(r"T\d{1,2}-\d{1,12}")


class ValidateTicketForm(GuardedForm):
    """A number of ours and four digits; two tries."""

    def name(self) -> str:
        return "validate_ticket_form"

    def validate_ticket_number(
        self, value: Any, say: CollectingDispatcher, tracker: Tracker, _: dict[str, Any]
    ) -> dict[str, Any]:
        number = str(value[-1] if isinstance(value, list) else value).strip().upper()
        if not _NUMBER.fullmatch(number):
            return _wrong("ticket_number", "utter_ticket_number_invalid", say, tracker)
        if number in (tracker.get_slot("own_tickets") or []):
            return {"ticket_number": number, "requested_slot": None}
        return {"ticket_number": number}

    def validate_ticket_contact_tail(
        self, value: Any, say: CollectingDispatcher, tracker: Tracker, _: dict[str, Any]
    ) -> dict[str, Any]:
        digits = "".join(c for c in str(value) if c.isdecimal())
        tail = digits[-4:] if len(digits) in (4, 11) else ""
        if is_phone_tail(tail):
            return {"ticket_contact_tail": tail}
        return _wrong("ticket_contact_tail", "utter_phone_tail_invalid", say, tracker)


class ActionTicketStatus(GuardedAction):
    """Begins and ends the flow: shows what may be shown, else asks."""

    def name(self) -> str:
        return "action_ticket_status"

    async def act(self, say: CollectingDispatcher, tracker: Tracker) -> Events:
        own = list(tracker.get_slot("own_tickets") or [])[:_MOST_SHOWN]
        number, tail = tracker.get_slot("ticket_number"), tracker.get_slot("ticket_contact_tail")
        if number in own:
            own = [number]
        elif number and tail:
            say.utter_message(response="utter_ticket_status_verified", ticket=number, contact_tail=tail)
            return []
        elif int(tracker.get_slot("ticket_tries") or 0) >= TRIES:
            say.utter_message(response="utter_ticket_input_given_up")
            return []
        elif number or not own:
            return [SlotSet("ticket_number", number), FollowupAction("ticket_form")]
        for ticket in own:
            say.utter_message(response="utter_ticket_status", ticket=ticket)
        return []


def _wrong(slot: str, response: str, say: CollectingDispatcher, tracker: Tracker) -> dict[str, Any]:
    tries = int(tracker.get_slot("ticket_tries") or 0) + 1
    if tries >= TRIES:
        return {slot: None, "ticket_tries": tries, "requested_slot": None}
    say.utter_message(response=response)
    return {slot: None, "ticket_tries": tries}
