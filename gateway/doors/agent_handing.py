"""The agents' door: who has a customer; taking, giving back, handing on, taking over, closing."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, Field, model_validator

from desk import Agent, Conversation, ConversationNotFound
from gateway.doors.agent_conversations import AtEpoch, Epoch
from gateway.doors.agent_identity import AgentAtConversation, ServingAgent, own_page_only
from gateway.doors.agent_view import ConversationOut, SkillsOut, conversation_out, refusing, skills_out, visible
from gateway.doors.context import Doors, TheDoors
from gateway.doors.declared import problems
from gateway.doors.texts import Name, clean
from gateway.problems import DoorError

router = APIRouter(tags=["agents"], dependencies=[Depends(own_page_only)])

_C = "/v1/conversations/{conversation_id}"
_WRITE = problems(400, 401, 403, 404, 409, 413, 422)

Note = Annotated[str, Field(max_length=1000)]
Category = Annotated[str, Field(min_length=1, max_length=64)]


class Claim(BaseModel):
    epoch: Epoch | None = None


class Destination(BaseModel):
    """A colleague, or whoever has a skill."""

    agent: Name | None = None
    category: Category | None = None

    @model_validator(mode="after")
    def _one(self) -> "Destination":
        if (self.agent is None) == (self.category is None):
            raise ValueError("either an agent or a category")
        return self


class Transfer(AtEpoch):
    to: Destination | None = None
    note: Note = ""


class TakeOver(AtEpoch):
    note: Note = ""


class Routed(AtEpoch):
    category: Category | None = None
    vip: bool | None = None


class Colleague(BaseModel):
    name: str
    display_name: str
    number: int
    available: bool
    held: int
    capacity: int
    skills: SkillsOut


class CategoryOut(BaseModel):
    id: str
    title: dict[str, str]


class Colleagues(BaseModel):
    colleagues: list[Colleague]
    categories: list[CategoryOut]


@router.post("/v1/agent/next", responses={204: {"description": "nobody whom the caller may take"}, **_WRITE})
async def take_next(agent: ServingAgent, doors: TheDoors) -> ConversationOut:
    """Take the customer whom the caller should take next."""
    conversation = await doors.desk.routing.next(agent)
    if conversation is None:
        return Response(status_code=204)  # type: ignore[return-value] # as declared above
    return await _done(doors, agent, "claimed", conversation)


@router.get("/v1/desk/colleagues", responses=problems(401, 403))
async def colleagues(agent: ServingAgent, doors: TheDoors) -> Colleagues:
    """To whom a conversation may be handed: those who are here, and the skills."""
    crew = (await doors.desk.routing.floor()).crew
    here = [
        Colleague(
            name=place.agent.name,
            display_name=place.agent.display_name,
            number=place.agent.number,
            available=place.available,
            held=place.held,
            capacity=place.agent.capacity,
            skills=skills_out(place.agent.skills),
        )
        for place in crew.places.values()
        if place.present and place.agent.may("conversations.serve") and place.agent.name != agent.name
    ]
    titles = doors.desk.routing.rules.categories
    return Colleagues(
        colleagues=sorted(here, key=lambda one: (not one.available, one.number)),
        categories=[CategoryOut(id=id_, title=dict(title)) for id_, title in titles.items()],
    )


@router.post(f"{_C}/claim", responses=_WRITE)
async def claim(
    conversation_id: str, agent: AgentAtConversation, doors: TheDoors, body: Claim | None = None
) -> ConversationOut:
    """Take a waiting conversation; 409 names the colleague who was faster."""
    await _in_reach(doors, conversation_id, agent)
    conversation = await doors.desk.claim(conversation_id, agent.name, body.epoch if body else None)
    return await _done(doors, agent, "claimed", conversation)


@router.post(f"{_C}/decline", status_code=204, responses=_WRITE)
async def decline(conversation_id: str, body: AtEpoch, agent: AgentAtConversation, doors: TheDoors) -> None:
    """Let go of what was offered: it is everybody's at once."""
    await _in_reach(doors, conversation_id, agent)
    await doors.desk.routing.decline(conversation_id, agent.name, body.epoch)
    await doors.desk.audit.note(agent.name, "declined", conversation=conversation_id)


