"""The dialogue that travels with each message: what Rasa needs to take the next turn, as plain JSON, and the way back.

`{slots, loop, latest_action, events, offers, epoch}`: the slots and the loop are the truth; of what happened, only the
last few events are kept, without slots, times or random ids, so that equal turns leave equal dialogues.
"""

from collections.abc import Iterable
from typing import Any

from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    Event,
    LoopInterrupted,
    Restarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from bot.flows import flows

KEPT_EVENTS = 8
# Slots that live as long as some flow is open.
_OF_ANY_FLOW = ("tries", "refused", "disputed", "next_flow", "next_title", "next_words")
LISTEN = "action_listen"


def begin(dialogue: dict[str, Any] | None, epoch: int) -> dict[str, Any]:
    """The dialogue to go on from: the one given, or a fresh one when the conversation has moved on since.

    Only what the flows share outlives a stay with a person.
    """
    if not dialogue:
        return {"slots": {}, "loop": None, "events": [], "offers": []}
    if dialogue.get("epoch", epoch) == epoch:
        return {"slots": {}, "loop": None, "events": [], "offers": [], **dialogue}
    carried = {name: value for name, value in dialogue.get("slots", {}).items() if name in flows().shared}
    return {"slots": carried, "loop": None, "events": [], "offers": []}


def to_tracker(
    conversation: str, dialogue: dict[str, Any], slots: dict[str, Any], domain: Domain
) -> DialogueStateTracker:
    """A tracker in the state that `dialogue` describes, listening, with `slots` set on top."""
    known = {slot.name for slot in domain.slots}
    values = {**dialogue.get("slots", {}), **slots}
    events: list[Event] = [SlotSet(name, value) for name, value in values.items() if name in known]
    loop = dialogue.get("loop") or {}
    if loop.get("name") in domain.form_names:
        events.append(ActiveLoop(loop["name"]))
    events += [event for kept in dialogue.get("events", []) if (event := _event(kept)) is not None]
    events.append(ActionExecuted(LISTEN))
    if loop.get("rejected"):
        events.append(ActionExecutionRejected(loop["name"]))
    if loop.get("interrupted"):
        events.append(LoopInterrupted(True))
    return DialogueStateTracker.from_events(conversation, events, domain.slots, domain=domain)


def from_tracker(tracker: DialogueStateTracker, epoch: int, unset: Iterable[str]) -> dict[str, Any]:
    """What `tracker` must remember for the next turn; `unset` names slots that the channel sets anew each time."""
    loop = tracker.active_loop
    name = loop.name if loop else None
    paused = _paused(tracker, name)
    left_out = {*unset, "paused_flow"}
    slots = {
        slot: value.value
        for slot, value in sorted(tracker.slots.items())
        if value.value is not None and slot not in left_out and _lives(slot, name, paused)
    }
    if paused:
        slots["paused_flow"] = paused
    flags = {"name": name, "rejected": bool(loop.rejected), "interrupted": bool(loop.is_interrupted)} if loop else None
    return {
        "slots": slots,
        "loop": flags if name else None,
        "latest_action": tracker.latest_action_name,
        "events": _recent(tracker.events),
        "epoch": epoch,
    }


def _lives(slot: str, form: str | None, paused: str | None) -> bool:
    """A flow's slot lives as long as the flow is open or paused; what flows share lives on."""
    known = flows()
    owners = known.asking_for(slot)
    if slot in known.shared or not (owners or slot in _OF_ANY_FLOW):
        return True
    if slot in _OF_ANY_FLOW:
        return form is not None
    return any(flow.form == form or flow.name == paused for flow in owners)


def _paused(tracker: DialogueStateTracker, form: str | None) -> str | None:
    """The flow that another one interrupted, until that has ended and one more message has come."""
    known = flows()
    loops = [event.name for event in tracker.events if isinstance(event, ActiveLoop)]
    before = known.of_form(loops[0]) if loops else None
    intent = tracker.latest_message.intent.get("name") if tracker.latest_message else None
    if intent in _LEAVING or before is None:
        return None
    ended = any(name is None for name in loops) and _ran_to_its_end(tracker, before.ends_with)
    if before.form == form or ended or intent == "ask_person":
        earlier = tracker.get_slot("paused_flow")
        return earlier if earlier in known.by_name and known.by_name[earlier].form != form else None
    return before.name


def _ran_to_its_end(tracker: DialogueStateTracker, action: str) -> bool:
    return any(isinstance(event, ActionExecuted) and event.action_name == action for event in tracker.events)


_LEAVING = ("stop", "restart")


def _recent(events: Iterable[Event]) -> list[dict[str, Any]]:
    """The last few messages and actions, beginning with a message, the closing listen left out."""
    kept: list[dict[str, Any]] = []
    for event in events:
        if isinstance(event, Restarted):
            kept = []
        elif isinstance(event, UserUttered):
            entities = [{key: e[key] for key in ("entity", "value") if key in e} for e in event.entities or []]
            kept.append({"event": "user", "text": event.text, "intent": event.intent_name, "entities": entities})
        elif isinstance(event, ActionExecuted) and event.action_name:
            kept.append({"event": "action", "name": event.action_name})
    while kept and kept[-1] == {"event": "action", "name": LISTEN}:
        kept.pop()
    kept = kept[-KEPT_EVENTS:]
    while kept and kept[0]["event"] != "user":
        kept.pop(0)
    return kept


def _event(kept: dict[str, Any]) -> Event | None:
    if kept.get("event") == "user":
        intent = {"name": kept.get("intent"), "confidence": 1.0}
        return UserUttered(kept.get("text"), intent, list(kept.get("entities", [])))
    if kept.get("event") == "action" and isinstance(kept.get("name"), str):
        return ActionExecuted(kept["name"])
    return None
