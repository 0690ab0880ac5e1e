"""Whatever is sent to a door, the answer is a clear refusal and never a failure of ours."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest
import structlog

from desk import Desk, Settings
from gateway.doors.app import create_app
from gateway.doors.settings import DoorSettings
from tests.gateway.cast import PASSWORD
from tests.gateway.conftest import MakeDoors, doors_over, running, send, visitor
from tests.redis_server import redis_server

_PLENTY = {f"rate_{name}": "100000 per minute" for name in ("messages", "sessions", "rest", "sign_in", "polls")}

BODIES: list[bytes] = [
    b"",
    b"null",
    b"[]",
    b"{",
    b'"text"',
    b"7",
    b"{}",
    b"\xff\xfe\xfa",
    b'{"text": "\xff"}',
    b"\x00",
    b'{"message_id": "m\\u0000", "text": "x", "name": "\\u0000", "password": "\\u0000"}',
    b'{"sender": "\\u0000", "message": "x"}',
    b'{"message_id": "\\ud800", "text": "\\udfff", "name": "\\ud800", "password": "x"}',
    b'{"sender": "\\ud800", "message": "\\ud800"}',
    b'{"message_id": "m", "text": "\\ud83d", "message": "\\ud83d", "epoch": 1}',
    b'{"message_id": 7, "text": [], "name": [], "password": {}, "epoch": "x", "version": []}',
    b'{"sender": {}, "message": 7}',
    b'{"message_id": "m", "text": "x", "epoch": 99999999999999999999999999, "version": 1e400}',
    b'{"epoch": NaN, "version": Infinity, "available": NaN, "message": NaN}',
    b'{"vouch": {"user": "\\ud800", "at": 1, "signature": "' + b"0" * 64 + b'"}}',
    b'{"vouch": {"user": "x", "at": 1e30, "signature": "x"}, "language": "\\ud800"}',
    b"[" * 30_000,
    b'{"a":' * 10_000,
    b'{"text": ' + b"9" * 5000 + b"}",
    json.dumps({"message_id": "m", "text": "好" * 4001, "message": "好" * 4001, "note": "好" * 4001, "q": 1}).encode(),
    json.dumps({f"k{n}": n for n in range(3000)}).encode(),
]

DOORS = [
    ("POST", "/v1/sessions"),
    ("POST", "/v1/messages"),
    ("POST", "/v1/attachments"),
    ("POST", "/webhooks/rest/webhook"),
    ("POST", "/v1/desk/sign-in"),
    ("POST", "/v1/desk/presence"),
    ("POST", "/v1/desk/agents"),
    ("POST", "/v1/conversations/{id}/claim"),
    ("POST", "/v1/conversations/{id}/release"),
    ("POST", "/v1/conversations/{id}/transfer"),
    ("POST", "/v1/conversations/{id}/close"),
    ("POST", "/v1/conversations/{id}/messages"),
    ("PATCH", "/v1/tickets/T1-1"),
    ("POST", "/v1/agent/conversations/{id}/suggestions/outcome"),
    ("POST", "/v1/agent/conversations/{id}/check"),
    ("POST", "/v1/agent/conversations/{id}/verified"),
    ("POST", "/v1/agent/conversations/{id}/wrap-up/check"),
    ("POST", "/v1/agent/conversations/{id}/wrap-up"),
]

QUERIES = [
    "/v1/events?conversation=%00",
    "/v1/events?conversation=c1-%FF%FE&after=x",
    "/v1/events?conversation=" + "c" * 5000,
    "/v1/events?after=99999999999999999999999",
    "/v1/events?after=-1&wait=NaN",
    "/v1/events?wait=inf",
    "/v1/events?wait=1e400",
    "/v1/events?conversation=c99-01ARZ3NDEKTSV4RRFFQ69G5FAV",
    "/v1/attachments/%00",
    "/v1/attachments/..%2f..%2fetc%2fpasswd",
    "/v1/attachments/" + "a" * 3000,
    "/v1/conversations/%F0%9F%98%80",
    "/v1/conversations/c1-01ARZ3NDEKTSV4RRFFQ69G5FAV/suggestions",
    "/v1/tickets/T%00-1",
    "/v1/tickets/T1-99999999999999999999999999",
    "/v1/tickets?state=%ED%A0%80",
    "/v1/desk/search?q=%ED%A0%80%00",
    "/v1/agent/search?q=%ED%A0%80%00&language=%00",
    "/v1/agent/search?q=x&conversation=c1-%FF",
    "/v1/agent/conversations/%00/context?language=xx",
    "/v1/agent/wrap-up/options?language=%ED%A0%80",
    "/v1/desk/search?q=" + "q" * 600,
]


@pytest.fixture
async def anybody(make_doors: MakeDoors, desk: Desk) -> AsyncIterator[httpx2.AsyncClient]:
    """Somebody with every right: a customer's session and an administrator's cookie."""
    doors = make_doors(rest_wait_seconds=0.01, **_PLENTY)
    async with running(create_app(doors)) as app, visitor(app) as client:
        await desk.agents.sign_up("boss", PASSWORD, "主管", ("agent", "admin"))
        client.headers["X-Requested-With"] = "zhiban"
        await client.post("/v1/desk/sign-in", json={"name": "boss", "password": PASSWORD})
        session = (await client.post("/v1/sessions", json={})).json()["session"]
        client.headers["Authorization"] = f"Bearer {session}"
        yield client


@pytest.mark.parametrize(("method", "path"), DOORS)
async def test_no_body_breaks_a_door(anybody: httpx2.AsyncClient, method: str, path: str) -> None:
    conversation = await send(anybody, "在吗", "first")
    del anybody.headers["Authorization"]
    session = (await anybody.post("/v1/sessions", json={})).json()["session"]
    headers = {"Content-Type": "application/json"}
    if "rest" not in path:
        headers["Authorization"] = f"Bearer {session}"
    for body in BODIES:
        answer = await anybody.request(method, path.format(id=conversation), content=body, headers=headers)
        assert answer.status_code < 500, (body[:80], answer.text)
        if answer.status_code >= 400:
            assert_is_problem(answer)
            assert "\\ud8" not in answer.text
            assert "好好" not in answer.text


@pytest.mark.parametrize("address", QUERIES)
async def test_no_query_breaks_a_door(anybody: httpx2.AsyncClient, address: str) -> None:
    answer = await anybody.get(address)
    assert answer.status_code < 500, answer.text
    if answer.status_code >= 400:
        assert_is_problem(answer)


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": b"Bearer \xff\xfe"},
        {"Authorization": b"Bearer " + b"x" * 9000},
        {"Authorization": b"\x01"},
        {"Cookie": b"zhiban_agent=\xff\x01;;;=;"},
        {"Cookie": b"zhiban_agent=" + b"x" * 9000},
        {"Content-Type": b"multipart/form-data"},
        {"Content-Type": b"multipart/form-data; boundary="},
        {"Content-Type": b"application/json; charset=utf-7"},
        {"Content-Length": b"-1"},
        {"X-Forwarded-For": b"\xff, <script>"},
    ],
)
async def test_no_header_breaks_a_door(client: httpx2.AsyncClient, headers: dict[str, bytes]) -> None:
    for method, path in [*DOORS, ("GET", "/v1/events"), ("GET", "/v1/desk/me"), ("GET", "/v1/attachments/x")]:
        content = b"--\r\n" if method != "GET" else None
        answer = await client.request(method, path.format(id="x"), headers=headers, content=content)
        assert 400 <= answer.status_code < 500, (path, answer.text)
        assert_is_problem(answer)


def assert_is_problem(answer: httpx2.Response) -> None:
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == answer.status_code
    assert problem["type"] == f"urn:zhiban:problem:{problem['code']}"
    assert problem["title"]
    assert problem["detail"]


async def test_a_large_body_is_refused_whether_announced_or_not(customer: httpx2.AsyncClient) -> None:
    body = json.dumps({"message_id": "m", "text": "x", "rest": "x" * 70_000}).encode()

    async def chunks() -> AsyncIterator[bytes]:
        for start in range(0, len(body), 8000):
            yield body[start : start + 8000]

    for content in (body, chunks()):
        answer = await customer.post("/v1/messages", content=content, headers={"Content-Type": "application/json"})
        assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")
        assert_is_problem(answer)
    assert (await customer.get("/v1/events")).json()["conversation"] is None


async def test_unknown_paths_and_methods_are_problems_too(client: httpx2.AsyncClient) -> None:
    for method, path, status in (
        ("GET", "/nowhere", 404),
        ("GET", "/v1/nothing", 404),
        ("DELETE", "/v1/messages", 405),
        ("PUT", "/", 405),
        ("POST", "/assets/x.js", 405),
        ("BREW", "/v1/messages", 405),
    ):
        answer = await client.request(method, path)
        assert answer.status_code == status, path
        assert_is_problem(answer)


async def test_a_failure_of_ours_tells_nothing(client: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(*_: Any) -> None:
        raise RuntimeError("the password is hunter2")

    monkeypatch.setattr(Desk, "open_conversation", fail)
    with structlog.testing.capture_logs() as logged:
        answer = await client.post("/v1/sessions", json={"language": "zh-CN"})
    assert [entry["event"] for entry in logged] == ["unknown_error"]
    assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")
    assert "hunter2" not in answer.text
    assert_is_problem(answer)


async def test_without_the_store_the_doors_ask_for_patience(namespace: str) -> None:
    with redis_server() as url:
        desk = await Desk.connect(Settings(redis_url=url, namespace=namespace))
        doors = doors_over(desk, url, DoorSettings(namespace=namespace))
        app = create_app(doors)
        async with visitor(app) as client:
            session = (await client.post("/v1/sessions", json={})).json()["session"]
            client.headers["Authorization"] = f"Bearer {session}"
            assert (await client.get("/readyz")).status_code == 200
    async with visitor(app) as client:
        client.headers["Authorization"] = f"Bearer {session}"
        answers = [
            await client.get("/readyz"),
            await client.post("/v1/messages", json={"message_id": "m", "text": "x"}),
            await client.get("/v1/desk/me", headers={"Cookie": "zhiban_agent=x"}),
            await client.post("/webhooks/rest/webhook", json={"message": "x"}, headers={"Authorization": ""}),
        ]
        alive = await client.get("/healthz")
    await desk.aclose()
    await doors.rates.aclose()
    for answer in answers:
        assert (answer.status_code, answer.json()["code"]) == (503, "store_unavailable")
        assert int(answer.headers["Retry-After"]) >= 1
    assert alive.status_code == 200
