"""The agents' door: who waits, what I hold, what happens now, and articles to answer with."""

import asyncio
from collections.abc import AsyncIterable
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import BaseModel, Field

from desk import Agent, Waiting
from desk.times import to_text
from gateway.doors.agent_identity import ServingAgent, having, signed_in
from gateway.doors.agent_view import ConversationOut, conversation_out
from gateway.doors.context import Doors, TheDoors
from gateway.doors.declared import problems
from gateway.doors.knowledge import Article, articles_for
from gateway.doors.texts import Language, our_language

router = APIRouter(prefix="/v1/desk", tags=["agents"])

_PING_SECONDS = 15
_SEARCH_SECONDS = 2.0


class OfferOut(BaseModel):
    to: Literal["you", "colleague"]
    until: str


class WaitingOut(BaseModel):
    """One customer in the caller's queue; `position` is the place in the whole queue."""

    conversation: str
    since: str
    position: int
    language: str | None
    preview: str
    reason: str
    epoch: int
    category: str | None
    vip: bool
    mood: str
    head_start: int
    last_agent: str | None
    yours: bool
    transferred_by: str | None
    note: str
    offered: OfferOut | None
    may_take: bool = Field(description="not offered to a colleague at this moment")


class Queue(BaseModel):
    waiting: list[WaitingOut]


class Held(BaseModel):
    conversations: list[ConversationOut]


class Found(BaseModel):
    articles: list[Article]


def waiting_out(one: Waiting, agent: Agent, now: datetime) -> WaitingOut:
    offer = one.offer_at(now)
    to: Literal["you", "colleague"] = "you" if offer is None or offer.to == agent.name else "colleague"
    return WaitingOut(
        conversation=one.conversation,
        since=to_text(one.since),
        position=one.position,
        language=one.language,
        preview=one.preview,
        reason=one.reason,
        epoch=one.epoch,
        category=one.category,
        vip=one.vip,
        mood=one.mood,
        head_start=one.head_start,
        last_agent=one.last_agent,
        yours=one.last_agent == agent.name,
        transferred_by=one.transferred_by,
        note=one.note,
        offered=OfferOut(to=to, until=to_text(offer.until)) if offer else None,
        may_take=to == "you",
    )


@router.get("/waiting", responses=problems(401, 403))
async def waiting(agent: ServingAgent, doors: TheDoors) -> Queue:
    """The customers whom the caller may take, best first for the caller."""
    queue = await doors.desk.routing.queue(agent)
    now = datetime.now(UTC)
    return Queue(waiting=[waiting_out(one, agent, now) for one in queue])


@router.get("/held", responses=problems(401, 403))
async def held(agent: ServingAgent, doors: TheDoors) -> Held:
    """The conversations that the caller holds."""
    return Held(conversations=[conversation_out(item, agent) for item in await doors.desk.held_by(agent.name)])


@router.get("/search", responses=problems(401, 403, 422))
async def search(
    _agent: Annotated[Agent, having("articles.read")],
    doors: TheDoors,
    q: Annotated[str, Query(min_length=1, max_length=500)],
    language: Annotated[Language | None, Query()] = None,
) -> Found:
    """Articles that fit the words, best first."""
    return Found(articles=await articles_for(doors.knowledge, q, our_language(language), _SEARCH_SECONDS))


@router.get("/events", response_class=EventSourceResponse, responses=problems(401, 403))
async def events(request: Request, agent: ServingAgent, doors: TheDoors) -> AsyncIterable[ServerSentEvent]:
    """Server-sent events: `conversation` (an Event), `waiting` ({"count"}), `offer`, `duty`, `typing`, `ping`."""
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
            now = await signed_in(request, doors)
            if now is None or not now.may("conversations.serve"):
                return
            await doors.desk.still_here(agent.name)
            item, next_ping = ("ping", {}), clock() + _PING_SECONDS
        if item is None:
            return
        yield ServerSentEvent(event=item[0], data=item[1])
