"""The definitions of the flows, and what is written from them."""

import subprocess
import sys
from typing import Any

import pytest

from bot.flow_picture import mermaid
from bot.flows import KINDS, flows, read
from bot.write_flows import ROOT, written

DEFINED = flows()


@pytest.mark.parametrize("path", sorted(written(DEFINED)))
def test_what_is_committed_is_what_the_definitions_say(path: str) -> None:
    assert (ROOT / path).read_text(encoding="utf-8") == written(DEFINED)[path], "run python -m bot.write_flows"


def test_what_changes_something_outside_is_confirmed_first() -> None:
    for flow in DEFINED.by_name.values():
        confirms = [slot.kind for slot in flow.slots][-1] == "confirmation"
        asked_for_itself = ("urge", "call_back")  # nothing of the order changes; a ticket of the customer's own wish
        assert confirms == bool(flow.changes) or flow.name in asked_for_itself, flow.name


def test_a_slot_is_of_one_kind_in_every_flow() -> None:
    kinds: dict[str, set[str]] = {}
    for flow in DEFINED.by_name.values():
        for slot in flow.slots:
            kinds.setdefault(slot.name, set()).add(slot.kind)
    assert all(len(of_one) == 1 for of_one in kinds.values())
    assert {kind for of_one in kinds.values() for kind in of_one} <= set(KINDS)


def test_only_shared_slots_belong_to_several_flows() -> None:
    several = {s.name for flow in DEFINED.by_name.values() for s in flow.slots if len(DEFINED.asking_for(s.name)) > 1}
    assert several == set(DEFINED.shared)


def definition(**changes: Any) -> dict[str, Any]:
    flow = {"title": {"zh-Hans": "x"}, "named": "x", "form": "f", "slots": {"a": "text"}, "ends_with": "action_x"}
    return {"flows": {"x": {**flow, **changes}}, "articles": {}, "shared": []}


def test_a_mistake_in_a_definition_is_named() -> None:
    with pytest.raises(ValueError, match="unknown kind: number"):
        read(definition(slots={"a": "number"}))
    with pytest.raises(ValueError, match="changes nothing"):
        read(definition(slots={"a": "confirmation"}))


def test_a_picture_shows_every_step_and_where_it_may_lead() -> None:
    drawn = mermaid(DEFINED.by_name["cancel_order"])
    for part in ("order_number", "phone_tail", "-- yes --> done", "-- no --> stopped", "two tries"):
        assert part in drawn


def test_writing_needs_nothing_of_rasa() -> None:
    code = "import sys, bot.write_flows; sys.exit(any(m.split('.')[0] == 'rasa' for m in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
