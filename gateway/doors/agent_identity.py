"""Which agent is calling: a cookie that only our own pages can use."""

from typing import Annotated

from fastapi import Depends, Request, Response
from fastapi.security import APIKeyCookie

from desk import Agent
from gateway.doors.context import Doors, TheDoors
from gateway.problems import DoorError

COOKIE = "zhiban_agent"
_COOKIE_SECONDS = 12 * 3600
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def own_page_only(request: Request) -> None:
    """Refuse a form or script of another site: those cannot set this header without our consent."""
    if request.method not in _SAFE and request.headers.get("x-requested-with", "").lower() != "zhiban":
        raise DoorError("header_missing")


async def signed_in(request: Request, doors: Doors) -> Agent | None:
    """The agent whose cookie came along."""
    token = request.cookies.get(COOKIE, "")
    return await doors.desk.agents.session(token) if 0 < len(token) <= 200 else None


_IN_COOKIE = APIKeyCookie(name=COOKIE, auto_error=False, scheme_name="agent", description="from POST /v1/desk/sign-in")


async def _agent(request: Request, doors: TheDoors, _token: Annotated[object, Depends(_IN_COOKIE)]) -> Agent:
    agent = await signed_in(request, doors)
    if agent is None:
        raise DoorError("not_signed_in")
    return agent


async def _admin(agent: Annotated[Agent, Depends(_agent)]) -> Agent:
    if not agent.is_admin:
        raise DoorError("not_admin")
    return agent


SignedInAgent = Annotated[Agent, Depends(_agent)]
SignedInAdmin = Annotated[Agent, Depends(_admin)]


def give_cookie(response: Response, request: Request, token: str) -> None:
    secure = request.url.scheme == "https"
    response.set_cookie(
        COOKIE, token, max_age=_COOKIE_SECONDS, path="/", httponly=True, samesite="strict", secure=secure
    )


def take_cookie(response: Response) -> None:
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")
