"""The administrators' door: everybody's accounts, roles and skills."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from desk import Agent, Role
from desk.times import to_text
from gateway.doors.agent_account import Password
from gateway.doors.agent_identity import SignedInAgent, having, own_page_only
from gateway.doors.agent_view import SkillsIn, SkillsOut, skills_from_body, skills_out
from gateway.doors.context import Doors, TheDoors
from gateway.doors.declared import problems
from gateway.doors.texts import Name
from gateway.problems import DoorError

router = APIRouter(prefix="/v1/desk/agents", tags=["agents"], dependencies=[Depends(own_page_only)])

_MANAGE = ("accounts.manage", "not_admin")
_ROUTE = ("routing.edit", "not_allowed")

Managing = Annotated[Agent, having("accounts.manage", "not_admin")]
Roles = Annotated[list[Role], Field(min_length=1, max_length=4)]
Capacity = Annotated[int, Field(ge=1, le=100)]
DisplayName = Annotated[str, Field(max_length=64)]


class NewAgent(BaseModel):
    name: Name
    password: Password
    display_name: DisplayName = ""
    roles: Roles = ["agent"]
    skills: SkillsIn | None = None
    capacity: Capacity | None = None


class AgentChange(BaseModel):
    version: Annotated[int, Field(ge=0, le=2**53)]
    display_name: DisplayName | None = None
    roles: Roles | None = None
    skills: SkillsIn | None = None
    capacity: Capacity | None = None
    password: Password | None = None
    blocked: bool | None = None


class AgentOut(BaseModel):
    name: str
    display_name: str
    number: int
    roles: list[str]
    skills: SkillsOut
    capacity: int
    blocked: bool
    version: int
    created_at: str | None


class AgentsOut(BaseModel):
    agents: list[AgentOut]


@router.get("", responses=problems(401, 403))
async def agents(agent: SignedInAgent, doors: TheDoors) -> AgentsOut:
    """Every account, by number."""
    if not agent.may("routing.edit"):
        _must(agent, *_MANAGE)
    return AgentsOut(agents=[_out(one) for one in await doors.desk.agents.all()])


@router.post("", status_code=201, responses=problems(400, 401, 403, 409, 413, 422))
async def add_agent(body: NewAgent, admin: Managing, doors: TheDoors) -> AgentOut:
    """Make an account for a colleague."""
    given: dict[str, Any] = {"skills": skills_from_body(body.skills, doors) if body.skills else None}
    given["capacity"] = body.capacity
    more = {name: value for name, value in given.items() if value is not None}
    agent = await doors.desk.agents.sign_up(body.name, body.password, body.display_name, body.roles, **more)
    await doors.desk.audit.note(admin.name, "account_added", subject=agent.name, roles=list(agent.roles))
    return _out(agent)


@router.patch("/{name}", responses=problems(400, 401, 403, 404, 409, 413, 422))
async def change_agent(name: str, body: AgentChange, agent: SignedInAgent, doors: TheDoors) -> AgentOut:
    """Change an account; it counts at its next request. Who may serve no more gives up what they hold."""
    given = body.model_dump(exclude_none=True, exclude={"version", "skills"})
    if body.skills is not None:
        given["skills"] = skills_from_body(body.skills, doors)
    _must_be_allowed(agent, given)
    changed = await doors.desk.agents.change(name, body.version, **given)
    await _note(doors, agent, changed, given)
    if not changed.may("conversations.serve"):
        await doors.desk.set_presence(name, available=False, ttl_seconds=0)
    return _out(changed)


def _must_be_allowed(agent: Agent, given: dict[str, Any]) -> None:
    if {"skills", "capacity"} & given.keys():
        _must(agent, *_ROUTE)
    if given.keys() - {"skills", "capacity"} or not given:
        _must(agent, *_MANAGE)


def _must(agent: Agent, right: Any, code: str) -> None:
    if not agent.may(right):
        raise DoorError(code, facts={"right": right})


async def _note(doors: Doors, by: Agent, changed: Agent, given: dict[str, Any]) -> None:
    details: dict[str, Any] = {"roles": list(changed.roles)} if "roles" in given else {}
    await doors.desk.audit.note(by.name, "account_changed", subject=changed.name, fields=sorted(given), **details)


def _out(agent: Agent) -> AgentOut:
    return AgentOut(
        name=agent.name,
        display_name=agent.display_name,
        number=agent.number,
        roles=list(agent.roles),
        skills=skills_out(agent.skills),
        capacity=agent.capacity,
        blocked=agent.blocked,
        version=agent.version,
        created_at=to_text(agent.created_at) if agent.created_at else None,
    )
