"""Rating the service: one to five points, what was said besides, and thanks."""

import re

from actions.flow_turn import FlowTurn
from actions.slot_values import words
from actions.steps import Slots, Steps

_LOW = 3
_ONLY_A_SCORE = re.compile(
    r"^(?:我|你|您|们|們|给|給|打|评|評|就|那|选|選|这次|這次|服务|服務|i|give|you|it|a|\W)*[1-5一二两三四五满滿]"
    r"(?:个|颗|顆|分|星|points?|stars?|out of (?:5|five)|好评|好評|差评|差評|吧|了|啦|哦|\W)*$",
    re.IGNORECASE,
)


class RateService(Steps):
    """Who was not content is offered to say what went wrong."""

    name = "rate_service"

    async def finish(self, turn: FlowTurn) -> Slots:
        score = int(turn.text("rating_score"))
        turn.utter("utter_rating_thanks_low" if score <= _LOW else "utter_rating_thanks")
        command = {"command": "rating.give", "score": score, "comment": comment_in(words(_said(turn)))}
        turn.say.utter_message(json_message=command)
        return {}


def comment_in(text: str) -> str:
    """The words in which the score was given, when they say more than the score; a button says nothing more."""
    return "" if text.startswith("/") or _ONLY_A_SCORE.match(text) else text


def _said(turn: FlowTurn) -> str:
    return str(turn.tracker.latest_message.get("text") or "")
