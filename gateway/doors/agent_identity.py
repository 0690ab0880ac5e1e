"""Which agent is calling, and what they may do: a cookie that only our own pages can use."""

from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import Depends, Request, Response
from fastapi.security import APIKeyCookie

from desk import Agent, Right
from gateway.doors.context import Doors, TheDoors
from gateway.problems import DoorError

COOKIE = "zhiban_agent"
_COOKIE_SECONDS = 12 * 3600
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def own_page_only(request: Request) -> None:
    """Refuse a form or script of another site: none can set this header without our consent, nor hide its origin."""
    if request.method in _SAFE:
        return
    if request.headers.get("x-requested-with", "").lower() != "zhiban":
        raise DoorError("header_missing")
    if _is_foreign(request):
        raise DoorError("foreign_origin")


def _is_foreign(request: Request) -> bool:
    """What the browser says about the page that asks; a client that is no browser says nothing."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site.lower() not in ("same-origin", "none")
    origin = request.headers.get("origin")
    # A page of another site cannot set these two: the first is the browser's, the second a proxy's of ours.
    ours = {request.headers.get(name, "").lower() for name in ("host", "x-forwarded-host")}
    return origin is not None and urlsplit(origin).netloc.lower() not in ours - {""}


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


def having(right: Right, code: str = "not_allowed") -> Any:
    """A dependency: the signed-in agent, if they have the right; else the problem `code`."""

    async def check(agent: Annotated[Agent, Depends(_agent)]) -> Agent:
        if not agent.may(right):
            raise DoorError(code, facts={"right": right})
        return agent

    return Depends(check)


def _here(code: str) -> Any:
    """For a path of one conversation or ticket: whoever serves no customers finds nothing there."""

    async def check(agent: Annotated[Agent, Depends(_agent)]) -> Agent:
        if not reads_conversations(agent):
            raise DoorError(code)
        return agent

    return Depends(check)


def reads_conversations(agent: Agent) -> bool:
    return agent.may("conversations.serve") or agent.may("conversations.see_all")


SignedInAgent = Annotated[Agent, Depends(_agent)]
ServingAgent = Annotated[Agent, having("conversations.serve")]
AgentAtConversation = Annotated[Agent, _here("conversation_not_found")]
AgentAtTicket = Annotated[Agent, _here("ticket_not_found")]


def give_cookie(response: Response, request: Request, token: str) -> None:
    secure = request.url.scheme == "https"
    response.set_cookie(
        COOKIE, token, max_age=_COOKIE_SECONDS, path="/", httponly=True, samesite="strict", secure=secure
    )


def take_cookie(response: Response) -> None:
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")
