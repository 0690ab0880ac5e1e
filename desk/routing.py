"""Routing: who may take whom, who comes first, and how long it takes; pure functions over the queue and the crew."""

import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from desk.agents import Agent
from desk.conversation import Conversation
from desk.handoff import OfferReason, Waiting
from desk.routing_rules import RoutingRules
from desk.skills import Need

ENOUGH = 5  # measured times, before anything is said about the next


@dataclass(frozen=True)
class Place:
    """One agent now. `offered`: how many conversations are offered to them at this moment."""

    agent: Agent
    present: bool = False
    available: bool = False
    held: int = 0
    offered: int = 0

    @property
    def free(self) -> int:
        """How many more conversations may be given to them."""
        return max(0, self.agent.capacity - self.held - self.offered) if self.takes_new else 0

    @property
    def takes_new(self) -> bool:
        return self.available and self.agent.may("conversations.serve")


@dataclass(frozen=True)
class Crew:
    """All who have an account, by name."""

    places: Mapping[str, Place]
    _someone: dict[Need, bool] = field(default_factory=dict, compare=False, repr=False)

    def agent(self, name: str) -> Agent | None:
        place = self.places.get(name)
        return place.agent if place else None

    def skilled(self, need: Need) -> list[Place]:
        """Those taking customers who can serve this one; when nobody can, all who take customers."""
        working = [place for place in self.places.values() if place.takes_new]
        return [place for place in working if place.agent.skills.cover(need)] or working

    def fits(self, agent: Agent, waiting: Waiting | Conversation) -> bool:
        """What the skills say; a customer for whom nobody here has the skills is everybody's."""
        if not agent.may("conversations.serve"):
            return False
        if agent.skills.cover(waiting.need) or waiting.offered_to == agent.name:
            return True
        return not self._has_skilled(waiting.need)

    def _has_skilled(self, need: Need) -> bool:
        """Asked for every customer and agent at each look: remembered."""
        if need not in self._someone:
            places = self.places.values()
            self._someone[need] = any(place.takes_new and place.agent.skills.cover(need) for place in places)
        return self._someone[need]

    def may_take(self, agent: Agent, waiting: Waiting | Conversation) -> bool:
        """What is in the agent's queue, and may be claimed."""
        return agent.may("conversations.see_all") or self.fits(agent, waiting)


def in_order(agent: Agent, queue: Iterable[Waiting], rules: RoutingRules) -> list[Waiting]:
    """Best first for this agent: who had the customer last comes a head start earlier."""
    own = timedelta(seconds=rules.last_agent)

    def asks_since(waiting: Waiting) -> datetime:
        return waiting.asks_since - own if waiting.last_agent == agent.name else waiting.asks_since

    return sorted(queue, key=lambda waiting: (asks_since(waiting), waiting.position))


def next_for(agent: Agent, queue: Iterable[Waiting], crew: Crew, rules: RoutingRules, now: datetime) -> list[Waiting]:
    """Whom to try, one after the other: what is offered to the agent, then the best of the rest."""
    mine = [waiting for waiting in in_order(agent, queue, rules) if _may_be_given(agent, waiting, crew, now)]
    return sorted(mine, key=lambda waiting: waiting.offer_at(now) is None)


def _may_be_given(agent: Agent, waiting: Waiting, crew: Crew, now: datetime) -> bool:
    offer = waiting.offer_at(now)
    if offer is not None:
        return offer.to == agent.name
    if waiting.transferred_by == agent.name and any(p.agent.name != agent.name for p in crew.skilled(waiting.need)):
        return False  # given away just now, to somebody else
    return crew.fits(agent, waiting)


def best_place(waiting: Waiting, crew: Crew) -> tuple[str, OfferReason] | None:
    """To whom to offer it: who had the customer last, else who has the largest part of their places free."""
    fitting = [
        place for place in crew.skilled(waiting.need) if place.free and place.agent.name != waiting.transferred_by
    ]
    if not fitting:
        return None
    if any(place.agent.name == waiting.last_agent for place in fitting):
        return str(waiting.last_agent), "last_agent"
    least = min(fitting, key=lambda place: (-place.free / place.agent.capacity, place.held, place.agent.name))
    return least.agent.name, "least_busy"


def expected_wait(waiting: Waiting, crew: Crew, handled: Sequence[float], waited: Sequence[float]) -> int | None:
    """Seconds; None when it cannot be said.

    `handled` and `waited` are recent times in seconds. With a free place for this customer it takes as long as it
    took the others lately; else each handling that must end before counts, shared by all places.
    """
    places = crew.skilled(waiting.need)
    all_places = sum(place.agent.capacity for place in places)
    free = sum(place.free for place in places)
    ahead = waiting.position - 1
    if not all_places:
        return None
    if ahead < free:
        return round(statistics.median(waited)) if len(waited) >= ENOUGH else None
    if len(handled) < ENOUGH:
        return None
    return round((ahead - free + 1) * statistics.median(handled) / all_places)


@dataclass(frozen=True)
class Floor:
    """What it looks like at one moment: the queue, next one first; everybody; and who holds which conversation."""

    at: datetime
    queue: Sequence[Waiting]
    crew: Crew
    holders: Mapping[str, str]
