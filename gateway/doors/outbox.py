"""The operators' door to what could not be delivered: see it, send it again, drop it."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path
from pydantic import BaseModel

from desk import Agent, DeadLetter
from desk.times import to_text
from gateway.doors.agent_identity import having, own_page_only
from gateway.doors.context import TheDoors
from gateway.doors.declared import problems

router = APIRouter(prefix="/v1/outbox", tags=["operations"], dependencies=[Depends(own_page_only)])

Operator = Annotated[Agent, having("outbox.manage")]
LetterId = Annotated[str, Path(max_length=64)]


class Letter(BaseModel):
    """A message that was given up; its words are in the conversation."""

    id: str
    conversation: str
    seq: int
    message_id: str
    channel: str
    account: str
    reason: str
    tries: int
    at: str


class OutboxOut(BaseModel):
    """`waiting`: to be delivered; `dead`: given up, of which `letters` are the latest 200."""

    waiting: int
    dead: int
    letters: list[Letter]


@router.get("", responses=problems(401, 403))
async def read(_operator: Operator, doors: TheDoors) -> OutboxOut:
    """What waits, and what was given up."""
    depth, letters = await doors.desk.outbox.depth(), await doors.desk.outbox.dead()
    return OutboxOut(waiting=depth.waiting, dead=depth.dead, letters=[_out(letter) for letter in letters])


@router.post("/{letter_id}/resend", status_code=204, responses=problems(401, 403, 404))
async def resend(letter_id: LetterId, operator: Operator, doors: TheDoors) -> None:
    """Send it again, under the id that it had."""
    await doors.desk.outbox.resend(letter_id)
    await doors.desk.audit.note(operator.name, "outbox.resend", subject=letter_id)


@router.delete("/{letter_id}", status_code=204, responses=problems(401, 403, 404))
async def drop(letter_id: LetterId, operator: Operator, doors: TheDoors) -> None:
    """Forget it."""
    await doors.desk.outbox.drop(letter_id)
    await doors.desk.audit.note(operator.name, "outbox.drop", subject=letter_id)


def _out(letter: DeadLetter) -> Letter:
    facts: dict[str, Any] = {name: getattr(letter, name) for name in Letter.model_fields if name != "at"}
    return Letter(**facts, at=to_text(letter.at))
