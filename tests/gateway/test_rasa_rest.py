"""Clients of Rasa's REST channel find what they know, and are never left without a word."""

import asyncio
import json
from typing import Any

import httpx2
import pytest

from desk import Address, Desk, Reply
from gateway.doors.app import create_app
from tests.gateway.cast import Bot
from tests.gateway.conftest import MakeDoors, running, visitor


async def in_conversation(desk: Desk, sender: str, account: str = "anonymous") -> str:
    """The conversation of the sender, as soon as the door has opened it."""
    while (found := await desk.open_conversation(Address("rest", account, sender))) is None:
        await asyncio.sleep(0.005)
    return found.id


async def ask(
    client: httpx2.AsyncClient, desk: Desk, bot: Bot, *replies: Reply | str, url: str = "/webhooks/rest/webhook"
) -> httpx2.Response:
    body = {"sender": "wx-1", "message": "在吗"}
    asked = asyncio.create_task(client.post(url, json=body))
    await bot.answer(await in_conversation(desk, "wx-1"), *replies)
    return await asked


async def test_the_answer_comes_in_the_same_response(client: httpx2.AsyncClient, desk: Desk, bot: Bot) -> None:
    answer = await ask(
        client, desk, bot, "在的。\n\n请说。", Reply(text="选一个", buttons=[{"title": "退款", "payload": "/refund"}])
    )
    assert answer.json() == [
        {"recipient_id": "wx-1", "text": "在的。"},
        {"recipient_id": "wx-1", "text": "请说。"},
        {"recipient_id": "wx-1", "text": "选一个", "buttons": [{"title": "退款", "payload": "/refund"}]},
    ]


async def test_a_stream_has_one_object_a_line(client: httpx2.AsyncClient, desk: Desk, bot: Bot) -> None:
    answer = await ask(client, desk, bot, "一", "二", url="/webhooks/rest/webhook?stream=true")
    assert [json.loads(line)["text"] for line in answer.text.splitlines()] == ["一", "二"]


async def test_a_repeated_message_gets_the_same_answer_again(client: httpx2.AsyncClient, desk: Desk, bot: Bot) -> None:
    body = {"sender": "wx-1", "message": "在吗", "metadata": {"message_id": "m1"}}
    asked = asyncio.create_task(client.post("/webhooks/rest/webhook", json=body))
    await bot.answer(await in_conversation(desk, "wx-1"), "在的。")
    assert (await asked).json() == (await client.post("/webhooks/rest/webhook", json=body)).json()


async def test_without_an_answer_in_time_a_person_will_come(make_doors: MakeDoors) -> None:
    async with running(create_app(make_doors(rest_wait_seconds=0.1))) as app, visitor(app) as client:
        body: dict[str, Any] = {"sender": "wx-1", "message": "hello", "metadata": {"language": "en-US"}}
        english = await client.post("/webhooks/rest/webhook", json=body)
        body["metadata"] = {"language": "zh-TW"}
        traditional = await client.post("/webhooks/rest/webhook", json=body)
    assert "a person will take care of it" in english.json()[0]["text"]
    assert "您的訊息" in traditional.json()[0]["text"]


async def test_while_a_person_holds_it_there_is_one_notice_at_once(
    client: httpx2.AsyncClient, lin: httpx2.AsyncClient, desk: Desk, bot: Bot
) -> None:
    asked = asyncio.create_task(client.post("/webhooks/rest/webhook", json={"sender": "wx-1", "message": "转人工"}))
    conversation = await in_conversation(desk, "wx-1")
    await bot.call_a_person(conversation)
    await asked
    assert (await lin.post(f"/v1/conversations/{conversation}/claim")).status_code == 200
    answer = await client.post("/webhooks/rest/webhook", json={"sender": "wx-1", "message": "还在吗"}, timeout=2)
    assert [message["text"] for message in answer.json()] == ["您的消息已经转给正在为您服务的客服，请稍候。"]


async def test_what_an_agent_wrote_comes_with_the_next_answer_and_once(
    client: httpx2.AsyncClient, desk: Desk, bot: Bot
) -> None:
    await ask(client, desk, bot, "在的。")
    held = await desk.claim(await in_conversation(desk, "wx-1"), "lin")
    await desk.say(held.id, "lin", held.epoch, "a1", "您好，我是小林。")

    async def texts() -> list[str]:
        answer = await client.post("/webhooks/rest/webhook", json={"sender": "wx-1", "message": "有人吗"})
        return [reply["text"] for reply in answer.json()]

    notice = "您的消息已经转给正在为您服务的客服，请稍候。"
    assert await texts() == ["您好，我是小林。", notice]
    assert await texts() == [notice]


async def test_a_sender_cannot_reach_a_widget_conversation(
    client: httpx2.AsyncClient, customer: httpx2.AsyncClient, desk: Desk
) -> None:
    opened = await customer.post("/v1/sessions", json={})
    await customer.post("/v1/messages", json={"message_id": "m1", "text": "我的"})
    mine = await desk.open_conversation(Address("widget", "anonymous", opened.json()["user"]))
    asked = asyncio.create_task(
        client.post("/webhooks/rest/webhook", json={"sender": opened.json()["user"], "message": "偷看"})
    )
    theirs = await in_conversation(desk, opened.json()["user"])
    asked.cancel()
    assert mine is not None
    assert mine.id != theirs


async def test_an_api_key_names_the_account(make_doors: MakeDoors, desk: Desk, bot: Bot) -> None:
    async with running(create_app(make_doors(rest_api_keys="shop:k1,app:k2"))) as app, visitor(app) as client:
        body = {"sender": "u1", "message": "在吗"}
        refused = await client.post("/webhooks/rest/webhook", json=body, headers={"Authorization": "Bearer k3"})
        asked = asyncio.create_task(
            client.post("/webhooks/rest/webhook", json=body, headers={"Authorization": "Bearer k2"})
        )
        await bot.answer(await in_conversation(desk, "u1", "app"), "在的。")
        answer = await asked
    assert (refused.status_code, refused.json()["code"]) == (401, "api_key_invalid")
    assert answer.json() == [{"recipient_id": "u1", "text": "在的。"}]


async def test_two_messages_without_a_sender_are_two_customers(make_doors: MakeDoors) -> None:
    async with running(create_app(make_doors(rest_wait_seconds=0.05))) as app, visitor(app) as client:
        first, second = [
            (await client.post("/webhooks/rest/webhook", json={"message": "在吗"})).json()[0]["recipient_id"]
            for _ in range(2)
        ]
    assert first != second


async def test_health_is_as_rasa_answers_it(client: httpx2.AsyncClient) -> None:
    assert (await client.get("/webhooks/rest/")).json() == {"status": "ok"}


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", None])
async def test_the_content_type_does_not_matter(make_doors: MakeDoors, content_type: str | None) -> None:
    async with running(create_app(make_doors(rest_wait_seconds=0.05))) as app, visitor(app) as client:
        headers = {"Content-Type": content_type} if content_type else {}
        body = json.dumps({"sender": 7, "message": "在吗"}).encode()
        answer = await client.post("/webhooks/rest/webhook", content=body, headers=headers)
    assert answer.json()[0]["recipient_id"] == "7"
