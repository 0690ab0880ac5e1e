"""Returns and exchanges: which item, why, on what conditions; then a number to send it with."""

from typing import Any, ClassVar

from actions import connections
from actions.flow_turn import Button, FlowTurn
from actions.order_steps import NUMBER, TAIL, OrderSteps
from actions.steps import Slots, count_try
from actions.words import words
from office.after_sales import EXCHANGE, RETURN
from office.orders import Item, Order

_OUR_FAULT = ("quality", "wrong_item")


class SendingBack(OrderSteps):
    """What a return and an exchange have in common."""

    item: ClassVar[str]
    reason: ClassVar[str]
    kind: ClassVar[str]
    summary_words: ClassVar[str]
    done_words: ClassVar[str]

    async def validate(self, turn: FlowTurn, slot: str, said: Any) -> Slots:
        if slot != self.item:
            return await super().validate(turn, slot, said)
        order = await turn.order() if turn.text(NUMBER) and turn.text(TAIL) else None
        meant = _meant(str(said), order.items) if order else None
        return {slot: meant.id} if meant else count_try(turn, slot, "utter_item_invalid", "given_up")

    async def check_order(self, turn: FlowTurn, order: Order) -> Slots:  # noqa: ARG002 - as in every flow
        """Of one item there is nothing to ask; another order has other items."""
        return {self.item: order.items[0].id if len(order.items) == 1 else None}

    async def choices(self, turn: FlowTurn, slot: str) -> list[Button]:
        order = await turn.order()
        buttons = [{"title": item.name, "payload": f'/inform{{"{slot}":"{item.id}"}}'} for item in order.items]
        return [*buttons, {"title": words(turn.language)["stop"], "payload": "/stop"}]

    async def summary(self, turn: FlowTurn) -> None:
        chosen, reason = words(turn.language), turn.text(self.reason)
        postage = chosen["postage_free"] if reason in _OUR_FAULT else chosen["postage_own"]
        order = await turn.order()
        name = next((item.name for item in order.items if item.id == turn.text(self.item)), "")
        told = chosen["reasons"].get(reason, reason)
        turn.utter(self.summary_words, order=order.number, item=name, reason=told, postage=postage)

    async def finish(self, turn: FlowTurn) -> Slots:
        done = await connections.after_sales().send_back(
            turn.text(NUMBER),
            turn.text(TAIL),
            self.kind,
            turn.text(self.item),
            turn.text(self.reason)[:200],
            turn.key(self.name),
        )
        turn.utter(self.done_words, number=done.number, send_by=turn.time(done.send_by))
        return {}


class ReturnGoods(SendingBack):
    name = "return_goods"
    needs = "return"
    refusals: ClassVar = {"too_late": "utter_return_too_late"}
    item, reason, kind = "return_item", "return_reason", RETURN
    summary_words, done_words = "utter_return_summary", "utter_return_opened"


class ExchangeGoods(SendingBack):
    name = "exchange_goods"
    needs = "exchange"
    refusals: ClassVar = {"too_late": "utter_exchange_too_late"}
    item, reason, kind = "exchange_item", "exchange_reason", EXCHANGE
    summary_words, done_words = "utter_exchange_summary", "utter_exchange_opened"


def _meant(said: str, items: tuple[Item, ...]) -> Item | None:
    """The item whose id it is, or the one whose name has most in common with what was said."""
    by_id = next((item for item in items if item.id == said.strip()), None)
    if by_id:
        return by_id
    shared = {item: len(_pairs(item.name) & _pairs(said)) for item in items}
    most = max(shared.values(), default=0)
    named = [item for item, count in shared.items() if count == most > 0]
    return named[0] if len(named) == 1 else None


def _pairs(text: str) -> set[str]:
    """Each two neighbouring characters: enough to tell a few names apart."""
    plain = "".join(text.casefold().split())
    return {plain[place : place + 2] for place in range(len(plain) - 1)}
