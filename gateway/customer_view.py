"""Events as their customer sees them."""

from collections.abc import Iterable
from typing import Any

from desk import Desk, Event


async def for_customer(desk: Desk, events: Iterable[Event]) -> list[dict[str, Any]]:
    """The events as JSON, with the display names of the agents who wrote them."""
    events = list(events)
    names = {event.author.id for event in events if event.author.role == "agent"}
    shown = {name: await _display_name(desk, name) for name in names}
    return [event.for_customer(shown.get(event.author.id, "")) for event in events]


async def _display_name(desk: Desk, name: str) -> str:
    agent = await desk.agents.agent(name)
    return agent.shown_as if agent else ""
