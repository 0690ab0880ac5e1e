"""The agents' door: read a conversation, and answer."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field

from gateway.doors.agent_identity import AgentAtConversation, own_page_only
from gateway.doors.agent_view import ConversationOut, conversation_out, is_looking_on, refusing, visible
from gateway.doors.assist_check import AgentsLanguage, Confirmed, must_be_fine, note_confirmed
from gateway.doors.assist_suggestions import Chosen, Suggestions, answered, suggestions_for
from gateway.doors.context import TheDoors
from gateway.doors.customers import EventOut
from gateway.doors.declared import problems
from gateway.doors.texts import MessageId, Name, Text, clean
from gateway.problems import DoorError

router = APIRouter(prefix="/v1/conversations/{conversation_id}", tags=["agents"], dependencies=[Depends(own_page_only)])

_WRITE = problems(400, 401, 403, 404, 409, 413, 422)

Epoch = Annotated[int, Field(ge=0, le=2**53)]


class AtEpoch(BaseModel):
    epoch: Epoch


class ArticleRef(BaseModel):
    """The article that the reply was taken from."""

    id: Name
    version: Annotated[int, Field(ge=0, le=2**53)]
    title: Annotated[str, Field(max_length=300)] = ""
    category: Annotated[str, Field(max_length=100)] = ""


class AgentMessage(AtEpoch):
    message_id: MessageId
    text: Annotated[Text, Field(min_length=1)]
    article: ArticleRef | None = None
    suggestion: Annotated[Chosen | None, Field(description="the one that the text was made from")] = None
    confirm: Annotated[Confirmed | None, Field(description="for what POST .../check would stop")] = None


class Transcript(BaseModel):
    conversation: ConversationOut
    events: list[EventOut]


class Said(BaseModel):
    conversation: str
    seq: int


@router.get("", responses=problems(401, 404, 422))
async def read(
    conversation_id: str,
    agent: AgentAtConversation,
    doors: TheDoors,
    after: Annotated[int, Query(ge=0, le=2**53)] = 0,
) -> Transcript:
    """A conversation that waits for the caller's skills, that the caller holds, or that an open ticket names; any,
    with the right to see all. 1,000 events at most.
    """
    conversation = await visible(doors.desk, conversation_id, agent)
    if is_looking_on(conversation, agent) and after == 0:
        await doors.desk.audit.note(agent.name, "read", conversation=conversation_id)
    events: list[Any] = [event.as_dict() for event in await doors.desk.events(conversation_id, after, limit=1000)]
    holder = await doors.desk.agents.agent(conversation.holder) if conversation.holder else None
    return Transcript(conversation=conversation_out(conversation, holder), events=events)


@router.post("/messages", status_code=202, responses=_WRITE)
async def say(
    conversation_id: str,
    body: AgentMessage,
    agent: AgentAtConversation,
    doors: TheDoors,
    language: AgentsLanguage = None,
) -> Said:
    """Answer the customer. The same `message_id` again is the same message. What the rules stop goes out only with
    `confirm`: 422 `confirmation_needed` says which rules.
    """
    text = clean(body.text)
    if not text:
        raise DoorError("empty_message")
    conversation = await doors.desk.conversation(conversation_id)
    overridden: list[str] = []
    if conversation.holder == agent.name:  # everybody else is refused by the desk
        overridden = await must_be_fine(doors, conversation, body.text, body.confirm, language)
    article = body.article.model_dump() if body.article else None
    async with refusing(doors.desk, conversation_id, agent):
        event = await doors.desk.say(conversation_id, agent.name, body.epoch, body.message_id, text, article)
    await note_confirmed(doors, agent, conversation_id, overridden, body.confirm)
    doors.assist.later(answered(doors, conversation_id, text, body.suggestion), "answered")
    return Said(conversation=conversation_id, seq=event.seq)


@router.get("/suggestions", responses=problems(401, 403, 404))
async def suggestions(conversation_id: str, agent: AgentAtConversation, doors: TheDoors) -> Suggestions:
    """The same as /v1/agent/conversations/{id}/suggestions."""
    return await suggestions_for(doors, await visible(doors.desk, conversation_id, agent), agent)
