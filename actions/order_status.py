"""Order status: number and phone tail are checked, the order is looked up, its logistics are told and nothing else."""

from typing import Any
from zoneinfo import ZoneInfo

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import connections
from actions.guarded import Events, GuardedAction, GuardedForm
from actions.words import told_time, words
from office.errors import OfficeUnavailable, OrderLocked, OrderNotFound
from office.orders import Order, is_order_number, is_phone_tail

TRIES = 2
_SHOWN_MOVEMENTS = 3


class ValidateOrderForm(GuardedForm):
    """Two tries in all, then the form ends and a person is offered."""

    def name(self) -> str:
        return "validate_order_form"

    def validate_order_number(
        self, value: Any, say: CollectingDispatcher, tracker: Tracker, _: dict[str, Any]
    ) -> dict[str, Any]:
        number = str(_last(value)).strip().upper()
        if is_order_number(number):
            return {"order_number": number}
        return _wrong("order_number", "utter_order_number_invalid", say, tracker)

    def validate_order_phone_tail(
        self, value: Any, say: CollectingDispatcher, tracker: Tracker, _: dict[str, Any]
    ) -> dict[str, Any]:
        tail = _tail(str(_last(value)))
        if is_phone_tail(tail):
            return {"order_phone_tail": tail}
        return _wrong("order_phone_tail", "utter_phone_tail_invalid", say, tracker)


class ActionLookUpOrder(GuardedAction):
    """Ends the flow: the order, or a second try, or a person."""

    def name(self) -> str:
        return "action_look_up_order"

    async def act(self, say: CollectingDispatcher, tracker: Tracker) -> Events:
        number, tail = tracker.get_slot("order_number"), tracker.get_slot("order_phone_tail")
        if not number or not tail:
            say.utter_message(response="utter_order_input_given_up")
            return []
        try:
            order = await connections.orders().verify(number, tail)
        except OrderNotFound:
            return _not_found(say, tracker)
        except OrderLocked:
            say.utter_message(response="utter_order_locked")
            return []
        except OfficeUnavailable:
            say.utter_message(response="utter_office_unavailable")
            return []
        language, zone = tracker.get_slot("language"), connections.settings().time_zone
        state = words(language)["states"][order.state]
        told = logistics(order, language, zone)
        say.utter_message(response="utter_order_status", order=order.number, state=state, logistics=told)
        return [SlotSet("failed_look_ups", None)]


def logistics(order: Order, language: str | None, zone: ZoneInfo) -> str:
    """Carrier, expected day and the latest movements, a line each."""
    chosen = words(language)
    lines = []
    if order.carrier:
        lines.append(str(chosen["carrier"]).format(carrier=order.carrier))
    if order.tracking:
        lines.append(str(chosen["tracking"]).format(tracking=order.tracking))
    if order.estimated:
        lines.append(str(chosen["estimated"]).format(time=told_time(order.estimated, language, zone)))
    for movement in sorted(order.events, key=lambda event: event.at, reverse=True)[:_SHOWN_MOVEMENTS]:
        at = told_time(movement.at, language, zone)
        lines.append(str(chosen["movement"]).format(time=at, place=movement.place, text=movement.text))
    return "\n".join(lines) or str(chosen["no_movement"])


def _not_found(say: CollectingDispatcher, tracker: Tracker) -> Events:
    """Counted in a slot that outlives the form: the second time, a person is offered."""
    failed = int(tracker.get_slot("failed_look_ups") or 0) + 1
    say.utter_message(response="utter_order_not_found" if failed < TRIES else "utter_order_not_found_again")
    return [SlotSet("failed_look_ups", failed), SlotSet("order_number", None)]


def _wrong(slot: str, response: str, say: CollectingDispatcher, tracker: Tracker) -> dict[str, Any]:
    tries = int(tracker.get_slot("order_tries") or 0) + 1
    if tries >= TRIES:
        return {slot: None, "order_tries": tries, "requested_slot": None}
    say.utter_message(response=response)
    return {slot: None, "order_tries": tries}


def _tail(written: str) -> str:
    """The last four of a whole phone number, or the text itself."""
    digits = "".join(c for c in written if c.isdecimal())
    return digits[-4:] if len(digits) in (4, 11) else written.strip()


def _last(value: Any) -> Any:
    return value[-1] if isinstance(value, list) and value else value
