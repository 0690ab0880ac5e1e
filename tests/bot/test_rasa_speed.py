"""What is done faster than stock Rasa does it gives what stock Rasa gives."""

import json
import random

import pytest
from rasa.core.policies.rule_policy import RulePolicy
from rasa.shared.core.slots import CategoricalSlot, TextSlot

from bot import rasa_speed


class Policy:
    """The part of a RulePolicy that matches rules."""

    _does_rule_match_state = staticmethod(RulePolicy._does_rule_match_state)
    _rule_key_to_state = staticmethod(RulePolicy._rule_key_to_state)
    _is_rule_applicable = RulePolicy._is_rule_applicable


def state(dice: random.Random, rule: bool) -> dict[str, dict[str, str]]:
    found = {"user": {"intent": dice.choice(["greet", "stop"])}, "slots": {}, "active_loop": {}}
    if dice.random() < 0.5:
        found["slots"]["language"] = dice.choice(["en", "zh", "should_not_be_set"] if rule else ["en", "zh"])
    if dice.random() < 0.4:
        found["active_loop"]["name"] = dice.choice(["order_form", "should_not_be_set"] if rule else ["order_form"])
    if dice.random() < 0.8:
        found["prev_action"] = {"action_name": dice.choice(["action_listen", "utter_greet"])}
    return found


@pytest.mark.parametrize("seed", range(40))
def test_the_same_rules_apply(seed):
    dice = random.Random(seed)
    lookup = {json.dumps([state(dice, True) for _ in range(dice.randint(1, 3))]): "utter_greet" for _ in range(60)}
    conversation = [state(dice, False) for _ in range(dice.randint(1, 4))]
    rasa_speed.hurry()
    assert RulePolicy._get_possible_keys(Policy(), lookup, conversation) == stock_keys(Policy(), lookup, conversation)


def stock_keys(policy: Policy, lookup: dict[str, str], states: list[dict]) -> set[str]:
    """Rasa's own: every rule asked about every state."""
    keys = set(lookup)
    for place, one in enumerate(reversed(states)):
        keys = {key for key in keys if policy._is_rule_applicable(key, place, one)}
    return keys


def test_a_copied_slot_is_another_with_the_same_value():
    from copy import copy

    rasa_speed.hurry()
    for slot in (TextSlot("a", [{}]), CategoricalSlot("b", [{}], values=["x", "y"])):
        slot.value = "x"
        twin = copy(slot)
        assert (type(twin), twin.__dict__) == (type(slot), slot.__dict__)
        twin.value = "y"
        assert slot.value == "x"
