"""An action as Rasa calls it, with a real office behind."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from rasa_sdk import Tracker

from actions import connections
from tests.office.conftest import Office, office

__all__ = ["office"]

MakeTracker = Callable[..., Tracker]


@pytest.fixture
def tracker() -> MakeTracker:
    """Makes a tracker of slots, entities and the latest text."""

    def make(text: str = "", entities: tuple[dict[str, Any], ...] = (), **slots: Any) -> Tracker:
        message = {"text": text, "entities": list(entities), "intent": {}}
        known = {"language": "zh-Hans", "own_tickets": [], **slots}
        return Tracker("c1-1", known, message, [], False, None, {}, "action_listen")

    return make


@pytest.fixture
def at_office(office: Office, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """The actions ask this office."""
    monkeypatch.setenv("OFFICE_URL", office.url)
    for connection in (connections.orders, connections.knowledge, connections.settings):
        connection.cache_clear()
    yield office
    connections.orders.cache_clear()
