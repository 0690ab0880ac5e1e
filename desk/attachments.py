"""An attachment is a picture that a customer sent along."""

from dataclasses import dataclass

MAX_BYTES = 2 * 1024 * 1024


@dataclass(frozen=True)
class Attachment:
    """`type` is the media type that the door found by content; `owner` the customer's digest."""

    id: str
    type: str
    owner: str
    data: bytes
