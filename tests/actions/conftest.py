"""An action as Rasa calls it, with a real office behind."""

from collections.abc import Callable
from typing import Any

import pytest
from rasa_sdk import Tracker

from actions import connections
from tests.office.conftest import Office, office

__all__ = ["office"]

MakeTracker = Callable[..., Tracker]


@pytest.fixture
def tracker() -> MakeTracker:
    """Makes a tracker of slots, entities and the latest text; `said`: what a form is to check."""

    def make(
        text: str = "",
        entities: tuple[dict[str, Any], ...] = (),
        said: dict[str, Any] | None = None,
        form: str | None = None,
        **slots: Any,
    ) -> Tracker:
        message = {"text": text, "entities": list(entities), "intent": {}, "metadata": {"message_id": "m7"}}
        known = {"language": "zh-Hans", "own_tickets": [], **slots, **(said or {})}
        before = [{"event": "slot", "name": name, "value": value} for name, value in slots.items()]
        now = [{"event": "slot", "name": name, "value": value} for name, value in (said or {}).items()]
        events = [*before, {"event": "user", "text": text}, {"event": "action", "name": "form"}, *now]
        loop = {"name": form} if form else {}
        return Tracker("c1-1", known, message, events, False, None, loop, "action_listen")

    return make


@pytest.fixture
async def at_office(office: Office, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The actions ask this office."""
    monkeypatch.setenv("OFFICE_URL", office.url)
    clients = (connections.orders, connections.after_sales, connections.cards)
    for connection in (*clients, connections.knowledge, connections.settings):
        connection.cache_clear()
    yield office
    for client in clients:
        await client().aclose()
        client.cache_clear()
