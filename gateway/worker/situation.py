"""Everything that is known when a turn is decided."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from desk import Conversation, Desk, Duty, Event, Ticket
from desk.times import to_text
from gateway.worker.knowledge import Knowledge, look_back
from gateway.worker.language import language_of
from gateway.worker.slash import as_plain_text
from knowledge_base.client import ArticleMatch, Understanding

_OWN_TICKETS = 3


@dataclass(frozen=True)
class Situation:
    """One message, its conversation, and what desk and knowledge base say. `understanding` None: not to be had.

    A burst is one `message` here (see `joined`); `first_seq` is the number of the first that is in it.
    """

    conversation: Conversation
    message: Event
    first_seq: int
    language: str
    duty: Duty
    tickets: Sequence[Ticket]
    understanding: Understanding | None

    @property
    def is_first_message(self) -> bool:
        """The log opens with the state event, then this message."""
        return self.first_seq <= 2

    def body(self) -> dict[str, Any]:
        """The request to Rasa's channel."""
        conversation = self.conversation
        return {
            "conversation": conversation.id,
            "epoch": conversation.epoch,
            "message_id": self.message.message_id,
            "text": self.message.payload or as_plain_text(self.message.text),
            "language": self.language,
            # After a stay with a person the bot keeps what outlives it: it sees that the epoch is another.
            "dialogue": conversation.dialogue or conversation.former_dialogue,
            "knowledge": _knowledge(self.understanding),
            "vector": _vector(self.understanding),
            "desk": self._desk(),
        }

    def _desk(self) -> Mapping[str, Any]:
        return {
            "open": self.duty.open,
            "reachable": self.duty.reachable,
            "opens_at": to_text(self.duty.opens_at) if self.duty.opens_at else None,
            "tickets": [{"id": ticket.id, "kind": ticket.kind, "state": ticket.state} for ticket in self.tickets],
        }


async def look_around(
    desk: Desk,
    knowledge: Knowledge,
    conversation: Conversation,
    message: Event,
    first_seq: int,
    known: Understanding | None,
) -> Situation:
    """Gather what a turn needs; `known` is the understanding of an earlier try at the same message."""
    language = await language_of(desk, conversation, message)
    duty, tickets, understanding = await asyncio.gather(
        desk.on_duty(),
        desk.tickets_of(conversation.address, _OWN_TICKETS),
        _understand(desk, knowledge, message, first_seq, language, known),
    )
    return Situation(conversation, message, first_seq, language, duty, tickets, understanding)


async def _understand(
    desk: Desk, knowledge: Knowledge, message: Event, first_seq: int, language: str, known: Understanding | None
) -> Understanding | None:
    if known is not None or message.payload or not message.text.strip():
        return known
    return await knowledge.understand(message.text, language, await look_back(desk, message, first_seq))


def _knowledge(understanding: Understanding | None) -> Mapping[str, Any] | None:
    if understanding is None:
        return None
    return {
        "outcome": understanding.outcome,
        "base_version": understanding.base_version,
        "articles": [_told(match) for match in understanding.articles],
        "also": [_told(match) for match in understanding.also],
    }


def _told(match: ArticleMatch) -> Mapping[str, Any]:
    return {
        "id": match.id,
        "version": match.version,
        "confidence": match.confidence,
        "question": match.question,
        "flow": match.flow,
    }


def _vector(understanding: Understanding | None) -> Mapping[str, Any] | None:
    if understanding is None:
        return None
    parts = [{"text": as_plain_text(part.text), "values": part.vector} for part in understanding.parts]
    return {"encoder": understanding.encoder.as_json(), "values": understanding.vector, "parts": parts}
