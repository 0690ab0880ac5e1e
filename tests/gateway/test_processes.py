"""The doors as they really run: two processes over one desk, and a stop that nobody has to wait for."""

import asyncio
import os
import sys
from typing import Any

import httpx2

from desk import Desk
from tests.gateway.cast import CARD, MOBILE, PASSWORD, Bot
from tests.gateway.ear import ear
from tests.gateway.process import ROOT


async def new_session(url: str) -> str:
    async with httpx2.AsyncClient(base_url=url) as client:
        return str((await client.post("/v1/sessions", json={})).json()["session"])


async def test_a_customer_may_talk_to_two_processes_at_once(start: Any, bot: Bot) -> None:
    one, other = await asyncio.gather(start(), start())
    token = await new_session(one.url)
    async with ear(one.url, token) as here, ear(other.url, token) as there:
        await here.call("resume", {})
        conversation = (await here.call("message", {"message_id": "m1", "text": "在吗"}))["conversation"]
        await there.call("resume", {"conversation": conversation, "after": 0})
        again = await there.call("message", {"message_id": "m1", "text": "在吗"})
        await there.call("message", {"message_id": "m2", "text": "二"})
        await bot.answer(conversation, "答一")
        await bot.answer(conversation, "答二")
        for page in (here, there):
            await page.until(lambda heard: heard.texts == ["答一", "答二"])
    assert again["duplicate"] is True
    assert one.url != other.url
    assert [event["seq"] for event in here.all("event")] == [event["seq"] for event in there.all("event")]


async def test_a_process_that_dies_costs_the_page_nothing(start: Any, bot: Bot) -> None:
    one, other = await asyncio.gather(start(), start())
    token = await new_session(one.url)
    async with ear(one.url, token) as page:
        await page.call("resume", {})
        conversation = (await page.call("message", {"message_id": "m1", "text": "在吗"}))["conversation"]
        await page.until(lambda heard: len(heard.all("event")) == 2)
        one.process.kill()
        await one.process.wait()
    await bot.answer(conversation, "在的。")
    async with ear(other.url, token) as page:
        await page.call("resume", {"conversation": conversation, "after": 2})
        await page.until(lambda heard: heard.texts == ["在的。"])
    assert page.all("event")[0]["seq"] == 3


async def _until(client: httpx2.AsyncClient, figure: str) -> None:
    async with asyncio.timeout(10):
        while figure not in (await client.get("/metrics")).text:
            await asyncio.sleep(0.05)


async def _listen(url: str, desk: Desk) -> str:
    """What an agent's event stream brings until it ends by itself."""
    await desk.agents.sign_up("lin", PASSWORD)
    async with httpx2.AsyncClient(base_url=url, headers={"X-Requested-With": "zhiban"}, timeout=30) as client:
        await client.post("/v1/desk/sign-in", json={"name": "lin", "password": PASSWORD})
        return (await client.get("/v1/desk/events")).text


async def test_a_stop_ends_polls_streams_and_sockets_within_seconds(start: Any, desk: Desk) -> None:
    process = await start()
    token = await new_session(process.url)
    async with ear(process.url, token) as page, httpx2.AsyncClient(base_url=process.url, timeout=30) as client:
        client.headers["Authorization"] = f"Bearer {token}"
        conversation = (await page.call("message", {"message_id": "m1", "text": "在吗"}))["conversation"]
        polling = asyncio.create_task(
            client.get("/v1/events", params={"conversation": conversation, "after": 2, "wait": 25})
        )
        await page.call("resume", {"conversation": conversation, "after": 2})
        listening = asyncio.create_task(_listen(process.url, desk))
        await _until(client, "zhiban_agent_streams 1.0")
        seconds = await process.stop()
        polled = await polling
        heard = await listening
        await page.until(lambda heard: heard.all("disconnect"))
    assert seconds < 4
    assert "event: waiting" in heard
    assert (polled.status_code, polled.json()["events"]) == (200, [])
    assert process.process.returncode == 0


async def test_the_log_of_a_process_holds_no_personal_data(start: Any, desk: Desk) -> None:
    process = await start()
    token = await new_session(process.url)
    async with httpx2.AsyncClient(base_url=process.url, headers={"Authorization": f"Bearer {token}"}) as client:
        await client.post("/v1/messages", json={"message_id": "m1", "text": f"{MOBILE} {CARD}"})
        await client.get("/v1/events", params={"conversation": MOBILE})
        await client.get(f"/v1/attachments/{MOBILE}")
        await client.post("/webhooks/rest/webhook", content=f"{{{CARD}".encode())
        metrics = (await client.get("/metrics")).text
    await process.stop()
    written = process.log.read_text()
    assert "doors_open" in written
    for planted in (MOBILE, CARD, CARD.replace(" ", ""), token):
        assert planted not in written + metrics


async def test_a_wrong_setting_is_named_in_one_line(redis_url: str) -> None:
    for wrong, named in (
        ({"PORT": "eighty"}, "PORT"),
        ({"RATE_MESSAGES": "many"}, "RATE_MESSAGES"),
        ({"REDIS_URL": ""}, "REDIS_URL"),
    ):
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "gateway.doors",
            env={**os.environ, "REDIS_URL": redis_url, "PORT": "0", **wrong},
            cwd=ROOT,
            stderr=asyncio.subprocess.PIPE,
        )
        _out, said = await asyncio.wait_for(process.communicate(), 20)
        lines = said.decode().strip().splitlines()
        assert process.returncode not in (0, None)
        assert len(lines) == 1
        assert named in lines[0]
