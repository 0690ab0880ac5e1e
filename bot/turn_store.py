"""The tracker of one request: built from what the worker sent, handed back with what was added; Rasa keeps nothing.

When Rasa runs alone (`shell`, `test`), there is no turn, and trackers live in memory.
"""

from collections.abc import Iterable
from typing import Any

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import InMemoryTrackerStore, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker

from bot import dialogue
from bot.turn import CURRENT


class TurnStore(TrackerStore):
    """A tracker store that keeps nothing between turns."""

    def __init__(self, domain: Domain, event_broker: EventBroker | None = None, **_: Any) -> None:
        super().__init__(domain, event_broker)
        self._alone = InMemoryTrackerStore(domain, event_broker)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        turn = CURRENT.get()
        if turn is None:
            return await self._alone.retrieve(sender_id)
        before = dialogue.begin(turn.input.dialogue, turn.input.epoch)
        return dialogue.to_tracker(sender_id, before, turn.input.slots, self.domain)

    async def save(self, tracker: DialogueStateTracker) -> None:
        turn = CURRENT.get()
        if turn is None:
            await self._alone.save(tracker)
        else:
            turn.dialogue = dialogue.from_tracker(tracker, turn.input.epoch, turn.input.slots)

    async def keys(self) -> Iterable[str]:
        return [] if CURRENT.get() else await self._alone.keys()
