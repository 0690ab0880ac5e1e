"""How a customer can be reached: the latest phone number or e-mail address that they wrote."""

from collections.abc import Sequence

from desk import Event
from reading.normalisation import normalise
from reading.personal_data import EMAIL, MOBILE, find


def find_contact(events: Sequence[Event]) -> str | None:
    """The latest contact in the customer's own messages, in half-width characters."""
    for event in reversed(events):
        if event.type == "message" and event.author.role == "customer":
            contacts = [span for span in find(event.text) if span.kind in (MOBILE, EMAIL)]
            if contacts:
                return normalise(event.text[contacts[-1].start : contacts[-1].end])
    return None


def tail(contact: str, length: int = 4) -> str:
    """The last characters of a contact without blanks and marks, in lower case: what a customer can repeat."""
    letters = "".join(character for character in normalise(contact).casefold() if character.isalnum())
    return letters[-length:]
