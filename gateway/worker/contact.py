"""How a customer can be reached: the phone numbers and e-mail addresses that they wrote."""

from collections.abc import Iterable, Sequence

from desk import Event
from reading.normalisation import normalise
from reading.personal_data import EMAIL, MOBILE, find


def contact_in(text: str) -> str | None:
    """The last phone number or e-mail address in `text`, in half-width characters."""
    contacts = [span for span in find(text) if span.kind in (MOBILE, EMAIL)]
    return normalise(text[contacts[-1].start : contacts[-1].end]) if contacts else None


def latest_contact(texts: Sequence[str]) -> str | None:
    """The latest contact in texts that are in order."""
    return next((contact for contact in map(contact_in, reversed(texts)) if contact), None)


def customer_texts(events: Iterable[Event]) -> list[str]:
    """What the customer wrote, in order."""
    return [event.text for event in events if event.type == "message" and event.author.role == "customer"]


def tail(contact: str, length: int = 4) -> str:
    """The last characters of a contact without blanks and marks, in lower case: what a customer can repeat."""
    letters = "".join(character for character in normalise(contact).casefold() if character.isalnum())
    return letters[-length:]
