"""The mark of a message of ours that asks for a contact: the next contact written is meant as the answer to it."""

from ulid import ULID

from desk import Desk
from desk.times import Clock
from gateway.worker.contact import contact_in
from gateway.worker.situation import Situation

_PREFIX = "contact-"
_RECENT = 20


def marked_message_id(clock: Clock) -> str:
    """An id for a message that asks for a contact."""
    return f"{_PREFIX}{ULID.from_datetime(clock())}"


async def answers_contact_question(desk: Desk, situation: Situation) -> bool:
    """Whether our last message before this one asked for a contact, and this one has it."""
    message = situation.message
    if message.payload or contact_in(message.text) is None:
        return False
    events = await desk.events(situation.conversation.id, after=max(0, situation.first_seq - _RECENT), limit=_RECENT)
    ours = [
        event
        for event in events
        if event.seq < situation.first_seq and event.type == "message" and event.author.role in ("bot", "system")
    ]
    return bool(ours) and ours[-1].message_id.startswith(_PREFIX)
