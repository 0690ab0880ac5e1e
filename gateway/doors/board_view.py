"""The supervisors' board as JSON."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from desk import Agent, Conversation, Duty, Ticket
from desk.overview import Complaints, Manned, Times, manned, times_by_agent, times_of
from desk.routing import Floor
from desk.store.stats import Measured
from desk.times import to_text
from gateway.doors.agent_queue import WaitingOut, waiting_out
from gateway.doors.agent_view import SkillsOut, skills_out
from gateway.doors.duty_view import DutyOut, duty_out

_MOST_COMPLAINTS = 20


class WaitingNow(WaitingOut):
    waited_seconds: int


class Holds(BaseModel):
    conversation: str
    since: str
    seconds: int
    category: str | None
    language: str | None
    vip: bool
    preview: str


class OnTheFloor(BaseModel):
    name: str
    display_name: str
    number: int
    state: str
    capacity: int
    skills: SkillsOut
    holds: list[Holds]


class Complaint(BaseModel):
    ticket: str
    due_at: str
    state: str
    conversation: str
    overdue: bool


class ComplaintsOut(BaseModel):
    open: int
    overdue: int
    due_soon: int
    next: list[Complaint]


class TimesOut(BaseModel):
    count: int
    median_seconds: float | None
    p90_seconds: float | None


class AgentTimes(BaseModel):
    name: str
    count: int
    median_seconds: float | None


class Handling(TimesOut):
    target_seconds: int
    within_target: float | None
    by_agent: list[AgentTimes]


class BoardOut(BaseModel):
    at: str
    duty: DutyOut
    waiting: list[WaitingNow]
    agents: list[OnTheFloor]
    complaints: ComplaintsOut
    handling: Handling
    waits: TimesOut


def board_out(
    viewer: Agent,
    floor: Floor,
    held: Sequence[Conversation],
    complaints: Sequence[Ticket],
    duty: Duty,
    lately: tuple[Sequence[Measured], Sequence[Measured]],
    target: int,
) -> BoardOut:
    handled, waited = lately
    waiting = [
        WaitingNow(**waiting_out(one, viewer, floor.at).model_dump(), waited_seconds=_seconds(one.since, floor.at))
        for one in floor.queue
    ]
    return BoardOut(
        at=to_text(floor.at),
        duty=duty_out(duty),
        waiting=waiting,
        agents=[_agent_out(one, floor.at) for one in manned(floor, held)],
        complaints=_complaints_out(Complaints(complaints, floor.at)),
        handling=_handling_out(handled, target),
        waits=TimesOut(**_figures(times_of(waited))),
    )


def _agent_out(one: Manned, now: datetime) -> OnTheFloor:
    agent = one.place.agent
    return OnTheFloor(
        name=agent.name,
        display_name=agent.display_name,
        number=agent.number,
        state=one.state,
        capacity=agent.capacity,
        skills=skills_out(agent.skills),
        holds=[
            Holds(
                conversation=held.id,
                since=to_text(held.changed_at),
                seconds=_seconds(held.changed_at, now),
                category=held.category,
                language=held.language,
                vip=held.vip,
                preview=held.preview,
            )
            for held in one.holds
        ],
    )


def _complaints_out(complaints: Complaints) -> ComplaintsOut:
    following = [
        Complaint(
            ticket=ticket.id,
            due_at=to_text(ticket.due_at),
            state=ticket.state,
            conversation=ticket.conversation,
            overdue=ticket.due_at <= complaints.at,
        )
        for ticket in complaints.tickets[:_MOST_COMPLAINTS]
    ]
    return ComplaintsOut(
        open=len(complaints.tickets), overdue=complaints.overdue, due_soon=complaints.due_soon, next=following
    )


def _handling_out(handled: Sequence[Measured], target: int) -> Handling:
    times = times_of(handled, target)
    by_agent = [
        AgentTimes(name=name, count=one.count, median_seconds=one.median)
        for name, one in times_by_agent(handled).items()
    ]
    return Handling(**_figures(times), target_seconds=target, within_target=times.within, by_agent=by_agent)


def _figures(times: Times) -> dict[str, Any]:
    return {"count": times.count, "median_seconds": times.median, "p90_seconds": times.p90}


def _seconds(since: datetime, now: datetime) -> int:
    return max(0, round((now - since).total_seconds()))
