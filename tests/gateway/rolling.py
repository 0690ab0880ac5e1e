"""Customers who write on while doors and workers are exchanged under them, and try again as real clients do."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import httpx2
import socketio

from desk import PARTITIONS, Address, Desk, Event

AGAIN_SECONDS = 0.3
THINKS_SECONDS = 0.4


@dataclass(eq=False)
class Talk:
    """What one customer said and heard."""

    name: str
    words: Sequence[str] = ()  # said in turn; none: each message is its own id
    said: list[str] = field(default_factory=list)
    heard: list[Any] = field(default_factory=list)
    conversation: str | None = None
    retries: int = 0
    slowest: float = 0.0
    last: int | None = None  # the number of the last event, once nothing more will come

    @property
    def numbered(self) -> bool:
        """Whether events are heard, else the replies of one request after the other."""
        return not self.name.startswith("rest")

    @property
    def after(self) -> int:
        return self.heard[-1]["seq"] if self.heard else 0

    @property
    def heard_all(self) -> bool:
        return self.last is not None and self.after >= self.last

    def next_message(self) -> tuple[str, str]:
        """Its id and its text; the same until it is acknowledged."""
        number = len(self.said)
        message = f"{self.name}-{number}"
        return message, self.words[number % len(self.words)] if self.words else message

    def took(self, began: float) -> None:
        self.slowest = max(self.slowest, time.monotonic() - began)


async def session(url: str) -> str:
    while True:
        with contextlib.suppress(httpx2.HTTPError):
            async with httpx2.AsyncClient(base_url=url) as client:
                answer = await client.post("/v1/sessions", json={})
                if answer.status_code == 201:
                    return str(answer.json()["session"])
        await asyncio.sleep(AGAIN_SECONDS)


async def by_socket(url: str, talk: Talk, enough: asyncio.Event) -> None:
    """As the widget: resumes after the last number at each connection, repeats what was not acknowledged."""
    token = await session(url)
    while not talk.heard_all:
        async with aiohttp.ClientSession() as http:
            client = socketio.AsyncClient(reconnection=False, http_session=http)
            client.on("event", talk.heard.append)
            gone = asyncio.Event()
            client.on("disconnect", lambda *_, gone=gone: gone.set())
            try:
                await client.connect(url, auth={"token": token}, transports=["websocket"], wait_timeout=5)
                await _talks_by_socket(client, talk, enough, gone)
            except (socketio.exceptions.SocketIOError, aiohttp.ClientError, OSError):
                talk.retries += 1
            finally:
                with contextlib.suppress(Exception):
                    await client.disconnect()
        await asyncio.sleep(AGAIN_SECONDS)


async def _talks_by_socket(
    client: socketio.AsyncClient, talk: Talk, enough: asyncio.Event, gone: asyncio.Event
) -> None:
    resumed = await client.call("resume", {"conversation": talk.conversation, "after": talk.after}, timeout=5)
    if "error" in resumed:
        raise OSError(resumed["error"]["code"])
    while not gone.is_set():
        if not enough.is_set():
            message, text = talk.next_message()
            began = time.monotonic()
            answer = await client.call("message", {"message_id": message, "text": text}, timeout=5)
            if "error" in answer:
                raise OSError(answer["error"]["code"])
            talk.took(began)
            talk.said.append(message)
            talk.conversation = answer["conversation"]
        elif talk.heard_all:
            return
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(THINKS_SECONDS):
                await gone.wait()


async def by_polling(url: str, talk: Talk, enough: asyncio.Event) -> None:
    """As a backend that uses /v1: posts, and polls for what comes after the last number."""
    token = await session(url)
    headers = {"Authorization": f"Bearer {token}"}
    while not talk.heard_all:
        async with httpx2.AsyncClient(base_url=url, headers=headers, timeout=30) as client:
            try:
                if not enough.is_set():
                    message, text = talk.next_message()
                    began = time.monotonic()
                    posted = await client.post("/v1/messages", json={"message_id": message, "text": text})
                    posted.raise_for_status()
                    talk.took(began)
                    talk.said.append(message)
                    talk.conversation = posted.json()["conversation"]
                asked = {"conversation": talk.conversation, "after": talk.after, "wait": 1}
                polled = await client.get("/v1/events", params=asked)
                polled.raise_for_status()
                talk.heard += polled.json()["events"]
            except httpx2.HTTPError:
                talk.retries += 1
                await asyncio.sleep(AGAIN_SECONDS)


async def by_rest(url: str, talk: Talk, enough: asyncio.Event) -> None:
    """As a client of Rasa's REST channel that gives its messages ids: the answer comes with the request."""
    while not enough.is_set():
        message, text = talk.next_message()
        body = {"sender": talk.name, "message": text, "metadata": {"message_id": message}}
        began = time.monotonic()
        while True:
            try:
                async with httpx2.AsyncClient(base_url=url, timeout=30) as client:
                    answer = await client.post("/webhooks/rest/webhook", json=body)
                    answer.raise_for_status()
            except httpx2.HTTPError:
                talk.retries += 1
                await asyncio.sleep(AGAIN_SECONDS)
            else:
                break
        talk.took(began)
        talk.said.append(message)
        talk.heard.append([reply["text"] for reply in answer.json()])
        await asyncio.sleep(THINKS_SECONDS)


@contextlib.asynccontextmanager
async def talking(url: str, desk: Desk, of_each: int, words: Sequence[str] = ()) -> AsyncIterator[list[Talk]]:
    """Customers of every kind, who talk until the end; then until all of them have heard everything."""
    enough = asyncio.Event()
    kinds = {"socket": by_socket, "poll": by_polling, "rest": by_rest}
    talks = {Talk(f"{kind}{number}", words[number:]): how for kind, how in kinds.items() for number in range(of_each)}
    tasks = [asyncio.create_task(how(url, talk, enough)) for talk, how in talks.items()]
    try:
        yield [*talks]
        enough.set()
        async with asyncio.timeout(40):
            await _everything_answered(desk)
            for talk in talks:
                talk.last = (await desk.conversation(talk.conversation)).seq if talk.conversation else 0
            await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def log_of(desk: Desk, talk: Talk) -> list[Event]:
    if talk.conversation is None:  # the REST door does not tell
        found = await desk.open_conversation(Address("rest", "anonymous", talk.name))
        assert found is not None
        talk.conversation = found.id
    return await desk.events(talk.conversation, limit=5000)


async def _everything_answered(desk: Desk) -> None:
    while sum(await desk.store.ask_all([("XLEN", desk.keys.partition(n).inbox) for n in range(PARTITIONS)])):
        await asyncio.sleep(0.1)
