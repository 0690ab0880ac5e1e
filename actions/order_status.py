"""Order status: the order is looked up, its logistics are told and nothing else."""

from zoneinfo import ZoneInfo

from actions import connections
from actions.flow_turn import FlowTurn
from actions.order_steps import OrderSteps
from actions.steps import Slots
from actions.words import told_time, words
from office.orders import Order

_SHOWN_MOVEMENTS = 3


class CheckOrder(OrderSteps):
    """Where the parcel is; what is late can be chased at a tap."""

    name = "check_order"

    async def finish(self, turn: FlowTurn) -> Slots:
        order, chosen = await turn.order(), words(turn.language)
        told = logistics(order, turn.language, connections.settings().time_zone)
        late = order.state == "delayed" and "urge" not in order.refusals
        response = "utter_order_status_late" if late else "utter_order_status"
        turn.utter(response, order=order.number, state=chosen["states"][order.state], logistics=told)
        return {}


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
