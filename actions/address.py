"""Another address for an order that has not left."""

from typing import ClassVar

from actions import connections
from actions.flow_turn import FlowTurn
from actions.order_steps import NUMBER, TAIL, OrderSteps
from actions.steps import Slots


class ChangeAddress(OrderSteps):
    """Once, and only before dispatch."""

    name = "change_address"
    needs = "change_address"
    refusals: ClassVar = {"already_shipped": "utter_address_already_shipped"}

    async def summary(self, turn: FlowTurn) -> None:
        turn.utter("utter_address_summary", order=turn.text(NUMBER), address=turn.text("new_address"))

    async def finish(self, turn: FlowTurn) -> Slots:
        address, key = turn.text("new_address")[:200], turn.key(self.name)
        noted = await connections.orders().change_address(turn.text(NUMBER), turn.text(TAIL), address, key)
        turn.utter("utter_address_changed", order=turn.text(NUMBER), address=noted)
        return {}
