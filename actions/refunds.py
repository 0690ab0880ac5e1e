"""How far a refund is, and chasing what is late: the dispatch, the parcel, the refund."""

from actions import connections
from actions.flow_turn import FlowTurn
from actions.order_steps import NUMBER, TAIL, OrderSteps
from actions.steps import Slots
from office.orders import Refund

_TOLD = {
    "none": "utter_refund_none",
    "requested": "utter_refund_requested",
    "inspecting": "utter_refund_inspecting",
    "processing": "utter_refund_processing",
    "paid": "utter_refund_paid",
}
_URGED = {"dispatch": "utter_urged_dispatch", "parcel": "utter_urged_parcel", "refund": "utter_urged_refund"}


class RefundStatus(OrderSteps):
    """The state of the refund; a late one can be chased at a tap."""

    name = "refund_status"

    async def finish(self, turn: FlowTurn) -> Slots:
        refund = await connections.orders().refund(turn.text(NUMBER), turn.text(TAIL))
        response = "utter_refund_late" if _is_late(refund, turn) else _TOLD[refund.state]
        expected = turn.time(refund.expected) if refund.expected else ""
        turn.utter(response, order=turn.text(NUMBER), amount=refund.amount or "", expected=expected)
        return {}


def _is_late(refund: Refund, turn: FlowTurn) -> bool:
    """Times of the office are in one form, so they compare as texts."""
    return refund.state == "processing" and refund.expected is not None and refund.expected < turn.now()


class Urge(OrderSteps):
    """Asking for it is the wish itself and changes nothing of the order: nothing to confirm."""

    name = "urge"
    needs = "urge"

    async def finish(self, turn: FlowTurn) -> Slots:
        urged = await connections.orders().urge(turn.text(NUMBER), turn.text(TAIL), turn.key("urge"))
        response = "utter_urged_again" if urged.again else _URGED[urged.about]
        turn.utter(response, reply_by=turn.time(urged.reply_by))
        return {}
