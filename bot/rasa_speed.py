"""What stock Rasa 3.6.21 does slowly at every turn, done once or more plainly, with the same results.

Measured in docs/performance.md. Nothing here changes what a turn answers.
"""
# ruff: noqa: SLF001 - Rasa has no public place for any of this

import json
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

_PREVIOUS_ACTION = "prev_action"

Node = Callable[..., tuple[str, Any]]


def hurry() -> None:
    """Mend Rasa's classes; doing it twice does nothing."""
    _run_nodes_in_order()
    _match_rules_once_read()
    _copy_slots_plainly()


def _run_nodes_in_order() -> None:
    """Stock Rasa has dask plan the same few nodes anew at every run, three times a turn, and formats all inputs for
    a line of debugging that is thrown away."""
    from rasa.engine.exceptions import GraphRunError
    from rasa.engine.runner.dask import DaskGraphRunner

    def run(self: Any, inputs: Mapping[str, Any] | None = None, targets: list[str] | None = None) -> dict[str, Any]:
        wanted = tuple(targets or self._graph_schema.target_names)
        plans = self.__dict__.setdefault("_plans", {})
        if wanted not in plans:
            plans[wanted] = _plan(self._graph_schema.minimal_graph_schema(list(wanted)))
        given = {name: (name, value) for name, value in (inputs or {}).items()}
        try:
            for name, needs in plans[wanted]:
                node: Node = self._instantiated_nodes[name]
                given[name] = node(*(given.get(need, need) for need in needs))
        except RuntimeError as error:
            raise GraphRunError("Error running runner.") from error
        return dict(given[name] for name in wanted)

    DaskGraphRunner.run = run


def _plan(schema: Any) -> list[tuple[str, tuple[str, ...]]]:
    """The nodes with what each needs, every one after those it needs."""
    plan: dict[str, tuple[str, ...]] = {}

    def add(name: str) -> None:
        if name in plan or name not in schema.nodes:
            return
        needs = tuple(schema.nodes[name].needs.values())
        for need in needs:
            add(need)
        plan[name] = needs

    for name in schema.nodes:
        add(name)
    return list(plan.items())


def _match_rules_once_read() -> None:
    """Stock Rasa turns every rule around for every state of the dialogue at every prediction."""
    from rasa.core.policies.rule_policy import RulePolicy

    def possible_keys(self: Any, lookup: dict[str, str], states: list[Any]) -> set[str]:
        latest = _action(states[-1]) if states else None
        possible = _by_latest_action(tuple(lookup)).get(latest, {}) if states else {key: [] for key in lookup}
        for place, state in enumerate(reversed(states)):
            possible = {
                key: rule
                for key, rule in possible.items()
                if place >= len(rule) or _applies(rule[place], state, self._does_rule_match_state)
            }
            if all(len(rule) <= place + 1 for rule in possible.values()):
                break
        return set(possible)

    RulePolicy._get_possible_keys = possible_keys


@lru_cache(maxsize=16)  # a model has a handful of such tables
def _by_latest_action(keys: tuple[str, ...]) -> dict[str | None, dict[str, list[Any]]]:
    """The states of each rule, latest first, by the action that came before the latest: most rules differ there."""
    rules: dict[str | None, dict[str, list[Any]]] = {}
    for key in keys:
        states = json.loads(key)[::-1]
        rules.setdefault(_action(states[0]), {})[key] = states
    return rules


def _action(state: Any) -> str | None:
    previous = state.get(_PREVIOUS_ACTION)
    return previous.get("action_name") if previous else None


def _applies(rule: Any, state: Any, match: Callable[[Any, Any], bool]) -> bool:
    """As Rasa has it: a state has a previous action unless it begins the conversation, and such fit each other."""
    ours, theirs = rule.get(_PREVIOUS_ACTION), state.get(_PREVIOUS_ACTION)
    if not ours or not theirs:
        return not ours and not theirs
    if ours.get("action_name") != theirs.get("action_name"):  # the usual reason, asked first
        return False
    return match(rule, state)


def _copy_slots_plainly() -> None:
    """Stock Rasa copies every slot, with `copy.copy`, for every earlier state of the dialogue."""
    from rasa.shared.core.slots import Slot

    def plain_copy(self: Any) -> Any:
        twin = object.__new__(type(self))
        twin.__dict__.update(self.__dict__)
        return twin

    Slot.__copy__ = plain_copy
