"""An agent's page without a browser: one event stream, and every question that `web/desk` asks, each timed."""

from __future__ import annotations

import asyncio
import json
import time
from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import aiohttp

# As in web/desk: the pause after a customer's message, after a key, before the context is read again, the heartbeat.
SUGGEST_PAUSE = 0.2
CHECK_PAUSE = 0.35
CONTEXT_PAUSE = 0.9
BEAT_SECONDS = 20.0
DRAFT = "您好，让您久等了。您说的情况我已经看到，我先帮您核实一下，有结果马上告诉您，请您放心。"


class Times:
    """How long each kind of request took, in seconds, and what was refused."""

    def __init__(self) -> None:
        self.on = False
        self.of: dict[str, list[float]] = defaultdict(list)
        self.refused: dict[str, int] = defaultdict(int)

    def note(self, kind: str, seconds: float) -> None:
        if self.on:
            self.of[kind].append(seconds)


class Refused(Exception):
    """Raised for an answer that is no success; carries status and code."""


class AgentPage:
    """`epochs`: of what it holds. `waiting`: who was seen to wait; `coming`: told when one of these waits.

    `looks`: whether it reads the queue at every change. `accepted`: when a message was sent, by conversation.
    """

    def __init__(self, http: aiohttp.ClientSession, url: str, name: str, times: Times) -> None:
        self.name = name
        self.epochs: dict[str, int] = {}
        self.looks = False
        self.waiting: set[str] = set()
        self.coming: dict[str, asyncio.Event] = {}
        self.accepted: dict[str, float] = {}
        self._http, self._url, self._times = http, url, times
        self._tasks: set[asyncio.Task[None]] = set()
        self._followed = asyncio.Event()
        self._refreshing = self._again = False

    async def ask(self, kind: str, method: str, path: str, body: Any = None) -> Any:
        """The answer's JSON (None when it has none). Raises Refused."""
        began = time.perf_counter()
        headers = {"X-Requested-With": "zhiban"}
        try:
            async with self._http.request(method, self._url + path, json=body, headers=headers) as answer:
                text = await answer.text()
        except (aiohttp.ClientError, TimeoutError) as broken:
            self._times.refused[f"{kind} {type(broken).__name__}"] += 1
            raise Refused(f"{kind}: {broken!r}") from broken
        self._times.note(kind, time.perf_counter() - began)
        if answer.status >= 300:
            self._times.refused[f"{kind} {answer.status}"] += 1
            raise Refused(f"{kind}: {answer.status} {text[:300]}")
        return json.loads(text) if text else None

    async def open(self, password: str) -> None:
        await self.ask("sign-in", "POST", "/v1/desk/sign-in", {"name": self.name, "password": password})
        await self.ask("presence", "POST", "/v1/desk/presence", {"available": True})
        self.soon(self._follow())
        self.soon(self._beat())
        async with asyncio.timeout(30):
            await self._followed.wait()

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._http.close()

    def soon(self, what: Any) -> None:
        task = asyncio.create_task(what)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            with suppress(Refused):
                await self.ask("presence", "POST", "/v1/desk/presence", {"available": True})

    async def _follow(self) -> None:
        timeout = aiohttp.ClientTimeout(total=None)
        event: dict[str, str] = {}
        async with self._http.get(f"{self._url}/v1/desk/events", timeout=timeout) as stream:
            self._followed.set()
            async for line in stream.content:
                name, _, value = line.decode().rstrip("\r\n").partition(":")
                if name:
                    event[name] = value.strip()
                elif "data" in event:
                    self._heard(event.get("event", ""), json.loads(event["data"]))
                    event = {}

    def _heard(self, kind: str, data: dict[str, Any]) -> None:
        changed = kind == "waiting" or (kind == "conversation" and data["type"] == "state")
        # While the floor is filled, only who takes the customer looks: 500 at once would not come in a day's work.
        if changed and (self.looks or self.coming):
            self.soon(self._refresh())
        if kind != "conversation":
            return
        conversation = data["conversation"]
        if data["type"] == "state" and data["to"] == "waiting":
            self._waits([conversation])
        from_customer = data["type"] == "message" and data["author"]["role"] == "customer"
        if from_customer and conversation in self.epochs:
            self.soon(self._answer(conversation, data["seq"]))

    def _waits(self, conversations: Iterable[str]) -> None:
        for conversation in conversations:
            self.waiting.add(conversation)
            if conversation in self.coming:
                self.coming[conversation].set()

    async def _refresh(self) -> None:
        """Queue and own conversations, as the page reads them at every change: one reading at a time."""
        if self._refreshing:
            self._again = True
            return
        self._refreshing = self._again = True
        while self._again:
            self._again = False
            with suppress(Refused):
                queue, _ = await asyncio.gather(
                    self.ask("queue", "GET", "/v1/desk/waiting"), self.ask("held", "GET", "/v1/desk/held")
                )
                self._waits(entry["conversation"] for entry in queue["waiting"])
        self._refreshing = False

    async def look(self, conversation: str) -> int:
        """Suggestions and context, as a selected conversation asks for them; for which message they are."""
        path = f"/v1/conversations/{conversation}/suggestions"
        found, _ = await asyncio.gather(self.ask("suggestions", "GET", path), self._context(conversation))
        return int(found["for_seq"] or 0)

    async def _context(self, conversation: str) -> None:
        await self.ask("context", "GET", f"/v1/agent/conversations/{conversation}/context?language=zh-Hans")

    async def claim(self, conversation: str) -> None:
        held = await self.ask("claim", "POST", f"/v1/conversations/{conversation}/claim", {})
        self.epochs[conversation] = held["epoch"]
        await self.ask("read", "GET", f"/v1/conversations/{conversation}")
        await self.look(conversation)

    async def _answer(self, conversation: str, seq: int) -> None:
        """The customer wrote: look, type with two pauses, send."""
        with suppress(Refused):
            await asyncio.sleep(SUGGEST_PAUSE)
            if await self.look(conversation) >= seq and conversation in self.accepted:
                self._times.note("message to suggestions", time.perf_counter() - self.accepted.pop(conversation))
            for share in (0.4, 0.75, 1.0):
                await asyncio.sleep(CHECK_PAUSE)
                text = DRAFT[: round(len(DRAFT) * share)]
                path = f"/v1/agent/conversations/{conversation}/check?language=zh-Hans"
                await self.ask("check", "POST", path, {"text": text})
            if conversation not in self.epochs:
                return
            body = {"epoch": self.epochs[conversation], "message_id": f"{conversation}-{seq}", "text": DRAFT}
            await self.ask("reply", "POST", f"/v1/conversations/{conversation}/messages", body)
            await asyncio.sleep(CONTEXT_PAUSE)
            if conversation in self.epochs:
                await self._context(conversation)

    async def wrap_up(self, conversation: str) -> None:
        epoch = self.epochs.pop(conversation)
        path = f"/v1/agent/conversations/{conversation}/wrap-up"
        await self.ask("wrap-up open", "POST", f"{path}/begin?language=zh-Hans")
        form = {"category": "other", "request": "咨询"}
        await self.ask("wrap-up check", "POST", f"{path}/check", {"form": form})
        body = {"epoch": epoch, "disposition": "other.other", "summary": "咨询，已答复。", "form": form}
        await self.ask("wrap-up file", "POST", path, body | {"tickets": [], "close": True})
