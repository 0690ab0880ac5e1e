"""The agents' door: signing in and out, who am I, am I here, and new accounts."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, Field

from desk import TooManyAttempts
from desk.agents import Role
from desk.times import to_text
from gateway.doors.agent_identity import COOKIE, SignedInAdmin, SignedInAgent, give_cookie, own_page_only, take_cookie
from gateway.doors.context import TheDoors, ip_of
from gateway.doors.declared import problems
from gateway.doors.texts import Name
from gateway.problems import DoorError

router = APIRouter(prefix="/v1/desk", tags=["agents"], dependencies=[Depends(own_page_only)])

Password = Annotated[str, Field(min_length=1, max_length=200)]


class SignIn(BaseModel):
    name: Name
    password: Password


class NewAgent(SignIn):
    display_name: Name
    roles: Annotated[list[Role], Field(min_length=1, max_length=3)] = ["agent"]


class AgentOut(BaseModel):
    name: str
    display_name: str
    roles: list[str]


class DutyOut(BaseModel):
    open: bool
    reachable: bool
    opens_at: str | None
    agents: list[str]


class Me(AgentOut):
    available: bool
    duty: DutyOut


class Presence(BaseModel):
    available: bool


@router.post("/sign-in", status_code=204, responses=problems(400, 401, 403, 413, 422, 429))
async def sign_in(body: SignIn, request: Request, response: Response, doors: TheDoors) -> None:
    """Sign in; the answer sets the cookie `zhiban_agent`."""
    await doors.rates.take("sign_in", ip_of(request))
    try:
        agent = await doors.desk.agents.verify(body.name, body.password)
    except TooManyAttempts as error:
        seconds = int((error.until - datetime.now(UTC)).total_seconds()) + 1
        raise DoorError("too_many_attempts", retry_after=max(1, seconds)) from error
    if agent is None:
        raise DoorError("sign_in_refused")
    give_cookie(response, request, await doors.desk.agents.open_session(agent))


@router.post("/sign-out", status_code=204, responses=problems(401, 403))
async def sign_out(agent: SignedInAgent, request: Request, response: Response, doors: TheDoors) -> None:
    """End this session, and be gone for customers."""
    await doors.desk.set_presence(agent.name, available=False, ttl_seconds=0)
    await doors.desk.agents.end_session(request.cookies[COOKIE])
    take_cookie(response)


@router.get("/me", responses=problems(401))
async def me(agent: SignedInAgent, doors: TheDoors) -> Me:
    """Who is signed in, and who is on duty."""
    duty = await doors.desk.on_duty()
    return Me(
        name=agent.name,
        display_name=agent.display_name,
        roles=list(agent.roles),
        available=await doors.desk.is_available(agent.name),
        duty=DutyOut(
            open=duty.open,
            reachable=duty.reachable,
            opens_at=to_text(duty.opens_at) if duty.opens_at else None,
            agents=list(duty.agents),
        ),
    )


@router.post("/presence", status_code=204, responses=problems(400, 401, 403, 413, 422))
async def presence(body: Presence, agent: SignedInAgent, doors: TheDoors) -> None:
    """Here for another minute, for new customers or not; an open event stream repeats it."""
    await doors.desk.set_presence(agent.name, body.available)


@router.post("/agents", status_code=201, responses=problems(400, 401, 403, 409, 413, 422))
async def add_agent(body: NewAgent, _admin: SignedInAdmin, doors: TheDoors) -> AgentOut:
    """Make an account for a colleague (administrators only)."""
    agent = await doors.desk.agents.sign_up(body.name, body.password, body.display_name, body.roles)
    return AgentOut(name=agent.name, display_name=agent.display_name, roles=list(agent.roles))
