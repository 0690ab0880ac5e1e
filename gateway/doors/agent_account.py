"""The agents' door: signing in and out, who am I, am I here, and my password."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, Field

from desk import Agent, TooManyAttempts
from gateway.doors.agent_identity import COOKIE, ServingAgent, SignedInAgent, give_cookie, own_page_only, take_cookie
from gateway.doors.agent_view import SkillsOut, skills_out
from gateway.doors.context import Doors, TheDoors, ip_of
from gateway.doors.declared import problems
from gateway.doors.duty_view import DutyOut, duty_out
from gateway.doors.texts import Name
from gateway.problems import DoorError

router = APIRouter(prefix="/v1/desk", tags=["agents"], dependencies=[Depends(own_page_only)])

Password = Annotated[str, Field(min_length=1, max_length=200)]


class SignIn(BaseModel):
    name: Name
    password: Password


class NewPassword(BaseModel):
    old: Password
    new: Password


class RoutingOut(BaseModel):
    """How customers come to agents here."""

    assignment: str
    offer_seconds: int
    categories: list[str]


class Me(BaseModel):
    """`display_name` is empty when none was chosen: customers then see `number`."""

    name: str
    display_name: str
    number: int
    roles: list[str]
    rights: list[str]
    skills: SkillsOut
    capacity: int
    held: int
    available: bool
    duty: DutyOut
    routing: RoutingOut


class Presence(BaseModel):
    available: bool


@router.post("/sign-in", status_code=204, responses=problems(400, 401, 403, 413, 422, 429))
async def sign_in(body: SignIn, request: Request, response: Response, doors: TheDoors) -> None:
    """Sign in; the answer sets the cookie `zhiban_agent`."""
    await doors.rates.take("sign_in", ip_of(request))
    try:
        agent = await doors.desk.agents.verify(body.name, body.password)
    except TooManyAttempts as error:
        raise _locked(error) from error
    if agent is None:
        await _note_refusal(doors, body.name)
        raise DoorError("sign_in_refused")
    give_cookie(response, request, await doors.desk.agents.open_session(agent))
    await doors.desk.audit.note(agent.name, "signed_in")


@router.post("/sign-out", status_code=204, responses=problems(401, 403))
async def sign_out(agent: SignedInAgent, request: Request, response: Response, doors: TheDoors) -> None:
    """End this session, and be gone for customers."""
    await doors.desk.set_presence(agent.name, available=False, ttl_seconds=0)
    await doors.desk.agents.end_session(request.cookies[COOKIE])
    take_cookie(response)
    await doors.desk.audit.note(agent.name, "signed_out")


@router.get("/me", responses=problems(401))
async def me(agent: SignedInAgent, doors: TheDoors) -> Me:
    """Who is signed in, what they may do, and who is on duty."""
    routing = doors.desk.routing
    return Me(
        name=agent.name,
        display_name=agent.display_name,
        number=agent.number,
        roles=list(agent.roles),
        rights=sorted(agent.rights),
        skills=skills_out(agent.skills),
        capacity=agent.capacity,
        held=await routing.load(agent.name),
        available=await doors.desk.is_available(agent.name),
        duty=duty_out(await doors.desk.on_duty()),
        routing=RoutingOut(
            assignment="offer" if routing.offers else "pick",
            offer_seconds=routing.offer_seconds,
            categories=list(routing.rules.categories),
        ),
    )


@router.post("/presence", status_code=204, responses=problems(400, 401, 403, 413, 422))
async def presence(body: Presence, agent: ServingAgent, doors: TheDoors) -> None:
    """Here for another minute, for new customers or not; an open event stream repeats it."""
    await doors.desk.set_presence(agent.name, body.available)


@router.post("/password", status_code=204, responses=problems(400, 401, 403, 413, 422, 429))
async def change_password(
    body: NewPassword, agent: SignedInAgent, request: Request, response: Response, doors: TheDoors
) -> None:
    """Give oneself another password; every other session of the account ends."""
    await doors.rates.take("sign_in", ip_of(request))
    try:
        await doors.desk.agents.change_password(agent.name, body.old, body.new)
    except TooManyAttempts as error:
        raise _locked(error) from error
    give_cookie(response, request, await doors.desk.agents.open_session(agent))
    await doors.desk.audit.note(agent.name, "password_changed", subject=agent.name)


def _locked(error: TooManyAttempts) -> DoorError:
    seconds = int((error.until - datetime.now(UTC)).total_seconds()) + 1
    return DoorError("too_many_attempts", retry_after=max(1, seconds))


async def _note_refusal(doors: Doors, name: str) -> None:
    """Under the account's name only if there is one: people type passwords into the wrong field."""
    known: Agent | None = await doors.desk.agents.agent(name)
    await doors.desk.audit.note(known.name if known else "", "sign_in_refused")
