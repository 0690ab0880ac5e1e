"""Whose case it is: an agent wraps up what they hold or held last, closed or not."""

from desk import Agent, Conversation, ConversationNotFound, Desk
from gateway.doors.agent_view import visible

_LATEST = 1000


async def own_case(desk: Desk, conversation_id: str, agent: Agent) -> Conversation:
    """A conversation that the agent may see, or that is closed and was theirs last. Raises ConversationNotFound."""
    conversation = await desk.conversation(conversation_id)
    if conversation.state != "closed":
        return await visible(desk, conversation_id, agent)
    if agent.may("conversations.see_all"):
        return conversation
    events = await desk.events(conversation_id, max(0, conversation.seq - _LATEST), _LATEST)
    holders = [event.body.get("holder") for event in events if event.type == "state" and event.body["to"] == "person"]
    if holders[-1:] == [agent.name]:
        return conversation
    raise ConversationNotFound(conversation_id)
