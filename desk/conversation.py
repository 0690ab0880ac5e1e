"""A conversation is what one customer and we say to each other, from opening to close."""

import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Literal

from desk.errors import ConversationNotFound, TicketNotFound
from desk.skills import Need, need_of

PARTITIONS = 64

State = Literal["bot", "waiting", "person", "closed"]

# What may follow what; the scripts of the store hold the same table (transition.lua).
MAY_BECOME: Mapping[str, frozenset[str]] = {
    "bot": frozenset({"waiting", "person", "closed"}),
    "waiting": frozenset({"person", "bot", "closed"}),
    "person": frozenset({"bot", "waiting", "closed", "person"}),  # taken over by a colleague
    "closed": frozenset(),
}

_CONVERSATION_ID = re.compile(r"c(\d{1,2})-[0-9A-HJKMNP-TV-Z]{26}", re.ASCII)
_TICKET_ID = re.compile(r"T(\d{1,2})-[1-9]\d{0,15}", re.ASCII)


@dataclass(frozen=True)
class Address:
    """Where a customer writes from: channel, account on it, and the user as that channel names it."""

    channel: str
    account: str
    user: str

    @property
    def partition(self) -> int:
        """Fixed for ever: every key of this customer lives there."""
        return zlib.crc32(str(self).encode()) % PARTITIONS

    @property
    def digest(self) -> str:
        """Stands for the customer in keys, so that no key carries an outside id."""
        return sha256(str(self).encode()).hexdigest()[:32]

    def __str__(self) -> str:
        return f"{self.channel}|{self.account}|{self.user}"


@dataclass(frozen=True)
class Incoming:
    """A customer's message as a door hands it in; card numbers are masked before.

    `attachments` are ids that `Desk.save_attachment` gave out for the same address. `vip`: who vouches says so.
    """

    address: Address
    message_id: str
    text: str
    payload: str | None = None
    attachments: Sequence[str] = ()
    language: str | None = None
    vouched_as: str | None = None
    vip: bool = False


@dataclass(frozen=True)
class Receipt:
    """What a door tells the sender: where the message went. `duplicate`: we had it before."""

    conversation: str
    seq: int
    duplicate: bool


@dataclass(frozen=True)
class Conversation:
    """The state of a conversation. `seq` is the number of its last event.

    `dialogue` is what the bot needs for the next turn; None at the start of each bot period,
    when `former_dialogue` is the one that the last period ended with (for its `carry` slots).
    `delivered` is the number of our last message that a channel was sent (0: none, or the channel follows the log).
    `buttons` are those of the bot's last message. `requested_at` is when a person was asked for.
    `category`: what it is about, of the routing table. `last_agent` had this customer last;
    while it waits, `offered_to` is who was to have it.
    """

    id: str
    address: Address
    state: State
    epoch: int
    seq: int
    holder: str | None
    language: str | None
    dialogue: Mapping[str, Any] | None
    buttons: Sequence[Mapping[str, str]]
    opened_at: datetime
    changed_at: datetime
    vouched_as: str | None = None
    former_dialogue: Mapping[str, Any] | None = None
    reason: str | None = None
    requested_at: datetime | None = None
    preview: str = ""
    delivered: int = 0
    category: str | None = None
    vip: bool = False
    last_agent: str | None = None
    offered_to: str | None = None

    @property
    def need(self) -> Need:
        return need_of(self.category, self.language, vip=self.vip)

    @property
    def partition(self) -> int:
        return self.address.partition


def partition_of_conversation(conversation_id: str) -> int:
    """The partition that the id carries. Raises ConversationNotFound for what is no id of ours."""
    found = _CONVERSATION_ID.fullmatch(conversation_id)
    if not found or int(found[1]) >= PARTITIONS:
        raise ConversationNotFound(conversation_id[:64])
    return int(found[1])


def partition_of_ticket(ticket_id: str) -> int:
    """The partition that the id carries. Raises TicketNotFound for what is no id of ours."""
    found = _TICKET_ID.fullmatch(ticket_id)
    if not found or int(found[1]) >= PARTITIONS:
        raise TicketNotFound(ticket_id[:64])
    return int(found[1])
