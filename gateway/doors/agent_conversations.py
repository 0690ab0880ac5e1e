"""The agents' door: read a conversation, take it, answer, give it back, close it."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field

from desk import ConversationNotFound, Desk
from gateway.doors.agent_identity import SignedInAgent, own_page_only
from gateway.doors.agent_view import ConversationOut, conversation_out, visible
from gateway.doors.context import TheDoors
from gateway.doors.customers import EventOut
from gateway.doors.declared import problems
from gateway.doors.suggestions import Suggestions, suggestions_for
from gateway.doors.texts import MessageId, Name, Text, clean
from gateway.problems import DoorError

router = APIRouter(prefix="/v1/conversations/{conversation_id}", tags=["agents"], dependencies=[Depends(own_page_only)])

_WRITE = problems(400, 401, 403, 404, 409, 413, 422)

Epoch = Annotated[int, Field(ge=0, le=2**53)]


class AtEpoch(BaseModel):
    epoch: Epoch


class Claim(BaseModel):
    epoch: Epoch | None = None


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


class Transcript(BaseModel):
    conversation: ConversationOut
    events: list[EventOut]


class Said(BaseModel):
    conversation: str
    seq: int


@router.get("", responses=problems(401, 404, 422))
async def read(
    conversation_id: str,
    agent: SignedInAgent,
    doors: TheDoors,
    after: Annotated[int, Query(ge=0, le=2**53)] = 0,
) -> Transcript:
    """A conversation that waits, that the caller holds, or that an open ticket names; 1,000 events at most."""
    conversation = await visible(doors.desk, conversation_id, agent)
    events: list[Any] = [event.as_dict() for event in await doors.desk.events(conversation_id, after, limit=1000)]
    return Transcript(conversation=conversation_out(conversation), events=events)


@router.post("/claim", responses=_WRITE)
async def claim(
    conversation_id: str, agent: SignedInAgent, doors: TheDoors, body: Claim | None = None
) -> ConversationOut:
    """Take a waiting conversation; 409 names the colleague who was faster."""
    await _not_with_the_bot(doors.desk, conversation_id)
    return conversation_out(await doors.desk.claim(conversation_id, agent.name, body.epoch if body else None))


@router.post("/release", responses=_WRITE)
async def release(conversation_id: str, body: AtEpoch, agent: SignedInAgent, doors: TheDoors) -> ConversationOut:
    """Give it back to the bot."""
    return conversation_out(await doors.desk.release(conversation_id, agent.name, body.epoch))


@router.post("/transfer", responses=_WRITE)
async def transfer(conversation_id: str, body: AtEpoch, agent: SignedInAgent, doors: TheDoors) -> ConversationOut:
    """Put it at the front of the queue for a colleague."""
    return conversation_out(await doors.desk.transfer(conversation_id, agent.name, body.epoch))


@router.post("/close", responses=_WRITE)
async def close(conversation_id: str, body: AtEpoch, agent: SignedInAgent, doors: TheDoors) -> ConversationOut:
    """Close it; the customer's next message opens a new one."""
    await _not_with_the_bot(doors.desk, conversation_id)
    return conversation_out(await doors.desk.close(conversation_id, agent.name, body.epoch))


@router.post("/messages", status_code=202, responses=_WRITE)
async def say(conversation_id: str, body: AgentMessage, agent: SignedInAgent, doors: TheDoors) -> Said:
    """Answer the customer. The same `message_id` again is the same message."""
    text = clean(body.text)
    if not text:
        raise DoorError("empty_message")
    article = body.article.model_dump() if body.article else None
    event = await doors.desk.say(conversation_id, agent.name, body.epoch, body.message_id, text, article)
    return Said(conversation=conversation_id, seq=event.seq)


@router.get("/suggestions", responses=problems(401, 404))
async def suggestions(conversation_id: str, agent: SignedInAgent, doors: TheDoors) -> Suggestions:
    """Up to three replies to what the customer wrote last."""
    conversation = await visible(doors.desk, conversation_id, agent)
    return await suggestions_for(doors, conversation)


async def _not_with_the_bot(desk: Desk, conversation_id: str) -> None:
    """Agents take what waits; what the bot holds they do not even see. A colleague's is the desk's to refuse."""
    conversation = await desk.conversation(conversation_id)
    if conversation.state == "bot":
        raise ConversationNotFound(conversation_id)
