"""The door of the channel `webhook`: a company's own backend hands in what its customers write, signed."""

from fastapi import APIRouter, Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from channels import Received, SignatureWrong
from channels.webhook import CHANNEL, parse, verify
from desk import Address
from gateway.doors import customers
from gateway.doors.context import TheDoors
from gateway.doors.declared import body_of, problems
from gateway.doors.intake import Message, take_in
from gateway.doors.texts import our_language
from gateway.problems import DoorError

router = APIRouter(prefix="/v1/channels/webhook", tags=["channels"])


@router.post(
    "/{account}",
    status_code=202,
    responses=problems(400, 401, 413, 422, 429),
    openapi_extra={"requestBody": body_of(Received)},
)
async def receive(account: str, request: Request, doors: TheDoors) -> customers.Received:
    """Hand in a customer's message, signed as www.standardwebhooks.com says; its answers go to the account's URL.

    The same `message_id` of the same `user` again is the same message.
    """
    body = await request.body()
    known = doors.webhooks.get(account)
    if known is None:
        raise DoorError("signature_refused")
    try:
        verify(known, request.headers, body)
    except SignatureWrong as error:
        raise DoorError("signature_refused") from error
    sent = _read(request, body)
    message = Message(sent.message_id, sent.text, sent.payload)
    receipt = await take_in(doors, Address(CHANNEL, account, sent.user), message, our_language(sent.language))
    return customers.Received(conversation=receipt.conversation, seq=receipt.seq, duplicate=receipt.duplicate)


def _read(request: Request, body: bytes) -> Received:
    try:
        return parse(request.headers, body)
    except ValidationError as error:
        raise RequestValidationError(error.errors(include_url=False, include_context=False)) from error
    except (ValueError, RecursionError) as error:
        raise DoorError("bad_json") from error
