"""The flows as the actions know them, from `flows.yml`: which slots of which kind, in which order."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

_PATH = Path(__file__).with_name("flows.yml")
CONFIRMATION = "confirmation"


@dataclass(frozen=True)
class Flow:
    """One flow: `slots` with their kinds in order, `choices` of those that have fixed ones."""

    name: str
    form: str
    ends_with: str
    slots: Mapping[str, str]
    choices: Mapping[str, list[str]]
    asked_by_action: list[str]
    refused: str
    title: Mapping[str, str]

    @property
    def confirmation(self) -> str | None:
        return next((slot for slot, kind in self.slots.items() if kind == CONFIRMATION), None)

    def told(self, language: str | None) -> str:
        """Its title in the customer's language."""
        return self.title["en" if language == "en" else "zh-Hans"]


@lru_cache(maxsize=1)
def flows() -> Mapping[str, Flow]:
    """Every flow by name."""
    table = yaml.safe_load(_PATH.read_text(encoding="utf-8"))
    return {name: Flow(name=name, **given) for name, given in table.items()}


def flow_of_form(form: str | None) -> Flow | None:
    return next((flow for flow in flows().values() if flow.form == form), None)
