"""The actions of every flow: the check of its form, its summary, its choices and its end, made from its steps."""

from abc import ABC, abstractmethod
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.flow_table import CONFIRMATION, Flow, flows
from actions.flow_turn import FlowTurn
from actions.guarded import Events, GuardedAction
from actions.leaving import lead_on
from actions.part_names import part_buttons
from actions.registry import steps_of
from actions.steps import Slots, Stop
from office.errors import Locked, NotFound, NotPossible, OfficeUnavailable


class FlowForm(GuardedAction, ABC):
    """Checks what was said in a turn of a flow."""

    @property
    @abstractmethod
    def flow(self) -> Flow:
        """The flow whose form this is."""

    def name(self) -> str:
        return f"validate_{self.flow.form}"

    async def act(self, say: CollectingDispatcher, tracker: Tracker) -> Events:
        turn = FlowTurn(self.flow, tracker, say)
        said = {slot: value for slot, value in tracker.slots_to_validate().items() if slot in self.flow.slots}
        found: Slots = dict.fromkeys(said)  # what was said is worth nothing until it has been checked
        turn.values.update(found)
        try:
            await self._check(turn, said, found)
        except Stop as stop:
            found.update({**stop.slots, "refused": stop.reason, "requested_slot": None})
        return [SlotSet(slot, value) for slot, value in found.items()]

    async def _check(self, turn: FlowTurn, said: Slots, found: Slots) -> None:
        """Puts into `found` the slots to set; raises Stop when there is no going on."""
        steps = steps_of(self.flow.name)
        for slot, value in said.items():
            if value is not None:
                is_answer = self.flow.slots[slot] == CONFIRMATION
                checked = _confirmed(turn, slot, value) if is_answer else await steps.validate(turn, slot, value)
                found.update(checked)
                turn.values.update({name: checked[name] for name in checked if name in self.flow.slots})
        changed = {slot for slot in said if turn.values.get(slot) is not None}
        if changed:
            if turn.tracker.get_slot("disputed"):
                found["disputed"] = None
            found.update(await steps.check(turn, changed))


def _confirmed(turn: FlowTurn, slot: str, value: Any) -> Slots:
    """Yes ends the form; no stops it, or asks what is to be corrected."""
    if value is True:
        return {slot: True}
    if turn.flow.refused == "stop":
        raise Stop("declined")
    return {slot: None, "disputed": True}


class FlowSummary(GuardedAction, ABC):
    """Asks to confirm; or, when the customer disagreed, which part to change."""

    @property
    @abstractmethod
    def flow(self) -> Flow:
        """The flow that asks."""

    def name(self) -> str:
        return f"action_ask_{self.flow.confirmation}"

    async def act(self, say: CollectingDispatcher, tracker: Tracker) -> Events:
        turn = FlowTurn(self.flow, tracker, say)
        if tracker.get_slot("disputed"):
            turn.utter("utter_what_is_wrong", part_buttons(self.flow, turn.language))
            return []
        await steps_of(self.flow.name).summary(turn)
        return []


class FlowChoice(GuardedAction, ABC):
    """Asks to choose among what only the office knows."""

    slot: str

    @property
    @abstractmethod
    def flow(self) -> Flow:
        """The flow that asks."""

    def name(self) -> str:
        return f"action_ask_{self.slot}"

    async def act(self, say: CollectingDispatcher, tracker: Tracker) -> Events:
        turn = FlowTurn(self.flow, tracker, say)
        turn.utter(f"utter_ask_{self.slot}", await steps_of(self.flow.name).choices(turn, self.slot))
        return []


class FlowEnd(GuardedAction, ABC):
    """Ends a flow: it is done, or it is said why not; then on to what else was wished."""

    @property
    @abstractmethod
    def flow(self) -> Flow:
        """The flow that ends."""

    def name(self) -> str:
        return self.flow.ends_with

    async def act(self, say: CollectingDispatcher, tracker: Tracker) -> Events:
        turn, steps = FlowTurn(self.flow, tracker, say), steps_of(self.flow.name)
        kept: Slots = {}
        try:
            if tracker.get_slot("refused"):
                raise Stop(str(tracker.get_slot("refused")))
            begun = steps.begins(turn)
            if begun:
                return begun
            kept = await steps.finish(turn)
        except Stop as stop:
            await steps.tell_refusal(turn, stop.reason)
        except NotPossible as error:
            await steps.tell_refusal(turn, error.reason)
        except NotFound:
            await steps.tell_refusal(turn, "not_found")
        except Locked:
            await steps.tell_refusal(turn, "locked")
        except OfficeUnavailable:
            await steps.tell_refusal(turn, "unavailable")
        forgotten = {**self._private(), "tries": None, "refused": None, "disputed": None}
        return _set(tracker, {**forgotten, **lead_on(turn), **kept})

    def _private(self) -> Slots:
        """The slots of this flow alone: it is over."""
        others = {slot for flow in flows().values() if flow.name != self.flow.name for slot in flow.slots}
        return {slot: None for slot in self.flow.slots if slot not in others}


def _set(tracker: Tracker, slots: Slots) -> Events:
    """The events for what is to change; Rasa checks each event against its schema, which takes its time."""
    known = {slot: tracker.get_slot(slot) for slot in slots}
    return [SlotSet(slot, value) for slot, value in slots.items() if value != known[slot]]


def made() -> list[type[GuardedAction]]:
    """The action classes of all flows."""
    classes: list[type[GuardedAction]] = []
    for flow in flows().values():
        classes += [_class(FlowForm, flow), _class(FlowEnd, flow)]
        if flow.confirmation:
            classes.append(_class(FlowSummary, flow))
        classes += [_class(FlowChoice, flow, slot=s) for s in flow.asked_by_action if s != flow.confirmation]
    return classes


def _class(base: Any, flow: Flow, **more: Any) -> type[GuardedAction]:
    words = "".join(part.capitalize() for part in [*flow.name.split("_"), *more.get("slot", "").split("_")])
    return type(f"{base.__name__}{words}", (base,), {"flow": flow, "__module__": __name__, **more})
