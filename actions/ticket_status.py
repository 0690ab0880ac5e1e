"""How far a ticket is: the customer's own at once, another's only with the tail of the phone it was opened with."""

from typing import Any

from rasa_sdk.events import FollowupAction, SlotSet

from actions.flow_turn import FlowTurn
from actions.guarded import Events
from actions.steps import Slots, Steps, Stop

_MOST_SHOWN = 3
NUMBER, TAIL = "ticket_number", "ticket_contact_tail"


class TicketStatus(Steps):
    """Begins and ends with the same action: it shows what may be shown, else the form asks."""

    name = "ticket_status"

    async def validate(self, turn: FlowTurn, slot: str, said: Any) -> Slots:
        found = await super().validate(turn, slot, said)
        if slot == NUMBER and found.get(NUMBER) in _own(turn):
            found["requested_slot"] = None
        return found

    def begins(self, turn: FlowTurn) -> Events:
        """The form is needed for a ticket that is not the customer's own, and when there is none to show."""
        asks = not turn.text(TAIL) and (turn.text(NUMBER) or not _own(turn)) and turn.text(NUMBER) not in _own(turn)
        return [SlotSet(NUMBER, turn.values[NUMBER]), FollowupAction(turn.flow.form)] if asks else []

    async def finish(self, turn: FlowTurn) -> Slots:
        number, tail, own = turn.text(NUMBER), turn.text(TAIL), _own(turn)
        if number and number not in own:
            if not tail:
                raise Stop("given_up")
            turn.utter("utter_ticket_status_verified", ticket=number, contact_tail=tail)
            return {}
        for ticket in [number] if number else own[:_MOST_SHOWN]:
            turn.utter("utter_ticket_status", ticket=ticket)
        return {}


def _own(turn: FlowTurn) -> list[str]:
    return list(turn.tracker.get_slot("own_tickets") or [])
