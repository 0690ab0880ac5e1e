"""The words of a summary and what it knows of the bot's flows, from `summary.yml`."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from reading.script import to_traditional

_FILE = Path(__file__).with_name("summary.yml")


@dataclass(frozen=True)
class KnownFlow:
    """A flow of the bot as an agent needs to know it."""

    name: str
    titles: Mapping[str, str]
    form: str
    ends_with: str
    asks: Sequence[str]


@dataclass(frozen=True)
class Wants:
    asks: re.Pattern[str]
    problem: re.Pattern[str]
    tells_nothing: re.Pattern[str]
    longest: int
    whole: int


@dataclass(frozen=True)
class SummaryWords:
    """Titles, labels and sentences in the language of one agent."""

    language: str

    def line(self, sentence: str, **values: str) -> str:
        said = _data()["lines"][self._written][sentence]
        for name, value in values.items():
            said = said.replace(f"{{{name}}}", value)
        return self._in_script(said)

    def name(self, word: str) -> str:
        return self._in_script(_data()["names"][self._written].get(word, word))

    def label(self, slot: str) -> str:
        return self._in_script(_data()["labels"].get(slot, {}).get(self._written, slot))

    def title(self, flow: KnownFlow) -> str:
        return self._in_script(flow.titles[self._written])

    def knows(self, slot: str) -> bool:
        return slot in _data()["labels"]

    @property
    def _written(self) -> str:
        return "en" if self.language == "en" else "zh-Hans"

    def _in_script(self, text: str) -> str:
        return to_traditional(text) if self.language == "zh-Hant" else text


@cache
def known_flows() -> Mapping[str, KnownFlow]:
    return {
        name: KnownFlow(name, flow["title"], flow["form"], flow["ends_with"], tuple(flow["asks"]))
        for name, flow in _data()["flows"].items()
    }


@cache
def wants() -> Wants:
    told = _data()["wants"]
    asks, problem, nothing = (re.compile(told[name], re.IGNORECASE) for name in ("asks", "problem", "tells_nothing"))
    return Wants(asks, problem, nothing, int(told["longest"]), int(told["whole"]))


@cache
def _data() -> Mapping[str, Any]:
    data: Mapping[str, Any] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return data
