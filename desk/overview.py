"""The overview: what a supervisor sees at one look; pure functions over what the desk knows."""

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from desk.agents import Agent
from desk.conversation import Conversation
from desk.routing import Floor, Place
from desk.store.stats import Measured
from desk.ticket import Ticket

DUE_SOON = timedelta(hours=2)


@dataclass(frozen=True)
class Times:
    """How long something took lately; figures are None when nothing was measured. `within`: a fraction."""

    count: int
    median: float | None
    p90: float | None
    within: float | None = None


@dataclass(frozen=True)
class Manned:
    """An agent, and what they hold, longest first."""

    place: Place
    holds: Sequence[Conversation]

    @property
    def state(self) -> str:
        if not self.place.present:
            return "gone"
        return "available" if self.place.available else "away"


@dataclass(frozen=True)
class Complaints:
    """Those not done, soonest due first."""

    tickets: Sequence[Ticket]
    at: datetime

    @property
    def overdue(self) -> int:
        return sum(ticket.due_at <= self.at for ticket in self.tickets)

    @property
    def due_soon(self) -> int:
        return sum(self.at < ticket.due_at <= self.at + DUE_SOON for ticket in self.tickets)


def times_of(measured: Iterable[Measured], target: float | None = None) -> Times:
    """`target` in seconds: how many of them were within it."""
    seconds = sorted(one.seconds for one in measured)
    if not seconds:
        return Times(0, None, None)
    p90 = seconds[min(len(seconds) - 1, int(len(seconds) * 0.9))]
    within = sum(one <= target for one in seconds) / len(seconds) if target is not None else None
    return Times(len(seconds), statistics.median(seconds), p90, within)


def times_by_agent(measured: Sequence[Measured]) -> dict[str, Times]:
    """By name."""
    names = sorted({one.agent for one in measured})
    return {name: times_of(one for one in measured if one.agent == name) for name in names}


def manned(floor: Floor, held: Sequence[Conversation]) -> list[Manned]:
    """Who serves customers and is here, or still holds something; those who take customers first."""
    shown = []
    for place in floor.crew.places.values():
        holds = sorted((one for one in held if one.holder == place.agent.name), key=lambda one: one.changed_at)
        if holds or (place.present and place.agent.may("conversations.serve")):
            shown.append(Manned(place, holds))
    return sorted(shown, key=lambda one: (not one.place.available, not one.place.present, _by_number(one.place.agent)))


def _by_number(agent: Agent) -> tuple[int, str]:
    return agent.number, agent.name
