"""The supervisors' door: the board, the audit, and the opening hours."""

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field

from desk import Agent, Duty, SettingsWrong
from desk.opening_hours import OpeningHours
from desk.opening_hours_desk import LONGEST_TEXT, HoursNow
from desk.times import to_text
from gateway.doors.agent_identity import SignedInAgent, having, own_page_only
from gateway.doors.board_view import BoardOut, board_out
from gateway.doors.context import TheDoors
from gateway.doors.declared import problems
from gateway.problems import DoorError

router = APIRouter(prefix="/v1/desk", tags=["supervisors"], dependencies=[Depends(own_page_only)])

Filter = Annotated[str | None, Query(max_length=128)]


class EntryOut(BaseModel):
    id: str
    at: str
    who: str
    what: str
    conversation: str | None
    subject: str | None
    details: dict[str, Any]


class AuditOut(BaseModel):
    entries: list[EntryOut]
    next: str | None


class ShiftOut(BaseModel):
    """`to` is above 24:00 when it runs into the next day."""

    start: str = Field(serialization_alias="from")
    to: str


class HoursOut(BaseModel):
    version: int
    source: str
    by: str | None
    at: str | None
    timezone: str
    text: str
    week: list[list[ShiftOut]]
    open: bool
    opens_at: str | None


class HoursIn(BaseModel):
    version: Annotated[int, Field(ge=0, le=2**53)]
    text: Annotated[str, Field(max_length=LONGEST_TEXT)]


@router.get("/board", responses=problems(401, 403))
async def board(agent: Annotated[Agent, having("board.see")], doors: TheDoors) -> BoardOut:
    """Who waits how long, who is here and holds what, complaints that are due, and how long things take."""
    desk = doors.desk
    floor, held, tickets, duty, lately = await asyncio.gather(
        desk.routing.floor(), desk.held(), desk.tickets(limit=1000), desk.on_duty(), desk.routing.lately()
    )
    complaints = [ticket for ticket in tickets if ticket.kind == "complaint"]
    return board_out(agent, floor, held, complaints, duty, lately, desk.routing.handling_target)


@router.get("/audit", responses=problems(401, 403, 422))
async def audit(
    agent: Annotated[Agent, having("audit.read")],
    doors: TheDoors,
    before: Annotated[str | None, Query(pattern=r"^\d{1,16}-\d{1,8}$", description="`next` of the page before")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 100,
    who: Filter = None,
    what: Filter = None,
    conversation: Filter = None,
) -> AuditOut:
    """Who did what, latest first."""
    page = await doors.desk.audit.read(before, limit, who=who, what=what, conversation=conversation)
    if before is None:
        await doors.desk.audit.note(agent.name, "audit_read")
    entries = [EntryOut(**(vars(entry) | {"at": to_text(entry.at)})) for entry in page.entries]
    return AuditOut(entries=entries, next=page.next)


@router.get("/opening-hours", responses=problems(401, 403))
async def opening_hours(_agent: SignedInAgent, doors: TheDoors) -> HoursOut:
    """The hours that count now, as they are written and by the week."""
    return _hours_out(await doors.desk.hours.now(), await doors.desk.on_duty())


@router.put("/opening-hours", responses=problems(400, 401, 403, 409, 413, 422))
async def edit_opening_hours(
    body: HoursIn, agent: Annotated[Agent, having("routing.edit")], doors: TheDoors
) -> HoursOut:
    """Other hours, at once in every process; an empty text goes back to the file."""
    try:
        now = await doors.desk.hours.edit(body.version, body.text, agent.name)
    except SettingsWrong as error:
        raise DoorError("bad_opening_hours", facts={"detail": str(error)[:500]}) from error
    await doors.desk.audit.note(agent.name, "opening_hours_changed", version=now.edited.version)
    return _hours_out(now, await doors.desk.on_duty())


def _hours_out(now: HoursNow, duty: Duty) -> HoursOut:
    edited = now.edited
    return HoursOut(
        version=edited.version,
        source="edited" if edited.text else "file",
        by=edited.by or None,
        at=edited.at or None,
        timezone=now.hours.zone.key,
        text=now.text,
        week=_week(now.hours),
        open=duty.open,
        opens_at=to_text(duty.opens_at) if duty.opens_at else None,
    )


def _week(hours: OpeningHours) -> list[list[ShiftOut]]:
    return [[ShiftOut(start=_clock(s.start), to=_clock(s.end)) for s in day] for day in hours.weekly]


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
