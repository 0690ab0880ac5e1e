"""The agents' door: what is to be done later."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field

from gateway.doors.agent_identity import AgentAtTicket, ServingAgent, own_page_only
from gateway.doors.context import TheDoors
from gateway.doors.declared import problems
from gateway.doors.texts import clean

router = APIRouter(prefix="/v1/tickets", tags=["agents"], dependencies=[Depends(own_page_only)])

State = Literal["open", "in_progress", "done"]


class NoteOut(BaseModel):
    at: str
    agent: str
    state: State
    text: str


class TicketOut(BaseModel):
    id: str
    version: int
    state: State
    kind: str
    fields: dict[str, Any]
    channel: str
    conversation: str
    language: str | None
    opened_at: str
    due_at: str
    updated_at: str
    history: list[NoteOut]


class Tickets(BaseModel):
    tickets: list[TicketOut]


class TicketChange(BaseModel):
    version: Annotated[int, Field(ge=0, le=2**53)]
    state: State | None = None
    note: Annotated[str, Field(max_length=2000)] = ""


@router.get("", responses=problems(401, 403, 422))
async def tickets(
    _agent: ServingAgent,
    doors: TheDoors,
    state: Annotated[Literal["open", "due", "done"], Query(description="open: all that is not done")] = "open",
) -> Tickets:
    """Tickets, soonest due first; those that are done, latest first."""
    found = await doors.desk.tickets(None if state == "open" else state)
    return Tickets(tickets=[TicketOut(**ticket.as_dict()) for ticket in found])


@router.get("/{ticket_id}", responses=problems(401, 404, 422))
async def ticket(ticket_id: str, _agent: AgentAtTicket, doors: TheDoors) -> TicketOut:
    """One ticket with its history."""
    return TicketOut(**(await doors.desk.ticket(ticket_id)).as_dict())


@router.patch("/{ticket_id}", responses=problems(400, 401, 403, 404, 409, 413, 422))
async def change_ticket(ticket_id: str, body: TicketChange, agent: AgentAtTicket, doors: TheDoors) -> TicketOut:
    """Change state or add a note; `version` is the one that the change was made from."""
    changed = await doors.desk.update_ticket(
        ticket_id, agent.name, body.version, state=body.state, note=clean(body.note)
    )
    await doors.desk.audit.note(
        agent.name, "ticket_changed", conversation=changed.conversation, subject=ticket_id, state=changed.state
    )
    return TicketOut(**changed.as_dict())
