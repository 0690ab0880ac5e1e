"""How a ticket stands, told to its own customer, or to one who knows the contact that was left."""

from desk import Desk, Ticket, TicketNotFound
from gateway.worker.answer import TicketQuestion
from gateway.worker.contact import tail
from gateway.worker.situation import Situation
from gateway.worker.words import Words

_ATTEMPTS, _WITHIN_SECONDS = 5, 3600
_OWN = 50


class TicketStatus:
    """Answers questions about tickets; wrong numbers and wrong tails sound the same."""

    def __init__(self, desk: Desk, words: Words) -> None:
        self._desk = desk
        self._words = words

    async def tell(self, question: TicketQuestion, situation: Situation) -> str:
        language = situation.language
        wanted = question.ticket.strip().upper()
        own = {ticket.id: ticket for ticket in await self._desk.tickets_of(situation.conversation.address, _OWN)}
        if wanted in own:
            return self._state(own[wanted], language)
        if not await self._may_try(wanted, situation):
            return self._words.say("ticket_too_many", language)
        ticket = await self._other(wanted, question.contact_tail)
        return self._state(ticket, language) if ticket else self._words.say("ticket_not_found", language)

    async def _may_try(self, ticket: str, situation: Situation) -> bool:
        """Five tries an hour for one customer, and for one ticket from wherever they come."""
        keys = (f"ticket-status:by:{situation.conversation.address.digest}", f"ticket-status:of:{ticket[:24]}")
        tries = [await self._desk.count_attempt(key, _ATTEMPTS, _WITHIN_SECONDS) for key in keys]
        return all(tries)

    async def _other(self, ticket_id: str, contact_tail: str | None) -> Ticket | None:
        if contact_tail is None or len(tail(contact_tail)) < 4:
            return None
        try:
            ticket = await self._desk.ticket(ticket_id)
        except TicketNotFound:
            return None
        contact = ticket.fields.get("contact")
        return ticket if contact and tail(str(contact)) == tail(contact_tail) else None

    def _state(self, ticket: Ticket, language: str) -> str:
        kind = self._words.say(f"ticket_kind.{ticket.kind}", language)
        state = self._words.say(f"ticket_state.{ticket.state}", language)
        text = self._words.say("ticket_status", language, ticket=ticket.id, kind=kind, state=state)
        if ticket.state == "done":
            return text
        due = self._words.say("ticket_due", language, moment=self._words.moment(ticket.due_at, language))
        return f"{text}\n{due}"
