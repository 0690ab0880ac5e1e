"""A parcel is one message of ours, addressed and in the shape in which its channel is sent it."""

from dataclasses import dataclass

from channels import Outgoing
from desk import Address, ConversationNotFound, Desk, Event, OutboxEntry
from gateway.customer_view import for_customer


@dataclass(frozen=True)
class Parcel:
    """`message_id` is that of the event."""

    to: Address
    message_id: str
    outgoing: Outgoing


async def parcel_of(desk: Desk, entry: OutboxEntry) -> Parcel | None:
    """What an entry of the outbox points to; None when it is there no more."""
    try:
        to = (await desk.conversation(entry.conversation)).address
        events = await desk.events(entry.conversation, after=entry.seq - 1, limit=1)
    except ConversationNotFound:
        return None
    if not events or events[0].seq != entry.seq:
        return None
    [message] = await for_customer(desk, events)
    return Parcel(to, events[0].message_id, Outgoing(_parcel_id(events[0]), to.account, to.user, message))


def _parcel_id(event: Event) -> str:
    """The message's own id, where we made it; an agent's page may have chosen one that another conversation has too."""
    return f"{event.conversation}.{event.seq}" if event.author.role == "agent" else event.message_id
