"""What every flow about an order has in common: the order is looked up as soon as number and tail are known."""

from typing import Any

from actions.flow_turn import FlowTurn
from actions.steps import OTHER, Slots, Steps, Stop, count_try
from office.errors import Locked, NotFound, OfficeUnavailable
from office.orders import Order

NUMBER, TAIL = "order_number", "phone_tail"
_TRIED = "tail tried"  # among the tries: the last tail that did not fit


class OrderSteps(Steps):
    """Number and tail belong together: a wrong pair asks for the tail again, another number is tried with the tail."""

    async def validate(self, turn: FlowTurn, slot: str, said: Any) -> Slots:
        if slot == NUMBER and said == OTHER:
            return {NUMBER: None, TAIL: None}
        found = await super().validate(turn, slot, said)
        if slot == NUMBER and found.get(NUMBER):
            _tell_change(turn, found[NUMBER])
        return found

    async def check(self, turn: FlowTurn, changed: set[str]) -> Slots:
        if not {NUMBER, TAIL} & changed or not turn.text(NUMBER):
            return {}
        tail_before = (turn.tracker.get_slot("tries") or {}).get(_TRIED)
        if not turn.text(TAIL) and not tail_before:
            return {}
        found: Slots = {}
        if not turn.text(TAIL):  # another number: perhaps only the number was wrong
            turn.values[TAIL] = found[TAIL] = tail_before
        try:
            order = await turn.order()
        except NotFound:
            return self._not_found(turn, only_guessed=bool(found))
        except Locked as error:
            raise Stop("locked", **{TAIL: None}) from error
        except OfficeUnavailable as error:
            raise Stop("unavailable") from error
        if self.needs and self.needs in order.refusals:
            raise Stop(order.refusals[self.needs], **found)
        return {**found, **await self.check_order(turn, order)}

    def _not_found(self, turn: FlowTurn, only_guessed: bool) -> Slots:
        """The tail is asked for again, and kept aside: another number is tried with it."""
        if only_guessed:
            return {TAIL: None}
        tail, again = turn.text(TAIL), count_try(turn, TAIL, "utter_order_not_found", "not_found")
        again["tries"][_TRIED] = tail
        return again

    async def check_order(self, turn: FlowTurn, order: Order) -> Slots:  # noqa: ARG002 - subclasses look at it
        """What else follows from the order, now that it is known."""
        return {}


def _tell_change(turn: FlowTurn, number: str) -> None:
    """Another order than the one of this flow so far is repeated back: a correction must be seen to have worked."""
    before = _before_this_turn(turn, NUMBER)
    if before and before != number and turn.tracker.active_loop_name == turn.flow.form:
        turn.utter("utter_order_changed", order=number)


def _before_this_turn(turn: FlowTurn, slot: str) -> str | None:
    value = None
    for event in turn.tracker.events:
        if event["event"] == "slot" and event["name"] == slot:
            value = event["value"]
        if event["event"] == "user" and event is _latest_message(turn):
            return value
    return value


def _latest_message(turn: FlowTurn) -> Any:
    return next((event for event in reversed(turn.tracker.events) if event["event"] == "user"), None)
