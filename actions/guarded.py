"""An action that never fails silently: whatever it raises becomes words, and a failure that the channel sees."""

import logging
from abc import ABC, abstractmethod
from typing import Any

from rasa_sdk import Action, FormValidationAction, Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import ActionExecutionRejection

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


class GuardedForm(FormValidationAction, ABC):
    """Validates the slots of a form; a method `validate_<slot>` returns the slots to set."""

    @abstractmethod
    def name(self) -> str:
        """`validate_` and the form's name."""

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        try:
            return list(await super().run(dispatcher, tracker, domain))
        except ActionExecutionRejection:
            raise
        except Exception as error:  # noqa: BLE001 - that is what it is for
            return _tell(self.name(), error, dispatcher)


def _tell(name: str, error: Exception, say: CollectingDispatcher) -> Events:
    logger.error("%s failed", name, exc_info=error)
    say.messages.clear()
    say.utter_message(response="utter_action_failed")
    say.utter_message(json_message={"failure": name})
    return []
