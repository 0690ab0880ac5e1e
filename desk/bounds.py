"""How long what people send may be, and which characters cannot be kept."""

from dataclasses import replace

from desk.conversation import Address, Incoming
from desk.errors import TooLong

LONGEST_TEXT = 4000
LONGEST_ID = 200
LONGEST_PAYLOAD = 1000
MOST_ATTACHMENTS = 4


def bounded_text(text: str, longest: int = LONGEST_TEXT) -> str:
    """The text as it can be stored: half a character (a lone surrogate) becomes U+FFFD. Raises TooLong."""
    if len(text) > longest:
        raise TooLong(f"{len(text)} characters, at most {longest}")
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def bounded_id(text: str) -> str:
    return bounded_text(text, LONGEST_ID)


def bounded_incoming(incoming: Incoming) -> Incoming:
    """The same message, fit to be stored. Raises TooLong."""
    if len(incoming.attachments) > MOST_ATTACHMENTS:
        raise TooLong(f"at most {MOST_ATTACHMENTS} attachments")
    address = incoming.address
    return replace(
        incoming,
        address=Address(bounded_id(address.channel), bounded_id(address.account), bounded_id(address.user)),
        message_id=bounded_id(incoming.message_id),
        text=bounded_text(incoming.text),
        payload=bounded_text(incoming.payload, LONGEST_PAYLOAD) if incoming.payload else None,
        language=bounded_id(incoming.language) if incoming.language else None,
        vouched_as=bounded_id(incoming.vouched_as) if incoming.vouched_as else None,
    )
