"""The channel `webhook` by its specification: signed both ways, and what an answer means for another try."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from pydantic import ValidationError
from standardwebhooks.webhooks import Webhook
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from channels import NotSent, Outgoing, Refused, SignatureWrong, WebhookAccount
from channels.webhook import WebhookChannel, parse, render, verify
from tests.worker.small_server import SmallServer

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
ACCOUNT = WebhookAccount("shop", "http://127.0.0.1:1/", SECRET)
MESSAGE = {"seq": 3, "type": "message", "at": "2026-11-22T16:04:05.123Z", "text": "您好😀", "message_id": "b-1"}
OUT = Outgoing("b-1", "shop", "mei", MESSAGE)


def signed(body: str, at: datetime | None = None, id_: str = "msg_1", secret: str = SECRET) -> dict[str, str]:
    at = at or datetime.now(UTC)
    return {
        "webhook-id": id_,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(secret).sign(id_, at, body),
    }


def test_what_the_account_signed_is_accepted():
    verify(ACCOUNT, signed("{}"), b"{}")
    rotated = signed("{}")
    rotated["webhook-signature"] = f"v1a,xyz v1,AAAA {rotated['webhook-signature']}"
    verify(ACCOUNT, rotated, b"{}")


def test_the_example_of_the_specification():
    """Id, time, body and secret as published; the signature is what other implementations make of them."""
    body = '{"test": 2432232314}'
    at = datetime.fromtimestamp(1614265330, UTC)
    made = Webhook(SECRET).sign("msg_p5jXN8AQM9LWM0D4loKWxJek", at, body)
    assert made == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize(
    "spoil",
    [
        lambda headers: headers.pop("webhook-id"),
        lambda headers: headers.pop("webhook-signature"),
        lambda headers: headers.update({"webhook-id": "msg_2"}),
        lambda headers: headers.update({"webhook-signature": "v1,"}),
        lambda headers: headers.update({"webhook-signature": "nonsense"}),
        lambda headers: headers.update({"webhook-signature": "v1,é"}),
        lambda headers: headers.update({"webhook-timestamp": "nan"}),
        lambda headers: headers.update({"webhook-timestamp": "9" * 400}),
        lambda headers: headers.update(signed("{}", datetime.now(UTC) - timedelta(minutes=6))),
        lambda headers: headers.update(signed("{}", datetime.now(UTC) + timedelta(minutes=6))),
        lambda headers: headers.update(signed("{}", secret="whsec_" + "A" * 32)),
        lambda headers: headers.update(signed("{} ")),
    ],
)
def test_everything_else_is_refused(spoil):
    headers = signed("{}")
    spoil(headers)
    with pytest.raises(SignatureWrong):
        verify(ACCOUNT, headers, b"{}")


def test_a_body_that_is_no_text_is_refused():
    with pytest.raises(SignatureWrong):
        verify(ACCOUNT, signed("{}"), b"\xff\xfe")


def test_a_message_is_parsed_and_takes_its_id_from_the_header():
    given = parse({"webhook-id": "msg_1"}, '{"user": "mei", "text": "你好", "else": 1}'.encode())
    assert (given.message_id, given.user, given.text, given.payload) == ("msg_1", "mei", "你好", None)
    assert parse({"webhook-id": "msg_1"}, b'{"user": "mei", "message_id": "own"}').message_id == "own"


@pytest.mark.parametrize(
    "body", ["[]", "{}", '{"user": ""}', '{"user": 5}', '{"user": "a\\u0000"}', '{"user":"u","text":[]}']
)
def test_fields_that_are_wrong_are_refused(body: str):
    with pytest.raises(ValidationError):
        parse({"webhook-id": "msg_1"}, body.encode())


def test_the_body_has_the_message_and_whose_it_is():
    assert json.loads(render(OUT)) == {
        "type": "message.created",
        "timestamp": MESSAGE["at"],
        "data": {"account": "shop", "user": "mei", **MESSAGE},
    }


class Receiver(SmallServer):
    """Answers as told, and remembers what came."""

    def __init__(self) -> None:
        super().__init__()
        self.came: list[tuple[dict[str, str], bytes]] = []
        self.status = 204
        self.headers: dict[str, str] = {}

    def app(self) -> Starlette:
        return Starlette(routes=[Route("/hook", self.hook, methods=["POST"])])

    async def hook(self, request: Request) -> Response:
        self.came.append((dict(request.headers), await request.body()))
        return Response(status_code=self.status, headers=self.headers)


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    await receiver.start()
    yield receiver
    await receiver.stop()


async def send(receiver: Receiver, out: Outgoing = OUT) -> None:
    async with WebhookChannel({"shop": WebhookAccount("shop", f"{receiver.url}/hook", SECRET)}) as channel:
        await channel.send(out)


async def test_what_is_sent_can_be_verified_by_its_receiver(receiver: Receiver):
    await send(receiver)
    [(headers, body)] = receiver.came
    verified: Any = Webhook(SECRET).verify(body, headers)
    assert verified["data"]["text"] == "您好😀"
    assert headers["webhook-id"] == "b-1"
    assert headers["content-type"] == "application/json"


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 413, 422])
async def test_a_refusal_is_final(receiver: Receiver, status: int):
    receiver.status = status
    with pytest.raises(Refused, match=f"refused {status}"):
        await send(receiver)


@pytest.mark.parametrize("status", [301, 302, 308, 408, 409, 425, 429, 500, 502, 503, 504])
async def test_a_failure_is_not(receiver: Receiver, status: int):
    receiver.status, receiver.headers = status, {"Location": "http://127.0.0.1:1/"}
    with pytest.raises(NotSent, match=f"failed {status}") as failed:
        await send(receiver)
    assert failed.value.retry_after is None


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7),
        (300, 300),
        (-300, 0),
        ("soon", None),
        ("-3", None),
        ("", None),
    ],
)
async def test_it_is_heard_how_long_to_wait(receiver: Receiver, header: str | int, seconds: float | None):
    if isinstance(header, int):  # a date, so many seconds from now
        header = format_datetime(datetime.now(UTC) + timedelta(seconds=header), usegmt=True)
    receiver.status, receiver.headers = 429, {"Retry-After": header}
    with pytest.raises(NotSent) as failed:
        await send(receiver)
    assert failed.value.retry_after == (seconds if seconds in (None, 0, 7) else pytest.approx(seconds, abs=30))


async def test_a_receiver_that_is_down_or_unknown(receiver: Receiver):
    await receiver.stop()
    with pytest.raises(NotSent, match="unreachable"):
        await send(receiver)
    async with WebhookChannel({}) as channel:
        with pytest.raises(Refused, match="no account"):
            await channel.send(OUT)


async def test_a_receiver_that_never_answers_is_left_in_time(receiver: Receiver, monkeypatch):
    import asyncio

    async def never(_: Request) -> Response:
        await asyncio.Event().wait()
        raise AssertionError

    monkeypatch.setattr(receiver, "hook", never)
    await receiver.stop()
    await receiver.start()
    monkeypatch.setattr("channels.webhook.SEND_SECONDS", 0.2)
    with pytest.raises(NotSent, match="slow"):
        await send(receiver)
