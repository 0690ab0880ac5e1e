"""What an agent is offered: the best candidates, filled with what is known, none like another."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from desk.assist.editing import kept
from desk.assist.facts import CUSTOMER_NAME, PHONE, PHONE_TAIL, Fact
from desk.assist.filling import fill

AT_MOST = 3
LEAST_CONFIDENCE = 0.13  # below it, more often wrong than it is worth reading
ALIKE = 0.75

# What a bot's article says to customers and a person need not.
_FOR_THE_BOT = re.compile(
    r"[^。！？!?\n]*(?:回复|输入|回覆|輸入)「?(?:转|轉)?人工」?[^。！？!?\n]*[。！？!?]?"
    r'|[^.!?\n]*reply "agent"[^.!?\n]*[.!?]?',
    re.IGNORECASE,
)


class Candidate(Protocol):
    """What the knowledge server offers; see `knowledge_base.suggesting.candidate`."""

    @property
    def kind(self) -> str: ...
    @property
    def id(self) -> str: ...
    @property
    def version(self) -> int: ...
    @property
    def text(self) -> str: ...
    @property
    def confidence(self) -> float: ...


C = TypeVar("C", bound=Candidate)


@dataclass(frozen=True)
class Reply(Generic[C]):
    """A candidate with its text as it may be sent; `missing`: slots that the agent has to fill."""

    candidate: C
    text: str
    missing: tuple[str, ...]

    @property
    def id(self) -> str:
        return f"{self.candidate.kind}:{self.candidate.id}@{self.candidate.version}"


def replies(candidates: Iterable[C], values: Mapping[str, str]) -> list[Reply[C]]:
    """At most three, surest first; nothing that is too unsure, or that says what another says."""
    chosen: list[Reply[C]] = []
    for candidate in sorted(candidates, key=lambda one: one.confidence, reverse=True):
        if candidate.confidence < LEAST_CONFIDENCE or len(chosen) == AT_MOST:
            break
        filled = fill(for_agents(candidate.text) if candidate.kind == "article" else candidate.text, values)
        if candidate.kind == "answered" and filled.missing:  # of another case, which knew more
            continue
        if filled.text and all(kept(one.text, filled.text) < ALIKE for one in chosen):
            chosen.append(Reply(candidate, filled.text, filled.missing))
    return chosen


def values_of(facts: Mapping[str, Fact], agent_name: str) -> dict[str, str]:
    """What slots are filled with."""
    values = {name: fact.value for name, fact in facts.items()} | {"agent_name": agent_name}
    if phone := values.get(PHONE):
        values |= {"phone_masked": f"{phone[:3]}****{phone[-4:]}", PHONE_TAIL: phone[-4:]}
    if (name := values.get(CUSTOMER_NAME)) and len(name) == 1:  # a surname alone is no way to call anybody
        del values[CUSTOMER_NAME]
    return values


def for_agents(text: str) -> str:
    """An article without what only the bot has to say: how to get a person."""
    return re.sub(r"\n{3,}", "\n\n", _FOR_THE_BOT.sub("", text)).strip()
