"""A customer takes something back: the part they name is forgotten, and the form asks for it again."""

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.flow_table import CONFIRMATION, Flow, flow_of_form
from actions.guarded import Events, GuardedAction
from actions.part_names import named_part


class ActionCorrect(GuardedAction):
    """Forgets the part that a button or the words name; asks which when they do not say."""

    def name(self) -> str:
        return "action_correct"

    async def act(self, say: CollectingDispatcher, tracker: Tracker) -> Events:
        flow = flow_of_form(tracker.active_loop_name)
        if flow is None:
            say.utter_message(response="utter_anything_else")
            return []
        part = _part(flow, tracker)
        if part is None:
            return [SlotSet("disputed", True)]
        return [SlotSet(slot, None) for slot in (part, *_follows(flow, part), "disputed")]


def _part(flow: Flow, tracker: Tracker) -> str | None:
    """The slot that is meant; without a name, what was said last, or (once all is told) nothing in particular."""
    button = next(iter(tracker.get_latest_entity_values("part")), None)
    if button in flow.slots:
        return str(button)
    named = named_part(flow, tracker.latest_message.get("text") or "")
    if named or tracker.get_slot("requested_slot") == flow.confirmation:
        return named
    told = [slot for slot in flow.slots if tracker.get_slot(slot) is not None and flow.slots[slot] != CONFIRMATION]
    return told[-1] if told else next(iter(flow.slots))


def _follows(flow: Flow, part: str) -> list[str]:
    """What is only right together with `part`: the tail of an order, the item of an order, a company's number."""
    groups = {
        "order_number": ("return_item", "exchange_item"),
        "card_tail": ("card_phone_tail",),
        "invoice_kind": ("invoice_company", "invoice_tax_number"),
    }
    return [slot for slot in groups.get(part, ()) if slot in flow.slots]
