"""One turn of a flow: what was said so far, the words to say, and the key that makes a write harmless twice."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import connections
from actions.flow_table import Flow
from actions.words import told_time
from office.orders import Order

Button = Mapping[str, str]


def utc_now() -> datetime:
    return datetime.now(timezone.utc)


class NoMessageId(Exception):
    """Raised when a write is wanted in a turn whose message has no id: it could not be repeated safely."""


@dataclass
class FlowTurn:
    """The flow, the tracker, and the values as they are after this turn's validation."""

    flow: Flow
    tracker: Tracker
    say: CollectingDispatcher
    values: dict[str, Any] = field(default_factory=dict)
    clock: Callable[[], datetime] = utc_now

    def __post_init__(self) -> None:
        given = {slot: self.tracker.get_slot(slot) for slot in self.flow.slots}
        self.values = {**given, **self.values}

    @property
    def language(self) -> str | None:
        return str(self.tracker.get_slot("language") or "zh-Hans")

    def text(self, slot: str) -> str:
        return str(self.values.get(slot) or "")

    def utter(self, response: str, buttons: Sequence[Button] = (), **values: Any) -> None:
        self.say.utter_message(response=response, buttons=[dict(button) for button in buttons], **values)

    def time(self, written: str) -> str:
        """A moment of the office as the customer reads it."""
        return told_time(written, self.language, connections.settings().time_zone)

    def now(self) -> str:
        """This moment as the office writes times: in this form they compare as texts."""
        return self.clock().astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.000Z")

    def key(self, command: str) -> str:
        """The idempotency key of `command` in this turn: the same when the turn is repeated."""
        message_id = (self.tracker.latest_message.get("metadata") or {}).get("message_id")
        if not message_id:
            raise NoMessageId(command)
        return f"{message_id}:{command}"

    async def order(self) -> Order:
        """The order that the flow is about; raises as `OrderOffice.verify`."""
        return await connections.orders().verify(self.text("order_number"), self.text("phone_tail"))
