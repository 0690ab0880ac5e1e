"""The socket door: Rasa's clients notice nothing new, ours lose nothing and hear nothing twice."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest

from desk import Desk, Reply
from gateway.doors.app import Application, create_app
from gateway.doors.context import Doors
from tests.gateway.cast import CARD, Bot
from tests.gateway.conftest import served, signed_in
from tests.gateway.ear import ear


@pytest.fixture
async def served_app(doors: Doors) -> AsyncIterator[tuple[Application, str]]:
    app = create_app(doors)
    async with served(app) as url:
        yield app, url


@pytest.fixture
def url(served_app: tuple[Application, str]) -> str:
    return served_app[1]


@pytest.fixture
async def token(url: str) -> str:
    async with httpx2.AsyncClient(base_url=url) as client:
        return str((await client.post("/v1/sessions", json={"language": "zh-CN"})).json()["session"])


def seqs(events: list[Any]) -> list[int]:
    return [event["seq"] for event in events]


# Rasa's clients


async def test_a_rasa_client_gets_a_session_and_hears_the_bot(url: str, desk: Desk, bot: Bot, doors: Doors) -> None:
    async with ear(url) as page:
        await page.emit("session_request", {"session_id": None})
        await page.until(lambda heard: heard.all("session_confirm"))
        session_id = page.all("session_confirm")[0]
        assert isinstance(session_id, str)
        await page.emit("user_uttered", {"message": "在吗", "session_id": session_id, "customData": {"language": "en"}})
        session = doors.sessions.read(session_id)
        assert session is not None
        while (conversation := await desk.open_conversation(session.address)) is None:
            await asyncio.sleep(0.01)
        buttons = [{"title": "退款", "payload": "/refund"}]
        await bot.answer(
            conversation.id, Reply(text="在的。\n\n选一个：", buttons=buttons), Reply(image="https://x.test/a.png")
        )
        await page.until(lambda heard: len(heard.all("bot_uttered")) == 3)
    first, second, third = page.all("bot_uttered")
    assert (first["text"], first["quick_replies"]) == ("在的。", [])
    assert second["text"] == "选一个："
    assert second["quick_replies"] == [{"content_type": "text", "title": "退款", "payload": "/refund"}]
    assert third["attachment"] == {"type": "image", "payload": {"src": "https://x.test/a.png"}}
    assert page.all("event") == []


async def test_a_rasa_client_keeps_its_session_and_a_foreign_one_is_replaced(url: str) -> None:
    async with ear(url) as page:
        await page.emit("session_request", {"session_id": "0123456789abcdef"})
        await page.until(lambda heard: heard.all("session_confirm"))
    given = page.all("session_confirm")[0]
    assert given != "0123456789abcdef"
    async with ear(url) as page:
        await page.emit("session_request", {"session_id": given})
        await page.until(lambda heard: heard.all("session_confirm"))
    assert page.all("session_confirm") == [given]


async def test_a_rasa_client_that_skips_the_session_request_is_answered(url: str, desk: Desk, bot: Bot) -> None:
    async with ear(url) as page:
        receipt = await page.call("user_uttered", {"message": "在吗"})
        await bot.answer(receipt["conversation"], "在的。")
        await page.until(lambda heard: heard.texts == ["在的。"])


async def test_a_rasa_client_is_told_when_its_message_is_refused(url: str) -> None:
    async with ear(url) as page:
        await page.emit("user_uttered", {"message": "好" * 4001})
        await page.until(lambda heard: heard.texts)
    assert page.texts == ["消息没有送达，请稍后再发一次。"]


async def test_long_polling_works_too(url: str, bot: Bot) -> None:
    async with ear(url, transports=["polling"]) as page:
        receipt = await page.call("user_uttered", {"message": "在吗"})
        await bot.answer(receipt["conversation"], "在的。")
        await page.until(lambda heard: heard.texts == ["在的。"])
        await page.client.eio.disconnect(abort=True)  # else the client sits out its last poll


# ours


async def test_our_page_follows_the_numbered_log(url: str, token: str, bot: Bot, desk: Desk) -> None:
    async with ear(url, token) as page:
        assert await page.call("resume", {}) == {"conversation": None, "state": None, "seq": 0}
        receipt = await page.call("message", {"message_id": "m1", "text": f"在吗 {CARD}"})
        assert receipt["duplicate"] is False
        await bot.answer(receipt["conversation"], "在的。")
        await page.until(lambda heard: heard.texts == ["在的。"])
        assert (await page.call("message", {"message_id": "m1", "text": "在吗"})) == {**receipt, "duplicate": True}
    assert seqs(page.all("event")) == list(range(1, len(page.all("event")) + 1))
    assert page.all("bot_uttered") == []
    assert page.all("typing")[0] == {"conversation": receipt["conversation"], "role": "bot"}
    assert CARD not in str(page.heard)


async def test_a_page_that_was_away_gets_the_rest_once(url: str, token: str, bot: Bot) -> None:
    async with ear(url, token) as page:
        await page.call("resume", {})
        conversation = (await page.call("message", {"message_id": "m1", "text": "一"}))["conversation"]
        await bot.answer(conversation, "答一")
        await page.until(lambda heard: heard.texts == ["答一"])
        last = page.all("event")[-1]["seq"]
        await page.call("message", {"message_id": "m2", "text": "二"})
    await bot.answer(conversation, "答二", "答三")
    async with ear(url, token) as again:
        resumed = await again.call("resume", {"conversation": conversation, "after": last})
        await again.until(lambda heard: heard.texts == ["答二", "答三"])
    assert (resumed["conversation"], resumed["state"]) == (conversation, "bot")
    assert seqs(again.all("event")) == list(range(last + 1, resumed["seq"] + 1))


async def test_coming_back_in_the_middle_of_a_burst_loses_and_repeats_nothing(
    url: str, token: str, bot: Bot, desk: Desk
) -> None:
    async with ear(url, token) as page:
        await page.call("resume", {})
        conversation = (await page.call("message", {"message_id": "m0", "text": "开始"}))["conversation"]

    async def talk() -> None:
        for number in range(1, 13):
            await bot.answer(conversation, f"答 {number}")
            async with httpx2.AsyncClient(base_url=url, headers={"Authorization": f"Bearer {token}"}) as client:
                await client.post("/v1/messages", json={"message_id": f"m{number}", "text": f"问 {number}"})

    talking = asyncio.create_task(talk())
    heard: list[Any] = []
    while not talking.done() or len(heard) < (await desk.conversation(conversation)).seq:
        async with ear(url, token) as page:
            after = heard[-1]["seq"] if heard else 0
            await page.call("resume", {"conversation": conversation, "after": after})
            if after < (await desk.conversation(conversation)).seq:
                await page.until(lambda now: len(now.all("event")) > 0)
            heard += page.all("event")
    await talking
    assert seqs(heard) == list(range(1, (await desk.conversation(conversation)).seq + 1))


async def test_resuming_twice_on_one_socket_follows_once(url: str, token: str, bot: Bot) -> None:
    async with ear(url, token) as page:
        conversation = (await page.call("message", {"message_id": "m1", "text": "在吗"}))["conversation"]
        first = await page.call("resume", {"conversation": conversation, "after": 0})
        await page.until(lambda heard: len(heard.all("event")) == first["seq"])
        await page.call("resume", {"conversation": conversation, "after": first["seq"]})
        await bot.answer(conversation, "在的。")
        await page.until(lambda heard: heard.texts == ["在的。"])
    assert page.texts == ["在的。"]


async def test_after_a_conversation_is_closed_the_page_moves_on_to_the_next(
    served_app: tuple[Application, str], token: str, bot: Bot, desk: Desk
) -> None:
    app, url = served_app
    async with ear(url, token) as page, ear(url, token) as other_tab, signed_in(app, desk, "lin", "林小姐") as lin:
        await page.call("resume", {})
        first = (await page.call("message", {"message_id": "m1", "text": "转人工"}))["conversation"]
        await other_tab.call("resume", {"conversation": first, "after": 0})
        await bot.call_a_person(first)
        epoch = (await lin.post(f"/v1/conversations/{first}/claim")).json()["epoch"]
        await lin.post(f"/v1/conversations/{first}/close", json={"epoch": epoch})
        await page.until(lambda heard: heard.all("closed"))
        second = (await page.call("message", {"message_id": "m2", "text": "再问一句"}))["conversation"]
        await bot.answer(second, "请说。")
        for tab in (page, other_tab):
            await tab.until(lambda heard: heard.texts[-1:] == ["请说。"], seconds=5)
    assert page.all("closed") == [{"conversation": first}]
    assert second != first
    assert seqs([event for event in page.all("event") if event["conversation"] == second])[0] == 1


async def test_nobody_follows_somebody_elses_conversation(url: str, token: str) -> None:
    async with ear(url, token) as page:
        conversation = (await page.call("message", {"message_id": "m1", "text": "在吗"}))["conversation"]
    async with ear(url) as stranger:
        answer = await stranger.call("resume", {"conversation": conversation, "after": 0})
        assert answer["error"]["code"] == "session_invalid"
        await stranger.emit("session_request", {})
        await stranger.until(lambda heard: heard.all("session_confirm"))
        answer = await stranger.call("resume", {"conversation": conversation, "after": 0})
        assert answer["error"]["code"] == "conversation_not_found"
    assert stranger.all("event") == []


async def test_messages_of_one_socket_keep_their_order(url: str, token: str, desk: Desk) -> None:
    async with ear(url, token) as page:
        for number in range(15):
            await page.emit("message", {"message_id": f"m{number}", "text": str(number)})
        conversation = (await page.call("message", {"message_id": "last", "text": "15"}))["conversation"]
    said = [event.text for event in await desk.events(conversation) if event.type == "message"]
    assert said == [str(number) for number in range(16)]


HOSTILE: list[Any] = [
    None,
    [],
    "text",
    7,
    True,
    {},
    {"message_id": "", "text": "x"},
    {"message_id": "m" * 129, "text": "x"},
    {"message_id": "m\n", "text": "x"},
    {"message_id": 7, "text": "x"},
    {"message_id": "m", "text": "好" * 4001},
    {"message_id": "m", "text": "\ud800"},
    {"message_id": "m", "text": {"deep": [[[]]]}},
    {"message_id": "m", "payload": ["x"]},
    {"message_id": "m", "attachments": ["../../etc/passwd"]},
    {"message_id": "m", "attachments": ["a" * 32] * 9},
    {"conversation": "c99-x", "after": 0},
    {"conversation": {"a": 1}, "after": -1},
    {"conversation": None, "after": 10**30},
    {"session_id": {"a": 1}, "message": ["x"]},
    {"session_id": "x" * 5000, "message": None},
    {"message": "x", "metadata": "text"},
    b"\x00\xff",
]


@pytest.mark.parametrize("name", ["message", "resume", "session_request", "user_uttered", "typing", "unknown"])
async def test_hostile_payloads_break_nothing(url: str, token: str, name: str) -> None:
    async with ear(url, token) as page:
        for data in HOSTILE:
            await page.client.emit(name, data)
        await page.client.emit(name, ("two", "arguments"))
        receipt = await page.call("message", {"message_id": "after all", "text": "还在吗"})
    assert "conversation" in receipt or receipt["error"]["code"] == "rate_limited"


async def test_what_is_no_packet_at_all_ends_one_connection_and_not_the_server(url: str, token: str) -> None:
    import websockets

    address = url.replace("http", "ws") + "/socket.io/?EIO=4&transport=websocket"
    for packet in (
        "42" + "[" * 30000,
        "4\x00",
        "9",
        "45999999999-[]",
        b"\x00\xff\xfe",
        "42" + "x" * 100_000,
        "42[1]",
        "42{}",
    ):
        async with websockets.connect(address) as raw:
            await raw.recv()
            await raw.send("40")
            await raw.recv()
            await raw.send(packet)
    async with ear(url, token) as page:
        assert (await page.call("resume", {}))["seq"] == 0


async def test_refusals_are_acknowledged_with_their_code(url: str, token: str) -> None:
    async with ear(url, token) as page:
        invalid = await page.call("message", {"message_id": "m", "text": "\ud800"})
        empty = await page.call("message", {"message_id": "m", "text": " "})
        unknown = await page.call("message", {"message_id": "m", "attachments": ["a" * 32]})
    assert [answer["error"]["code"] for answer in (invalid, empty, unknown)] == [
        "invalid",
        "empty_message",
        "attachment_not_found",
    ]
