"""The agents' door: the customer sees that somebody is writing to them."""

from fastapi import APIRouter, Depends

from desk import ConversationNotFound
from gateway.doors.agent_identity import AgentAtConversation, own_page_only
from gateway.doors.context import TheDoors
from gateway.doors.declared import problems

router = APIRouter(tags=["agents"], dependencies=[Depends(own_page_only)])


@router.post("/v1/conversations/{conversation_id}/typing", status_code=204, responses=problems(401, 403, 404))
async def typing(conversation_id: str, agent: AgentAtConversation, doors: TheDoors) -> None:
    """Say that the caller, who holds the conversation, is writing. Once a second counts, more are ignored."""
    conversation = await doors.desk.conversation(conversation_id)
    if conversation.holder != agent.name:
        raise ConversationNotFound(conversation_id)
    if doors.typists.may_type(agent.name):
        await doors.desk.tell_typing(conversation_id, "agent")
