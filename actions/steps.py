"""What each flow adds to the common form: its own checks, its summary, and what it does at the end."""

from collections.abc import Mapping
from typing import Any, ClassVar

from actions.flow_turn import Button, FlowTurn
from actions.guarded import Events
from actions.slot_values import INVALID, NOT_AT_HAND, NUMBERS, value_of, words

OTHER = "other"  # a button's way of asking for another one than the one that is known
TRIES = 2
Slots = dict[str, Any]


class Stop(Exception):
    """Raised when the flow cannot go on; `reason` is kept in the slot `refused` and told at its end."""

    def __init__(self, reason: str, **slots: Any) -> None:
        super().__init__(reason)
        self.reason = reason
        self.slots = slots


class Steps:
    """A flow without anything of its own; subclasses say more."""

    name: ClassVar[str]
    needs: ClassVar[str | None] = None  # what the office must allow with the order
    refusals: ClassVar[Mapping[str, str]] = {}  # words of its own for reasons of refusal

    async def validate(self, turn: FlowTurn, slot: str, said: Any) -> Slots:
        """The slots to set for what was said; raises Stop when there is no going on."""
        if said == OTHER:
            return {slot: None}
        value = value_of(turn.flow.slots[slot], said)
        return {slot: value} if value else self.wrong(turn, slot, said)

    def wrong(self, turn: FlowTurn, slot: str, said: Any) -> Slots:
        """Words that are worth nothing: said once, the second time the flow ends."""
        kind = turn.flow.slots[slot]
        missing = kind in NUMBERS and NOT_AT_HAND.search(words(said)) is not None
        return count_try(turn, slot, "utter_not_at_hand" if missing else INVALID[kind], "given_up")

    async def check(self, turn: FlowTurn, changed: set[str]) -> Slots:  # noqa: ARG002 - subclasses look at it
        """Looked at once all of this turn is validated: what else to set; raises Stop."""
        return {}

    async def summary(self, turn: FlowTurn) -> None:
        """What is to be confirmed."""
        raise NotImplementedError

    async def choices(self, turn: FlowTurn, slot: str) -> list[Button]:
        """The buttons of a choice that only the office knows."""
        raise NotImplementedError

    def begins(self, turn: FlowTurn) -> Events:  # noqa: ARG002 - subclasses look at it
        """Events that begin the form, for a flow whose last action is also its first."""
        return []

    async def finish(self, turn: FlowTurn) -> Slots:
        """Do it and say so; the slots that outlive the flow."""
        raise NotImplementedError

    async def tell_refusal(self, turn: FlowTurn, reason: str) -> None:
        """Why it cannot be done."""
        response = self.refusals.get(reason) or COMMON_REFUSALS.get(reason, "utter_refused_other")
        turn.utter(response, order=turn.text("order_number"), card=turn.text("card_tail"))


COMMON_REFUSALS: Mapping[str, str] = {
    "given_up": "utter_input_given_up",
    "not_found": "utter_order_not_found_again",
    "locked": "utter_locked",
    "unavailable": "utter_office_unavailable",
    "declined": "utter_stopped",
    "already_cancelled": "utter_refused_already_cancelled",
    "already_returned": "utter_refused_already_returned",
    "not_delivered": "utter_refused_not_delivered",
    "already_invoiced": "utter_refused_already_invoiced",
    "address_changed_before": "utter_refused_address_changed_before",
    "nothing_to_urge": "utter_refused_nothing_to_urge",
    "already_frozen": "utter_refused_already_frozen",
}


def count_try(turn: FlowTurn, slot: str, response: str, reason: str) -> Slots:
    """Say `response` and ask for `slot` again; raises Stop with `reason` at the second time."""
    tries = dict(turn.tracker.get_slot("tries") or {})
    tries[slot] = int(tries.get(slot, 0)) + 1
    if tries[slot] >= TRIES:
        raise Stop(reason, **{slot: None})
    turn.utter(response)
    return {slot: None, "tries": tries}
