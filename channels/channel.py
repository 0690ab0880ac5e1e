"""A channel is one messaging app: what comes from it, what goes to it, and how sending may fail."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Protocol

from pydantic import AfterValidator, BaseModel, StringConstraints

LONGEST_TEXT = 4000
LONGEST_LANGUAGE = 20


class SignatureWrong(Exception):
    """Raised for a message that was not signed by its account, or too long ago. Why is not for the sender to know."""


class Refused(Exception):
    """Raised when the app will never take this message: trying again would be in vain. The text says why."""


class NotSent(Exception):
    """Raised when a message could not be delivered now. `retry_after`: seconds that the app asks us to wait."""

    def __init__(self, reason: str, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


def _printable(value: str) -> str:
    if not value.isprintable():
        raise ValueError("must be printable")
    return value


Id = Annotated[str, StringConstraints(min_length=1, max_length=128), AfterValidator(_printable)]


class Received(BaseModel):
    """A customer's message as an app hands it in."""

    message_id: Id
    user: Id
    text: Annotated[str, StringConstraints(max_length=LONGEST_TEXT)] = ""
    payload: Annotated[str, StringConstraints(max_length=LONGEST_TEXT)] | None = None
    language: Annotated[str, StringConstraints(max_length=LONGEST_LANGUAGE)] | None = None


@dataclass(frozen=True)
class Outgoing:
    """One message to a customer. `id` is the same however often it is sent; `message` is as its customer may see it."""

    id: str
    account: str
    user: str
    message: Mapping[str, Any]


class Channel(Protocol):
    """Sends to the customers of one app; may be used by many at a time."""

    async def send(self, outgoing: Outgoing) -> None:
        """Return when the app has it. Raises Refused, NotSent; ends within seconds."""
