"""The door for clients of Rasa's REST channel: a message in, the answer in the same response."""

import asyncio
import json
import math
import secrets
from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from desk import Address, Event, Receipt
from gateway.doors.context import Doors, TheDoors, bearer, ip_of
from gateway.doors.declared import body_of, problems
from gateway.doors.following import next_events
from gateway.doors.intake import Message, take_in
from gateway.doors.rasa_view import is_for_rasa, rest_messages
from gateway.doors.texts import MessageId, Name, Text, our_language
from gateway.problems import DoorError

_NOTICES = {"person": "person_holds", "waiting": "person_is_called"}
_LOOKED_BACK = 50  # events
_QUEUE_SECONDS = 1.0

router = APIRouter(prefix="/webhooks/rest", tags=["rasa"])


class Metadata(BaseModel):
    """What we read of it; everything else is left alone."""

    model_config = ConfigDict(extra="allow", coerce_numbers_to_str=True)

    message_id: MessageId | None = None
    language: Annotated[str, Field(max_length=20)] | None = None


class RasaMessage(BaseModel):
    """As Rasa takes it. Without a `sender` the message is from a customer of its own."""

    model_config = ConfigDict(extra="allow", coerce_numbers_to_str=True)

    sender: Name | None = None
    message: Text | None = None
    metadata: Metadata | None = None
    input_channel: str | None = None


class RasaButton(BaseModel):
    title: str
    payload: str


class RasaReply(BaseModel):
    recipient_id: str
    text: str | None = None
    buttons: list[RasaButton] | None = None
    image: str | None = None


class Status(BaseModel):
    status: str


@router.get("/")
async def health() -> Status:
    """As Rasa answers it."""
    return Status(status="ok")


@router.post(
    "/webhook",
    response_model=list[RasaReply],
    responses=problems(400, 401, 413, 422, 429),
    openapi_extra={"requestBody": body_of(RasaMessage)},
)
async def webhook(request: Request, doors: TheDoors, stream: str = "") -> Response:
    """Send a message and wait up to ten seconds for its answer; with `stream=true` one JSON object a line."""
    account, counted = _caller(request, doors)
    await doors.rates.take("rest", counted)
    sent = await _read(request)
    sender = sent.sender or f"nobody-{secrets.token_hex(8)}"
    metadata = sent.metadata or Metadata()
    language = our_language(metadata.language)
    message = Message(metadata.message_id or secrets.token_hex(16), sent.message or "")
    with doors.waiting():
        receipt = await take_in(doors, Address("rest", account, sender), message, language)
        replies = await answer(
            doors, receipt, message.message_id, sender, language, repeatable=metadata.message_id is not None
        )
    if stream.lower() in ("true", "1", "yes"):
        lines = "".join(json.dumps(reply, ensure_ascii=False) + "\n" for reply in replies)
        return Response(lines, media_type="text/event-stream")
    return JSONResponse(replies)


async def answer(
    doors: Doors, receipt: Receipt, message_id: str, sender: str, language: str | None, *, repeatable: bool
) -> list[dict[str, Any]]:
    """The replies to this message; else one notice: a person is there, or will come. Never nothing.

    Raises DoorError `closing` when these doors close before the answer is there and the message is `repeatable`: under
    its message id it gets the answer elsewhere. Without one a repetition would be another message.
    """
    missed = rest_messages(sender, await _said_by_agents_before(doors, receipt))
    said = await _replies_to(doors, receipt, message_id)
    if said:
        return missed + rest_messages(sender, said)
    conversation = await doors.desk.conversation(receipt.conversation)
    if conversation.state not in _NOTICES:
        if repeatable and doors.nudges.closing:
            raise DoorError("closing")
        doors.metrics.rest_late.inc()
    phrase = _NOTICES.get(conversation.state, "person_will_come")
    notice = doors.phrases.say(phrase, language or conversation.language)
    return [*missed, {"recipient_id": sender, "text": notice}]


async def _said_by_agents_before(doors: Doors, receipt: Receipt) -> list[Event]:
    """What agents wrote since the customer's message before this one: this door brings it with the next answer."""
    before = await doors.desk.events(receipt.conversation, max(0, receipt.seq - 1 - _LOOKED_BACK), _LOOKED_BACK)
    unheard = [event for event in before if event.type == "message" and event.seq < receipt.seq]
    last = max((event.seq for event in unheard if event.author.role == "customer"), default=0)
    return [event for event in unheard if event.seq > last and event.author.role == "agent"]


async def _replies_to(doors: Doors, receipt: Receipt, message_id: str) -> list[Event]:
    """The messages whose `reply_to` names this one: a turn writes them in one step, so the first brings the others."""
    loop = asyncio.get_running_loop()
    state = (await doors.desk.conversation(receipt.conversation)).state
    if state == "person" and not receipt.duplicate:
        return []
    # In the queue only a notice may come, and not with every message.
    until = loop.time() + min(doors.settings.rest_wait_seconds, _QUEUE_SECONDS if state == "waiting" else math.inf)
    after = receipt.seq
    while (left := until - loop.time()) > 0:
        events = await next_events(doors.desk, doors.nudges, receipt.conversation, after, left, patient=True)
        said = [event for event in events if is_for_rasa(event) and message_id in event.body.get("reply_to", ())]
        if said or not events or await _is_held(doors, receipt.conversation):
            return said
        after = events[-1].seq
    return []


async def _is_held(doors: Doors, conversation: str) -> bool:
    return (await doors.desk.conversation(conversation)).state == "person"


def _caller(request: Request, doors: Doors) -> tuple[str, str]:
    """The account, and whom the rate limit counts."""
    key = bearer(request) or request.headers.get("x-api-key")
    if key is None:
        return "anonymous", ip_of(request)
    name = doors.settings.api_keys.get(key)
    if name is None:
        raise DoorError("api_key_invalid")
    return name, f"key:{name}"


async def _read(request: Request) -> RasaMessage:
    """The body, whatever its content type says: Rasa does not look at that either."""
    try:
        return RasaMessage.model_validate(json.loads(await request.body()))
    except ValidationError as error:
        raise RequestValidationError(error.errors(include_url=False, include_context=False)) from error
    except (ValueError, RecursionError) as error:
        raise DoorError("bad_json") from error
