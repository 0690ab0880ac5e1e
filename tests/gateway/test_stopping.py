"""A door that is told to stop says so first, ends what it has begun, and leaves nobody with half an answer."""

import asyncio
import signal
import time
from typing import Any

import httpx2

from desk import Address, Desk
from tests.gateway.cast import Bot
from tests.gateway.process import Process


async def asks(door: Process, sender: str, message_id: str | None = "m1") -> httpx2.Response:
    async with httpx2.AsyncClient(base_url=door.url, timeout=30) as client:
        body = {"sender": sender, "message": "在吗", "metadata": {"message_id": message_id}}
        return await client.post("/webhooks/rest/webhook", json=body)


async def received(desk: Desk, sender: str) -> str:
    while (found := await desk.open_conversation(Address("rest", "anonymous", sender))) is None:
        await asyncio.sleep(0.02)
    return found.id


async def test_it_is_not_ready_before_it_closes_and_serves_meanwhile(start: Any) -> None:
    door = await start(LEAVE_SECONDS="1.5")
    async with httpx2.AsyncClient(base_url=door.url) as client:
        assert (await client.get("/readyz")).status_code == 200
        began = time.monotonic()
        door.process.send_signal(signal.SIGTERM)
        while (ready := await client.get("/readyz")).status_code == 200:
            await asyncio.sleep(0.02)
        assert ready.json()["code"] == "closing"
        assert time.monotonic() - began < 1
        assert (await client.get("/healthz")).status_code == 200
        opened = await client.post("/v1/sessions", json={})
        # A proxy that kept the connection might write into it as it is closed.
        assert (opened.status_code, opened.headers["Connection"]) == (201, "close")
    await asyncio.wait_for(door.process.wait(), 8)
    assert time.monotonic() - began > 1.5
    assert door.process.returncode == 0


async def test_a_second_signal_closes_at_once(start: Any) -> None:
    door = await start(LEAVE_SECONDS="60")
    door.process.send_signal(signal.SIGTERM)
    async with httpx2.AsyncClient(base_url=door.url) as client:
        while (await client.get("/readyz")).status_code == 200:
            await asyncio.sleep(0.02)
    assert await door.stop() < 4


async def test_an_answer_that_is_on_its_way_is_waited_for(start: Any, desk: Desk, bot: Bot) -> None:
    door = await start()
    asking = asyncio.create_task(asks(door, "mei"))
    conversation = await received(desk, "mei")
    door.process.send_signal(signal.SIGTERM)
    await asyncio.sleep(1)
    assert not asking.done()
    await bot.answer(conversation, "在的。")
    answer = await asking
    assert (answer.status_code, [reply["text"] for reply in answer.json()]) == (200, ["在的。"])
    assert await door.stop() < 4


async def test_who_waits_in_vain_is_told_to_ask_again_and_gets_the_answer_elsewhere(
    start: Any, desk: Desk, bot: Bot
) -> None:
    door = await start()
    asking = asyncio.create_task(asks(door, "bo"))
    conversation = await received(desk, "bo")
    began = time.monotonic()
    await door.stop()
    answer = await asking
    assert time.monotonic() - began < 7
    assert (answer.status_code, answer.json()["code"]) == (503, "closing")
    assert int(answer.headers["Retry-After"]) >= 1
    await bot.answer(conversation, "在的。")
    again = await asks(await start(), "bo")
    assert [reply["text"] for reply in again.json()] == ["在的。"]


async def test_who_cannot_repeat_the_message_is_told_that_a_person_will_come(start: Any, desk: Desk) -> None:
    """Without an id, a repetition would be another message."""
    door = await start()
    asking = asyncio.create_task(asks(door, "an", None))
    conversation = await received(desk, "an")
    await door.stop()
    answer = await asking
    assert answer.status_code == 200
    assert [reply["recipient_id"] for reply in answer.json()] == ["an"]
    assert "已经收到" in answer.json()[0]["text"]
    assert (await desk.conversation(conversation)).seq == 2
