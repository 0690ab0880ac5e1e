"""Conversations as agents see them, and which ones they may see."""

from typing import Literal

from pydantic import BaseModel

from desk import Agent, Conversation, ConversationNotFound, Desk
from desk.times import to_text


class ConversationOut(BaseModel):
    id: str
    state: Literal["bot", "waiting", "person", "closed"]
    epoch: int
    holder: str | None
    language: str | None
    seq: int
    opened_at: str
    channel: str
    reason: str | None
    preview: str
    vouched_as: str | None


def conversation_out(conversation: Conversation) -> ConversationOut:
    return ConversationOut(
        id=conversation.id,
        state=conversation.state,
        epoch=conversation.epoch,
        holder=conversation.holder,
        language=conversation.language,
        seq=conversation.seq,
        opened_at=to_text(conversation.opened_at),
        channel=conversation.address.channel,
        reason=conversation.reason,
        preview=conversation.preview,
        vouched_as=conversation.vouched_as,
    )


async def visible(desk: Desk, conversation_id: str, agent: Agent) -> Conversation:
    """A conversation that waits, that the agent holds, or that an open ticket names. Raises ConversationNotFound."""
    conversation = await desk.conversation(conversation_id)
    if conversation.state == "waiting" or conversation.holder == agent.name:
        return conversation
    if conversation.state != "person" and await _has_open_ticket(desk, conversation):
        return conversation
    raise ConversationNotFound(conversation_id)


async def _has_open_ticket(desk: Desk, conversation: Conversation) -> bool:
    tickets = await desk.tickets_of(conversation.address, limit=10)
    return any(ticket.conversation == conversation.id and ticket.state != "done" for ticket in tickets)
