"""The agents' door: who waits, what I hold, what happens now, and articles to answer with."""

import asyncio
from collections.abc import AsyncIterable
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import BaseModel

from desk import Agent
from desk.times import to_text
from gateway.doors.agent_identity import SignedInAgent, signed_in
from gateway.doors.agent_view import ConversationOut, conversation_out
from gateway.doors.context import Doors, TheDoors
from gateway.doors.declared import problems
from gateway.doors.knowledge import Article, articles_for
from gateway.doors.texts import Language, our_language

router = APIRouter(prefix="/v1/desk", tags=["agents"])

_PING_SECONDS = 15
_SEARCH_SECONDS = 2.0


class WaitingOut(BaseModel):
    conversation: str
    since: str
    position: int
    language: str | None
    preview: str
    reason: str
    epoch: int


class Queue(BaseModel):
    waiting: list[WaitingOut]


class Held(BaseModel):
    conversations: list[ConversationOut]


class Found(BaseModel):
    articles: list[Article]


@router.get("/waiting", responses=problems(401))
async def waiting(_agent: SignedInAgent, doors: TheDoors) -> Queue:
    """The customers who wait for a person, next one first."""
    entries = await doors.desk.waiting()
    return Queue(waiting=[WaitingOut(**(vars(entry) | {"since": to_text(entry.since)})) for entry in entries])


@router.get("/held", responses=problems(401))
async def held(agent: SignedInAgent, doors: TheDoors) -> Held:
    """The conversations that the caller holds."""
    return Held(conversations=[conversation_out(item) for item in await doors.desk.held_by(agent.name)])


@router.get("/search", responses=problems(401, 422))
async def search(
    _agent: SignedInAgent,
    doors: TheDoors,
    q: Annotated[str, Query(min_length=1, max_length=500)],
    language: Annotated[Language | None, Query()] = None,
) -> Found:
    """Articles that fit the words, best first."""
    return Found(articles=await articles_for(doors.knowledge, q, our_language(language), _SEARCH_SECONDS))


@router.get("/events", response_class=EventSourceResponse, responses=problems(401))
async def events(request: Request, agent: SignedInAgent, doors: TheDoors) -> AsyncIterable[ServerSentEvent]:
    """Server-sent events: `conversation` (an Event), `waiting` ({"count"}), `typing`, `ping`."""
    doors.metrics.streams.inc()
    try:
        with doors.board.stream(agent.name) as stream:
            async for event in _stream(stream.queue, request, agent, doors):
                yield event
    finally:
        doors.metrics.streams.dec()


async def _stream(
    queue: asyncio.Queue[tuple[str, Any] | None], request: Request, agent: Agent, doors: Doors
) -> AsyncIterable[ServerSentEvent]:
    clock = asyncio.get_running_loop().time
    next_ping = clock() + _PING_SECONDS
    while True:
        try:
            item = await asyncio.wait_for(queue.get(), max(0.0, next_ping - clock()))
        except TimeoutError:
            if await signed_in(request, doors) is None:
                return
            await _still_here(agent, doors)
            item, next_ping = ("ping", {}), clock() + _PING_SECONDS
        if item is None:
            return
        yield ServerSentEvent(event=item[0], data=item[1])


async def _still_here(agent: Agent, doors: Doors) -> None:
    await doors.desk.set_presence(agent.name, await doors.desk.is_available(agent.name))
