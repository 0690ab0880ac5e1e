"""The door of our own widget and of sites that speak to us in JSON: sessions, messages, events."""

from dataclasses import replace
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from desk import ConversationNotFound
from desk.times import to_text
from gateway.customer_view import for_customer
from gateway.doors.context import Doors, TheDoors, TheSession, bearer, ip_of
from gateway.doors.declared import problems
from gateway.doors.following import next_events
from gateway.doors.intake import Message, take_in
from gateway.doors.sessions import Session
from gateway.doors.texts import ATTACHMENT_LIMIT, AttachmentId, Language, MessageId, Name, Text, our_language

router = APIRouter(tags=["customers"])

LONGEST_WAIT_SECONDS = 25


class Vouch(BaseModel):
    """A site's word for its own user: hex HMAC-SHA256(SITE_SECRET, "<user>|<at>"), of a VIP "<user>|<at>|vip"."""

    user: Name
    name: Name | None = None
    at: int = Field(ge=0, le=2**40, description="unix seconds, at most five minutes old")
    signature: Annotated[str, Field(pattern="^[0-9a-fA-F]{64}$")]
    vip: bool = False


class NewSession(BaseModel):
    language: Language | None = Field(default=None, description="what the page or the browser speaks")
    vouch: Vouch | None = None


class SessionOpened(BaseModel):
    session: str
    user: str
    language: str | None
    conversation: str | None
    expires_at: str


class NewMessage(BaseModel):
    message_id: MessageId
    text: Text = ""
    payload: Text | None = Field(default=None, description="of the button that was tapped")
    attachments: Annotated[list[AttachmentId], Field(max_length=ATTACHMENT_LIMIT)] = []


class Received(BaseModel):
    conversation: str
    seq: int
    duplicate: bool


class EventAuthor(BaseModel):
    role: Literal["customer", "bot", "agent", "system"]
    id: str = ""


class EventOut(BaseModel):
    """One numbered event; docs/events.md has the keys of each type."""

    model_config = ConfigDict(extra="allow")

    seq: int
    type: str
    at: str
    conversation: str
    author: EventAuthor


class Events(BaseModel):
    events: list[EventOut]
    conversation: str | None
    state: Literal["bot", "waiting", "person", "closed"] | None
    epoch: int | None


@router.post("/v1/sessions", status_code=201, responses=problems(400, 403, 413, 422, 429))
async def open_session(body: NewSession, request: Request, doors: TheDoors) -> SessionOpened:
    """Open a session: anonymous, or for a user that the site vouches for."""
    await doors.rates.take("sessions", ip_of(request))
    session = _session_for(body, doors, doors.sessions.read(bearer(request)))
    token, ends = doors.sessions.issue(session)
    conversation = await doors.desk.open_conversation(session.address)
    return SessionOpened(
        session=token,
        user=session.user,
        language=session.language,
        conversation=conversation.id if conversation else None,
        expires_at=to_text(ends),
    )


@router.post("/v1/messages", status_code=202, responses=problems(400, 401, 404, 413, 422, 429))
async def send_message(body: NewMessage, session: TheSession, doors: TheDoors) -> Received:
    """Send a message. The same `message_id` again is the same message, and gets the same answer."""
    message = Message(body.message_id, body.text, body.payload, body.attachments)
    receipt = await take_in(doors, session.address, message, session.language, session.vouched_as, session.vip)
    return Received(conversation=receipt.conversation, seq=receipt.seq, duplicate=receipt.duplicate)


@router.get("/v1/events", responses=problems(401, 404, 422, 429))
async def read_events(
    session: TheSession,
    doors: TheDoors,
    conversation: Annotated[str | None, Query(max_length=64, description="default: the open one")] = None,
    after: Annotated[int, Query(ge=0, le=2**53)] = 0,
    wait: Annotated[float, Query(ge=0, le=LONGEST_WAIT_SECONDS, description="seconds to wait for the next event")] = 0,
) -> Events:
    """Read the events above `after`; with `wait`, wait for one."""
    await doors.rates.take("polls", str(session.address))
    followed = await own_conversation(doors, session, conversation)
    if followed is None:
        return Events(events=[], conversation=None, state=None, epoch=None)
    with doors.waiting():
        events = await next_events(doors.desk, doors.nudges, followed, after, wait)
    now = await doors.desk.conversation(followed)
    shown: Any = await for_customer(doors.desk, events)
    return Events(events=shown, conversation=followed, state=now.state, epoch=now.epoch)


async def own_conversation(doors: Doors, session: Session, conversation: str | None) -> str | None:
    """The id, when it is this customer's own; without one, the open conversation. Raises ConversationNotFound."""
    if conversation is None:
        found = await doors.desk.open_conversation(session.address)
        return found.id if found else None
    if (await doors.desk.conversation(conversation)).address != session.address:
        raise ConversationNotFound(conversation)
    return conversation


def _session_for(body: NewSession, doors: Doors, known: Session | None) -> Session:
    """Somebody whom a site vouches for, the customer who is known already, or somebody new."""
    language = our_language(body.language)
    if body.vouch is not None:
        vouch = body.vouch
        return doors.sessions.vouched(vouch.user, vouch.at, vouch.signature, language, vip=vouch.vip)
    if known is not None:
        return replace(known, language=language or known.language)
    return doors.sessions.anonymous(language)
