"""Conversations and skills as agents see them, and which conversations they may see."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from desk import Agent, Conversation, ConversationMovedOn, ConversationNotFound, Desk, Skills, UnknownCategory
from desk.times import to_text
from gateway.doors.context import Doors


class SkillsIn(BaseModel):
    """No categories or languages: all of them."""

    categories: Annotated[list[Annotated[str, Field(max_length=64)]], Field(max_length=100)] = []
    languages: Annotated[list[Literal["zh", "en"]], Field(max_length=2)] = []
    vip: bool = True


class SkillsOut(BaseModel):
    categories: list[str]
    languages: list[str]
    vip: bool


class ConversationOut(BaseModel):
    id: str
    state: Literal["bot", "waiting", "person", "closed"]
    epoch: int
    holder: str | None
    display_name: str | None = Field(description="of the holder, when one was chosen")
    language: str | None
    seq: int
    opened_at: str
    changed_at: str
    channel: str
    reason: str | None
    preview: str
    vouched_as: str | None
    category: str | None
    vip: bool


def skills_out(skills: Skills) -> SkillsOut:
    return SkillsOut(**skills.as_dict())


def skills_from_body(body: SkillsIn, doors: Doors) -> Skills:
    """Raises UnknownCategory."""
    unknown = set(body.categories) - set(doors.desk.routing.rules.categories)
    if unknown:
        raise UnknownCategory(", ".join(sorted(unknown)))
    return Skills(tuple(dict.fromkeys(body.categories)), tuple(dict.fromkeys(body.languages)), body.vip)


def conversation_out(conversation: Conversation, holder: Agent | None = None) -> ConversationOut:
    """`holder`: the account of who holds it, if it is known."""
    named = holder is not None and holder.name == conversation.holder
    return ConversationOut(
        id=conversation.id,
        state=conversation.state,
        epoch=conversation.epoch,
        holder=conversation.holder,
        display_name=holder.display_name or None if holder and named else None,
        language=conversation.language,
        seq=conversation.seq,
        opened_at=to_text(conversation.opened_at),
        changed_at=to_text(conversation.changed_at),
        channel=conversation.address.channel,
        reason=conversation.reason,
        preview=conversation.preview,
        vouched_as=conversation.vouched_as,
        category=conversation.category,
        vip=conversation.vip,
    )


async def visible(desk: Desk, conversation_id: str, agent: Agent) -> Conversation:
    """A conversation that waits for the agent's skills, that the agent holds, or that an open ticket names;
    any, with the right to see all. Raises ConversationNotFound.
    """
    conversation = await desk.conversation(conversation_id)
    if agent.may("conversations.see_all"):
        return conversation
    if not agent.may("conversations.serve"):
        raise ConversationNotFound(conversation_id)
    if conversation.holder == agent.name:
        return conversation
    if conversation.state == "waiting" and await desk.routing.may_take(agent, conversation):
        return conversation
    if conversation.state != "person" and await _has_open_ticket(desk, conversation):
        return conversation
    raise ConversationNotFound(conversation_id)


@asynccontextmanager
async def refusing(desk: Desk, conversation_id: str, agent: Agent) -> AsyncIterator[None]:
    """That it moved on is said to those who may see it; to others it is not there. Raises ConversationNotFound.

    Only once it was refused: a message repeated after the conversation was given back still finds its event.
    """
    try:
        yield
    except ConversationMovedOn:
        await visible(desk, conversation_id, agent)
        raise


def is_looking_on(conversation: Conversation, agent: Agent) -> bool:
    """Reads what is a colleague's, or the bot's: that is noted."""
    return conversation.holder != agent.name and conversation.state != "waiting"


async def _has_open_ticket(desk: Desk, conversation: Conversation) -> bool:
    tickets = await desk.tickets_of(conversation.address, limit=10)
    return any(ticket.conversation == conversation.id and ticket.state != "done" for ticket in tickets)