@router.post(f"{_C}/release", responses=_WRITE)
async def release(conversation_id: str, body: AtEpoch, agent: AgentAtConversation, doors: TheDoors) -> ConversationOut:
    """Give it back to the bot."""
    async with refusing(doors.desk, conversation_id, agent):
        conversation = await doors.desk.release(conversation_id, agent.name, body.epoch)
    return await _done(doors, agent, "released", conversation)


@router.post(f"{_C}/transfer", responses=_WRITE)
async def transfer(
    conversation_id: str, body: Transfer, agent: AgentAtConversation, doors: TheDoors
) -> ConversationOut:
    """Hand it on: to a colleague, to whoever has a skill, or to the front of the queue; with a note for them."""
    to = body.to or Destination.model_construct()
    async with refusing(doors.desk, conversation_id, agent):
        conversation = await doors.desk.routing.transfer(
            conversation_id, agent.name, body.epoch, to_agent=to.agent, to_category=to.category, note=clean(body.note)
        )
    details = {name: value for name, value in (("to_agent", to.agent), ("to_category", to.category)) if value}
    return await _done(doors, agent, "transferred", conversation, **details)


@router.post(f"{_C}/take-over", responses=_WRITE)
async def take_over(
    conversation_id: str, body: TakeOver, agent: AgentAtConversation, doors: TheDoors
) -> ConversationOut:
    """Take it from a colleague, the queue or the bot; who had it is told."""
    if not agent.may("conversations.take_over"):
        await visible(doors.desk, conversation_id, agent)
        raise DoorError("not_allowed", facts={"right": "conversations.take_over"})
    before = await doors.desk.conversation(conversation_id)
    conversation = await doors.desk.routing.take_over(conversation_id, agent.name, body.epoch, clean(body.note))
    details = {"from": before.holder} if before.holder else {"from_state": before.state}
    return await _done(doors, agent, "taken_over", conversation, **details)


@router.post(f"{_C}/close", responses=_WRITE)
async def close(conversation_id: str, body: AtEpoch, agent: AgentAtConversation, doors: TheDoors) -> ConversationOut:
    """Close it; the customer's next message opens a new one."""
    await _in_reach(doors, conversation_id, agent)
    conversation = await doors.desk.close(conversation_id, agent.name, body.epoch)
    return await _done(doors, agent, "closed", conversation)


@router.put(f"{_C}/routing", responses=_WRITE)
async def route(conversation_id: str, body: Routed, agent: AgentAtConversation, doors: TheDoors) -> ConversationOut:
    """Say what it is about; and, with the right to, whether the customer is a VIP."""
    await visible(doors.desk, conversation_id, agent)
    if body.vip is not None and not agent.may("routing.edit"):
        raise DoorError("not_allowed", facts={"right": "routing.edit"})
    await doors.desk.routing.route(conversation_id, body.epoch, category=body.category, vip=body.vip)
    conversation = await doors.desk.conversation(conversation_id)
    details = {name: value for name, value in (("category", body.category), ("vip", body.vip)) if value is not None}
    return await _done(doors, agent, "routed", conversation, **details)


async def _done(doors: Doors, agent: Agent, what: str, conversation: Conversation, **details: Any) -> ConversationOut:
    await doors.desk.audit.note(agent.name, what, conversation=conversation.id, **details)
    return conversation_out(conversation, agent)


async def _in_reach(doors: Doors, conversation_id: str, agent: Agent) -> None:
    """Agents take what waits for their skills; the rest they do not even see. A colleague's is the desk's to refuse."""
    conversation = await doors.desk.conversation(conversation_id)
    if conversation.state == "bot":
        raise ConversationNotFound(conversation_id)
    if conversation.holder != agent.name and not await doors.desk.routing.may_take(agent, conversation):
        raise ConversationNotFound(conversation_id)
