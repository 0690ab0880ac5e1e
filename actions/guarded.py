"""An action that never fails silently: whatever it raises becomes words, and a failure that the channel sees."""

import logging
from abc import ABC, abstractmethod
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

logger = logging.getLogger(__name__)

Events = list[dict[str, Any]]


class GuardedAction(Action, ABC):
    """Subclasses say their `name` and what they do in `act`."""

    @abstractmethod
    async def act(self, say: CollectingDispatcher, tracker: Tracker) -> Events:
        """Speak through `say`; returns Rasa events."""

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:  # noqa: ARG002
        try:
            return await self.act(dispatcher, tracker)
        except Exception as error:  # noqa: BLE001 - that is what it is for
            return _tell(self.name(), error, dispatcher)


def _tell(name: str, error: Exception, say: CollectingDispatcher) -> Events:
    logger.error("%s failed", name, exc_info=error)
    say.messages.clear()
    say.utter_message(response="utter_action_failed")
    say.utter_message(json_message={"failure": name})
    return []
