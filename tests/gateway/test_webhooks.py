"""A company's own backend hands in what its customers write: signed, once, and masked like everything else."""

import asyncio
import json
import os
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest
from standardwebhooks.webhooks import Webhook

from channels import read_webhooks
from desk import Address, Desk
from gateway.doors.app import create_app
from tests.gateway.cast import CARD
from tests.gateway.conftest import MakeDoors, running, visitor
from tests.gateway.process import ROOT

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OTHER = "whsec_bm9ib2R5IGtub3dzIHRoaXMgc2VjcmV0IQ=="
SETTING = f"shop:http://127.0.0.1:1/:{SECRET},other:http://127.0.0.1:1/:{OTHER}"


@pytest.fixture
async def backend(make_doors: MakeDoors):
    from dataclasses import replace

    doors = replace(make_doors(), webhooks=read_webhooks(SETTING))
    async with running(create_app(doors)) as app, visitor(app) as client:
        yield client


async def hand_in(
    backend: httpx2.AsyncClient, body: Any, account: str = "shop", secret: str = SECRET, **headers: str
) -> httpx2.Response:
    text = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)
    at = datetime.now(UTC)
    signed = {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(secret).sign("msg_1", at, text),
        **headers,
    }
    return await backend.post(f"/v1/channels/webhook/{account}", content=text.encode(), headers=signed)


async def test_a_signed_message_is_received_and_its_repetition_is_the_same(backend, desk: Desk) -> None:
    first = await hand_in(backend, {"message_id": "m1", "user": "mei", "text": "你好", "language": "zh-TW"})
    again = await hand_in(backend, {"message_id": "m1", "user": "mei", "text": "你好"})
    assert (first.status_code, again.status_code) == (202, 202)
    conversation = await desk.open_conversation(Address("webhook", "shop", "mei"))
    assert conversation is not None
    assert first.json() == {"conversation": conversation.id, "seq": 2, "duplicate": False}
    assert again.json() == {"conversation": conversation.id, "seq": 2, "duplicate": True}
    assert conversation.language == "zh-Hant"


async def test_without_an_id_of_its_own_the_header_names_the_message(backend, desk: Desk) -> None:
    receipt = (await hand_in(backend, {"user": "mei", "text": "你好"})).json()
    [event] = await desk.events(receipt["conversation"], after=1)
    assert event.message_id == "msg_1"


async def test_accounts_do_not_share_customers(backend) -> None:
    body = {"message_id": "m1", "user": "mei", "text": "你好"}
    shop = await hand_in(backend, body)
    other = await hand_in(backend, body, "other", OTHER)
    assert shop.json()["conversation"] != other.json()["conversation"]


@pytest.mark.parametrize(
    ("account", "secret", "headers"),
    [
        ("shop", OTHER, {}),
        ("nobody", SECRET, {}),
        ("shop", SECRET, {"webhook-id": "msg_2"}),
        ("shop", SECRET, {"webhook-timestamp": str(int((datetime.now(UTC) - timedelta(hours=1)).timestamp()))}),
        ("shop", SECRET, {"webhook-signature": "v1"}),
    ],
)
async def test_what_is_not_signed_by_the_account_is_refused_and_why_is_not_told(
    backend, desk: Desk, account: str, secret: str, headers: dict[str, str]
) -> None:
    refused = await hand_in(backend, {"message_id": "m1", "user": "mei", "text": "你好"}, account, secret, **headers)
    assert (refused.status_code, refused.json()["code"]) == (401, "signature_refused")
    assert await desk.open_conversation(Address("webhook", account, "mei")) is None


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ("{", 400, "bad_json"),
        ("[" * 20_000, 400, "bad_json"),
        ("[]", 422, "invalid"),
        ({"user": "mei", "text": 5}, 422, "invalid"),
        ({"text": "你好"}, 422, "invalid"),
        ({"user": "mei"}, 422, "empty_message"),
        ({"user": "mei", "text": "长" * 4001}, 422, "invalid"),
        ({"user": "mei", "text": "长" * 30_000}, 413, "body_too_large"),
    ],
)
async def test_what_cannot_be_read_is_refused(backend, body: Any, status: int, code: str) -> None:
    refused = await hand_in(backend, body)
    assert (refused.status_code, refused.json()["code"]) == (status, code)


async def test_card_numbers_are_masked_before_anything_is_kept(backend, desk: Desk) -> None:
    receipt = (await hand_in(backend, {"message_id": "m1", "user": "mei", "text": f"我的卡 {CARD}"})).json()
    [event] = await desk.events(receipt["conversation"], after=1)
    assert CARD not in event.text
    assert "我的卡" in event.text


async def test_one_customer_cannot_flood_us_through_it(make_doors: MakeDoors) -> None:
    from dataclasses import replace

    doors = replace(make_doors(rate_messages="2 per minute"), webhooks=read_webhooks(SETTING))
    async with running(create_app(doors)) as app, visitor(app) as backend:
        answers = [await hand_in(backend, {"message_id": f"m{n}", "user": "mei", "text": "喂"}) for n in range(3)]
        other = await hand_in(backend, {"message_id": "m1", "user": "bo", "text": "喂"})
    assert [answer.status_code for answer in answers] == [202, 202, 429]
    assert "Retry-After" in answers[-1].headers
    assert other.status_code == 202


async def test_accounts_that_are_wrong_are_one_clear_line(redis_url: str, namespace: str) -> None:
    environment = {**os.environ, "REDIS_URL": redis_url, "NAMESPACE": namespace, "PORT": "0"}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "gateway.doors",
        env={**environment, "WEBHOOKS": "shop:https://h/x:whsec_c2VjcmV0"},
        cwd=ROOT,
        stderr=asyncio.subprocess.PIPE,
    )
    _, err = await asyncio.wait_for(process.communicate(), 20)
    assert process.returncode == 2
    [line] = err.decode().splitlines()
    assert line.startswith("doors: wrong settings: WEBHOOKS: ")
    assert "shop: expected whsec_" in line
    assert "c2VjcmV0" not in line
