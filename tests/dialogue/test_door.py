"""Rasa as its own process: the door over HTTP, with secret, refusals and readiness."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from bot import model
from tests.dialogue.customer import Bot, Customer
from tests.dialogue.processes import running

SECRET = "a-secret-of-this-test"


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All that this Rasa writes."""
    return tmp_path_factory.mktemp("rasa") / "log"


@pytest.fixture(scope="module")
def rasa(model_path: Path, knowledge_url: str, log: Path) -> Iterator[tuple[str, int]]:
    """A Rasa whose action server is down."""
    environ = {"BOT_SECRET": SECRET, "ACTIONS_URL": "http://127.0.0.1:1/webhook", "KNOWLEDGE_URL": knowledge_url}
    arguments = ["run", "-m", str(model_path)]
    with running("bot.launch", "/webhooks/gateway/", arguments, environ, sys.executable, log) as started:
        yield started


@pytest.fixture
def door(rasa: tuple[str, int]) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=rasa[0], headers={"X-Bot-Secret": SECRET}, trust_env=False, timeout=20) as client:
        yield client


def body(bot: Bot, said: str = "你好", **changes: Any) -> dict[str, Any]:
    return {**Customer(bot).body(said), **changes}


def code(response: httpx2.Response) -> tuple[int, str]:
    return response.status_code, response.json()["error"]["code"]


def test_a_turn_over_http(door: httpx2.Client, bot: Bot) -> None:
    response = door.post("/webhooks/gateway/webhook", json=body(bot))
    assert response.status_code == 200
    answer = response.json()
    assert answer["replies"][0]["text"].startswith("您好")
    assert answer["commands"] == []
    assert answer["reading"]["route"] == "greet"
    assert set(answer["dialogue"]) >= {"slots", "loop", "latest_action", "events"}


def test_ready_names_model_and_encoder(door: httpx2.Client, model_path: Path) -> None:
    ready = door.get("/webhooks/gateway/").json()
    assert ready["status"] == "ok"
    assert ready["model"] == model_path.name
    assert set(ready["encoder"]) == {"name", "version", "dimension"}


@pytest.mark.parametrize("secret", ["", "wrong", "a-secret-of-this-tes", "密"])
def test_without_the_secret_nobody_is_heard(door: httpx2.Client, bot: Bot, secret: str) -> None:
    headers = {"X-Bot-Secret": secret.encode()}
    assert code(door.post("/webhooks/gateway/webhook", json=body(bot), headers=headers)) == (401, "unauthorized")


VECTOR = {"encoder": {"name": "x", "version": "1", "dimension": 1}, "values": "AAAAAA=="}


@pytest.mark.parametrize(
    "changes",
    [
        {"text": ""},
        {"text": 5},
        {"text": "好" * 4001},
        {"conversation": None},
        {"message_id": " "},
        {"epoch": "1"},
        {"language": "fr"},
        {"dialogue": []},
        {"dialogue": {"slots": 5}},
        {"dialogue": {"slots": {}, "events": [7], "offers": [{"title": 1}]}},
        {"knowledge": {"outcome": "answer", "articles": [{"id": "a"}]}},
        {"knowledge": {"outcome": "answer", "articles": 5}},
        {"vector": {"encoder": {"name": "x", "version": "1", "dimension": 2}, "values": "AAAA"}},
        {"vector": {"values": "%%%"}},
        {"vector": {**VECTOR, "parts": 7}},
        {"vector": {**VECTOR, "parts": [{"text": "a"}]}},
        {"vector": {**VECTOR, "parts": [{"text": "", "values": "AAAAAA=="}]}},
        {"vector": {**VECTOR, "parts": [{"text": "a", "values": "AAAAAAAAAAA="}]}},
        {"vector": {**VECTOR, "parts": [{"text": "a", "values": "AAAAAA=="}] * 6}},
        {"desk": {"tickets": ["T1-1"]}},
    ],
)
def test_bad_input_is_named(door: httpx2.Client, bot: Bot, changes: dict[str, Any]) -> None:
    response = door.post("/webhooks/gateway/webhook", json=body(bot, **changes))
    assert code(response) == (400, "bad_request")
    assert next(iter(changes)) in response.json()["error"]["detail"]


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"\xff", b"null"])
def test_a_body_that_is_no_object(door: httpx2.Client, raw: bytes) -> None:
    assert code(door.post("/webhooks/gateway/webhook", content=raw)) == (400, "bad_request")


def test_an_undeclared_payload(door: httpx2.Client, bot: Bot) -> None:
    assert code(door.post("/webhooks/gateway/webhook", json=body(bot, "/session_start"))) == (400, "payload_refused")


def test_another_encoder_is_refused_with_what_to_do(door: httpx2.Client, bot: Bot) -> None:
    given = body(bot)
    given["vector"]["encoder"]["version"] = "another"
    response = door.post("/webhooks/gateway/webhook", json=given)
    assert code(response) == (503, "encoder_mismatch")
    assert "zhiban train" in response.json()["error"]["detail"]


def test_rasas_own_doors_are_closed(door: httpx2.Client) -> None:
    assert door.get("/conversations/c17-01JTEST/tracker").status_code == 404
    assert door.post("/webhooks/rest/webhook", json={"sender": "a", "message": "hi"}).status_code == 404


def test_only_the_loopback_is_bound(rasa: tuple[str, int]) -> None:
    port = f"{int(rasa[0].rsplit(':', 1)[1]):04X}"
    listening = [line.split()[1] for line in Path("/proc/net/tcp").read_text().splitlines()[1:] if " 0A " in line]
    assert f"0100007F:{port}" in listening
    assert f"00000000:{port}" not in listening


def test_a_failed_action_is_told_and_nothing_said_is_logged(door: httpx2.Client, bot: Bot, log: Path) -> None:
    dialogue = None
    for said in ("我要投诉", "打我电话13912340099，卡号6222021234567894", "QH20260412399"):
        response = door.post("/webhooks/gateway/webhook", json=body(bot, said, dialogue=dialogue))
        if response.status_code != 200:
            break
        dialogue = response.json()["dialogue"]
    assert code(response) == (503, "action_failed")
    written = log.read_text()
    assert "validate_complaint_form" in written
    for planted in ("13912340099", "6222021234567894", "QH20260412399", "打我电话"):
        assert planted not in written
        assert planted not in response.text


def test_without_a_model_it_says_so() -> None:
    with pytest.raises(model.NoModel, match="zhiban train"):
        model.described(None)
