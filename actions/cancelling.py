"""Cancelling an order that has not left."""

from typing import ClassVar

from actions import connections
from actions.flow_turn import FlowTurn
from actions.order_steps import NUMBER, TAIL, OrderSteps
from actions.steps import Slots
from actions.words import words


class CancelOrder(OrderSteps):
    name = "cancel_order"
    needs = "cancel"
    refusals: ClassVar = {"already_shipped": "utter_cancel_already_shipped"}

    async def summary(self, turn: FlowTurn) -> None:
        order = await turn.order()
        items = str(words(turn.language)["and"]).join(item.name for item in order.items)
        turn.utter("utter_cancel_summary", order=order.number, items=items)

    async def finish(self, turn: FlowTurn) -> Slots:
        refund = await connections.orders().cancel(turn.text(NUMBER), turn.text(TAIL), turn.key(self.name))
        expected = turn.time(refund.expected) if refund.expected else ""
        turn.utter("utter_cancelled", order=turn.text(NUMBER), amount=refund.amount or "", expected=expected)
        return {}
