"""Writes what follows from `bot/flows.yml`: Rasa's slots, forms and rules, the actions' table, a picture of each flow.

`python -m bot.write_flows`; a test fails when what is committed is not what this writes.
"""

from pathlib import Path
from typing import Any

import yaml

from bot import flow_picture
from bot.flows import CHOICE, CONFIRMATION, Flow, Flows, Slot, flows

ROOT = Path(__file__).parents[1]
_HEAD = "# Written by `python -m bot.write_flows` from bot/flows.yml: change that, not this.\n"


def written(defined: Flows) -> dict[str, str]:
    """Each file's path below the root, and its text."""
    return {
        "bot/domain/flows.yml": _HEAD + as_yaml({"version": "3.1", **domain(defined)}),
        "bot/rules/flows.yml": _HEAD + as_yaml({"version": "3.1", "rules": rules(defined)}),
        "actions/flows.yml": _HEAD + as_yaml(table(defined)),
        "docs/flows/README.md": flow_picture.page(defined),
    }


def domain(defined: Flows) -> dict[str, Any]:
    """Entities, slots, forms and actions of the flows."""
    every = list(defined.by_name.values())
    slots = {slot.name: slot for flow in every for slot in flow.slots}
    forms = {flow.form: {"required_slots": [slot.name for slot in flow.slots]} for flow in every}
    return {
        "entities": sorted(name for name, slot in slots.items() if slot.kind != CONFIRMATION),
        "slots": {name: {"type": "any", "mappings": _mappings(slot, defined)} for name, slot in slots.items()},
        "forms": forms,
        "actions": sorted({action for flow in every for action in _actions(flow)}),
    }


def _actions(flow: Flow) -> list[str]:
    asking = [f"action_ask_{slot.name}" for slot in flow.slots if asked_by_action(slot)]
    return [f"validate_{flow.form}", flow.ends_with, *asking]


def asked_by_action(slot: Slot) -> bool:
    """Whether the words depend on what the office knows: a summary, or a choice among what was bought."""
    return slot.kind == CONFIRMATION or (slot.kind == CHOICE and not slot.words)


def _mappings(slot: Slot, defined: Flows) -> list[dict[str, Any]]:
    asking = defined.asking_for(slot.name)
    when_asked = [{"active_loop": flow.form, "requested_slot": slot.name} for flow in asking]
    if slot.kind == CONFIRMATION:
        answers = {"affirm": True, "deny": False}
        return [_from_intent(intent, value, when_asked) for intent, value in answers.items()]
    beginning: dict[str, Any] = {"type": "from_entity", "entity": slot.name, "intent": [flow.name for flow in asking]}
    inside = [{"active_loop": flow.form} for flow in asking]
    mappings = [beginning, {"type": "from_entity", "entity": slot.name, "intent": "inform", "conditions": inside}]
    if slot.name == "order_number":  # said in a question, it need not be said again in the flow that follows
        mappings.append({"type": "from_entity", "entity": slot.name, "conditions": [{"active_loop": None}]})
    if slot.declinable:
        mappings.append(_from_intent("deny", "none", when_asked))
    return mappings


def _from_intent(intent: str, value: Any, conditions: list[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "from_intent", "intent": intent, "value": value, "conditions": conditions}


def rules(defined: Flows) -> list[dict[str, Any]]:
    """How each flow begins, is asked for again, and ends.

    What may interrupt it are the rules of sentences.yml: Rasa comes back to an open form by itself after a rule that
    does not speak of one.
    """
    made = [rule for flow in defined.by_name.values() for rule in _rules(flow)]
    return made + [_article_rule(intent) for intent in defined.articles]


def _rules(flow: Flow) -> list[dict[str, Any]]:
    name, form = flow.name, flow.form
    inside: list[dict[str, Any]] = [{"active_loop": form}]
    opened = [{"action": form}, {"active_loop": form}]
    begins = [{"action": flow.ends_with}] if flow.begins == "action" else opened
    closed = [{"action": form}, {"active_loop": None}, {"slot_was_set": [{"requested_slot": None}]}]
    # Rasa ignores a rule whose first action is the form that is already open: something is said before.
    again = [{"intent": name}, {"action": "utter_going_on"}, *opened]
    return [
        {"rule": f"{name} begins", "steps": [{"intent": name}, *begins]},
        {"rule": f"{name} asked for again", "condition": inside, "steps": again},
        {"rule": f"{name} ends", "condition": inside, "steps": [*closed, {"action": flow.ends_with}]},
    ]


def _article_rule(intent: str) -> dict[str, Any]:
    said = [{"action": "utter_article"}, {"action": "utter_person_beside_article"}]
    return {"rule": f"{intent} is answered, a person offered", "steps": [{"intent": intent}, *said]}


def table(defined: Flows) -> dict[str, Any]:
    """What the actions need to know."""
    return {
        flow.name: {
            "form": flow.form,
            "ends_with": flow.ends_with,
            "slots": {slot.name: slot.kind for slot in flow.slots},
            "choices": {slot.name: list(slot.words) for slot in flow.slots if slot.words},
            "asked_by_action": [slot.name for slot in flow.slots if asked_by_action(slot)],
            "refused": flow.refused,
            "title": flow.title,
        }
        for flow in defined.by_name.values()
    }


class _Plain(yaml.SafeDumper):
    """Says everything in full, without anchors."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - the signature is PyYAML's
        return True


def as_yaml(data: Any) -> str:
    return yaml.dump(data, Dumper=_Plain, allow_unicode=True, sort_keys=False, width=120)


def main() -> None:
    for path, text in written(flows()).items():
        (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / path).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
