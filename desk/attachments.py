"""An attachment is a picture that a customer sent along."""

import re
from dataclasses import dataclass

from desk.conversation import PARTITIONS
from desk.errors import AttachmentNotFound

MAX_BYTES = 2 * 1024 * 1024

_ATTACHMENT_ID = re.compile(r"a(\d{1,2})-[0-9A-HJKMNP-TV-Z]{26}", re.ASCII)


@dataclass(frozen=True)
class Attachment:
    """`type` is the media type that the door found by content; `owner` the customer's digest."""

    id: str
    type: str
    owner: str
    data: bytes


def partition_of_attachment(attachment_id: str) -> int:
    """The partition that the id carries. Raises AttachmentNotFound for what is no id of ours."""
    found = _ATTACHMENT_ID.fullmatch(attachment_id)
    if not found or int(found[1]) >= PARTITIONS:
        raise AttachmentNotFound(attachment_id[:64])
    return int(found[1])
