"""Frames that no client would send: the doors stay up, others are served, memory stays, and nothing is written down."""

import asyncio
import json
import random
import re
from collections.abc import Callable, Iterator
from typing import Any

import aiohttp
import httpx2
import psutil

from tests.gateway.ear import ear
from tests.gateway.process import Process

SECRET = "我的卡号是六二二二"  # in every frame, and never to be found in the log
CONNECTIONS = 300
FRAMES = 15
AT_ONCE = 15
MOST_GROWTH_MB = 40
LONGEST_ANSWER = 3.0

KEYS = ("message_id", "text", "payload", "conversation", "after", "session_id", "message", SECRET)
EVENTS = ("message", "resume", "session_request", "user_uttered", "typing", "event", "connect", "disconnect", "")


def value(dice: random.Random, depth: int = 0) -> Any:
    """Any JSON."""
    kinds: list[Callable[[], Any]] = [
        lambda: SECRET * dice.choice((1, 1, 1, 300)),
        lambda: dice.choice((None, True, -1, 0, 1e308, 10**30, "", "\ud800", "\x00")),
        lambda: [value(dice, depth + 1) for _ in range(dice.randrange(4))],
        lambda: {
            dice.choice(
                ("message_id", "text", "payload", "conversation", "after", "session_id", "message", SECRET)
            ): value(dice, depth + 1)
            for _ in range(dice.randrange(5))
        },
    ]
    return dice.choice(kinds if depth < 4 else kinds[:2])()


def frame(dice: random.Random, token: str) -> str | bytes:
    event = json.dumps([dice.choice(EVENTS), *(value(dice) for _ in range(dice.randrange(3)))])
    number = dice.choice(("", "0", "7", str(dice.randrange(10**12))))
    frames: list[Callable[[], str | bytes]] = [
        lambda: f"42{number}{event}",
        lambda: f"42{number}{event[: dice.randrange(len(event) + 1)]}",  # broken off
        lambda: f"43{number}{json.dumps([SECRET])}",  # an answer to what nobody asked
        lambda: f"4{dice.choice('0123456789')}{dice.choice(('', '/admin,', '/', SECRET))}{event}",
        lambda: "40" + json.dumps({"token": dice.choice((token, SECRET, None, 7))}),
        lambda: f"45{dice.randrange(10**6)}-{event}",
        lambda: f"{dice.choice('01236789')}{dice.choice(('', 'probe', SECRET))}",
        lambda: SECRET.encode() + dice.randbytes(dice.randrange(2000)),
        lambda: SECRET + "x" * dice.choice((10, 60_000, 70_000)),
        lambda: "42" + dice.choice("[{") * dice.choice((3, 30_000)),
        lambda: dice.choice(("41", "", "4", "42", "4\x00", "42[]", '42["message"', "44{}", "3", "2")),
    ]
    return dice.choice(frames)()


def frames(dice: random.Random, token: str) -> Iterator[str | bytes]:
    if dice.random() < 0.7:
        yield "40" + json.dumps({"token": token})
    for _ in range(FRAMES):
        yield frame(dice, token)


async def misbehaves(http: aiohttp.ClientSession, url: str, token: str, seed: int) -> None:
    """One connection, over WebSocket or by polling, until it is closed or has said everything."""
    dice = random.Random(seed)
    address = f"{url}/socket.io/?EIO=4&transport="
    if seed % 5 == 0:
        async with http.get(address + "polling") as opened:
            sid = json.loads((await opened.text())[1:])["sid"]
        for one in frames(dice, token):
            body = one if isinstance(one, bytes) else one.encode("utf-8", "replace")
            async with http.post(f"{address}polling&sid={sid}", data=body) as answer:
                await answer.read()
        return
    async with http.ws_connect(address + "websocket") as socket:
        for one in frames(dice, token):
            if socket.closed:
                return
            try:
                await (socket.send_bytes(one) if isinstance(one, bytes) else socket.send_str(one))
            except (ConnectionError, UnicodeEncodeError):
                continue
        await asyncio.sleep(dice.random() / 10)


async def talks_on(url: str, token: str, enough: asyncio.Event) -> list[float]:
    """Somebody else's conversation meanwhile: the seconds that each acknowledgement took."""
    waited, number = [], 0
    clock = asyncio.get_running_loop().time
    async with ear(url, token) as page:
        await page.call("resume", {})
        while not enough.is_set():
            began = clock()
            answer = await page.call("message", {"message_id": f"m{number}", "text": "在吗"})
            waited.append(clock() - began)
            assert "conversation" in answer
            number += 1
            await asyncio.sleep(0.6)
    return waited


def memory_mb(process: Process) -> float:
    return float(psutil.Process(process.process.pid).memory_full_info().uss) / 2**20


async def test_no_frame_brings_the_doors_down_or_is_written_down(start: Any) -> None:
    doors = await start(RATE_SESSIONS="1000 per minute", RATE_MESSAGES="10000 per second")
    async with httpx2.AsyncClient(base_url=doors.url) as client:
        tokens = [(await client.post("/v1/sessions", json={})).json()["session"] for _ in range(6)]
        enough = asyncio.Event()
        talking = asyncio.create_task(talks_on(doors.url, tokens[0], enough))
        gate = asyncio.Semaphore(AT_ONCE)

        async def one(http: aiohttp.ClientSession, seed: int) -> None:
            async with gate:
                try:
                    async with asyncio.timeout(20):
                        await misbehaves(http, doors.url, tokens[1 + seed % 5], seed)
                except aiohttp.ClientError:
                    pass  # refused: that is what is wanted

        async with aiohttp.ClientSession() as http:
            await asyncio.gather(*(one(http, seed) for seed in range(CONNECTIONS // 3)))  # warm
            before = memory_mb(doors)
            await asyncio.gather(*(one(http, seed) for seed in range(CONNECTIONS // 3, CONNECTIONS)))
            grown = memory_mb(doors) - before
        enough.set()
        waited = await talking
        assert (await client.get("/healthz")).status_code == 200
        left = float(re.search(r"zhiban_sockets ([0-9.]+)", (await client.get("/metrics")).text)[1])
    await doors.stop()
    written = doors.log.read_text()
    assert max(waited) < LONGEST_ANSWER
    assert left <= CONNECTIONS / 5  # of those who polled, and are looked for 45 seconds after their last word
    assert grown < MOST_GROWTH_MB
    assert SECRET not in written
    assert json.dumps(SECRET)[1:-1] not in written
    assert "Traceback" not in written
    assert "unknown_error" not in written
