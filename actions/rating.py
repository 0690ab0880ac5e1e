"""Rating the service: one to five points, and thanks."""

from actions.flow_turn import FlowTurn
from actions.steps import Slots, Steps

_LOW = 3


class RateService(Steps):
    """Who was not content is offered to say what went wrong."""

    name = "rate_service"

    async def finish(self, turn: FlowTurn) -> Slots:
        low = int(turn.text("rating_score") or 5) <= _LOW
        turn.utter("utter_rating_thanks_low" if low else "utter_rating_thanks")
        return {}
