"""A lost card is frozen at once: four digits of the card, four of the phone, one yes."""

from actions import connections
from actions.flow_turn import FlowTurn
from actions.steps import Slots, Steps, Stop, count_try
from office.cards import Card
from office.errors import Locked, NotFound, OfficeUnavailable

CARD, TAIL = "card_tail", "card_phone_tail"


class ReportLostCard(Steps):
    name = "report_lost_card"

    async def check(self, turn: FlowTurn, changed: set[str]) -> Slots:
        if not {CARD, TAIL} & changed or not (turn.text(CARD) and turn.text(TAIL)):
            return {}
        try:
            card = await _card(turn)
        except NotFound:
            return count_try(turn, TAIL, "utter_card_not_found", "not_found")
        except Locked as error:
            raise Stop("locked") from error
        except OfficeUnavailable as error:
            raise Stop("unavailable") from error
        if card.state == "frozen":
            raise Stop("already_frozen")
        return {}

    async def summary(self, turn: FlowTurn) -> None:
        turn.utter("utter_card_summary", card=turn.text(CARD))

    async def finish(self, turn: FlowTurn) -> Slots:
        card = await connections.cards().freeze(turn.text(CARD), turn.text(TAIL), turn.key("freeze_card"))
        turn.utter("utter_card_frozen", card=card.tail)
        return {}

    async def tell_refusal(self, turn: FlowTurn, reason: str) -> None:
        if reason in ("not_found", "locked", "unavailable", "given_up"):  # time matters: the hotline freezes too
            turn.utter("utter_card_not_found_again")
        else:
            await super().tell_refusal(turn, reason)


async def _card(turn: FlowTurn) -> Card:
    return await connections.cards().verify(turn.text(CARD), turn.text(TAIL))
