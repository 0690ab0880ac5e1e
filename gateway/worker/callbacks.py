"""Call-backs: how a customer whom nobody can serve now is asked for a contact, and what is booked with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from desk import Desk, Duty, Event, Ticket
from gateway.worker.contact import contact_in, customer_texts, latest_contact
from gateway.worker.words import Words

_RECENT = 40
_DUE_HOURS = 24
_LONGER_THAN_A_CONTACT = 30


@dataclass(frozen=True)
class Offer:
    """A sentence about calling back. `asks`: it asks for a contact; `command`: it books the call-back."""

    sentence: str
    command: Mapping[str, Any] | None = None
    asks: bool = False

    @property
    def commands(self) -> Sequence[Mapping[str, Any]]:
        return [self.command] if self.command else []


class Callbacks:
    """Decides what to offer; the turn or step that says it books it in the same moment."""

    def __init__(self, desk: Desk, words: Words) -> None:
        self._desk = desk
        self._words = words

    async def offer(self, conversation_id: str, seq: int, language: str, tickets: Sequence[Ticket]) -> Offer:
        """Book if the customer wrote a contact in this conversation, up to event `seq`; else ask for one."""
        booked = next((t for t in tickets if t.kind == "callback" and t.state != "done"), None)
        if booked is not None:
            return Offer(self._words.say("callback_known", language, ticket=booked.id))
        texts = customer_texts(await self._recent(conversation_id, seq))
        contact = latest_contact(texts)
        if contact is None:
            return Offer(self._words.say("leave_contact", language), asks=True)
        return self._book(contact, _summary(texts), language)

    def _book(self, contact: str, summary: str, language: str) -> Offer:
        fields = {"contact": contact, "summary": summary[:500]}
        command = {"command": "ticket.open", "kind": "callback", "fields": fields, "due_hours": _DUE_HOURS}
        return Offer(self._words.say("callback_opened", language, ticket="{ticket}"), command)

    def opening(self, duty: Duty, language: str) -> str:
        """When people are back, as the end of a sentence."""
        if duty.opens_at is None:
            return self._words.say("opens_unknown", language)
        return self._words.say("opens_at", language, moment=self._words.moment(duty.opens_at, language))

    async def _recent(self, conversation_id: str, seq: int) -> list[Event]:
        events = await self._desk.events(conversation_id, after=max(0, seq - _RECENT), limit=_RECENT)
        return [event for event in events if event.seq <= seq]


def _summary(texts: Sequence[str]) -> str:
    """What the customer said last, rather than the message that only gave the contact."""
    telling = [text for text in texts if len(text) > _LONGER_THAN_A_CONTACT or contact_in(text) is None]
    return (telling or texts or [""])[-1]
