"""The tiny messaging app as a process of its own, for the tests of the sender."""

import asyncio
import contextlib
import socket
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2

from tests.product import ROOT

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
ACCOUNT = "demo"


@dataclass
class WebhookApp:
    """`folder` keeps what arrived, also for its next start."""

    folder: Path
    door: str = "http://127.0.0.1:1/"
    port: int = 0
    process: Process | None = None
    http: httpx2.AsyncClient = field(default_factory=lambda: httpx2.AsyncClient(trust_env=False, timeout=10))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def setting(self) -> str:
        """As WEBHOOKS."""
        return f"{ACCOUNT}:{self.url}/hook:{SECRET}"

    async def start(self) -> None:
        if not self.port:
            with socket.create_server(("127.0.0.1", 0)) as free:
                self.port = free.getsockname()[1]
        options = ["--port", str(self.port), "--secret", SECRET, "--file", str(self.folder / "arrived.jsonl")]
        self.process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "examples.webhook_app", *options, "--door", self.door, cwd=ROOT
        )
        async with asyncio.timeout(20):
            while True:
                with contextlib.suppress(httpx2.TransportError):
                    await self.shown("nobody")
                    return
                await asyncio.sleep(0.05)

    async def ended(self) -> int:
        assert self.process is not None
        return await asyncio.wait_for(self.process.wait(), 20)

    async def stop(self) -> None:
        if self.process is not None and self.process.returncode is None:
            self.process.kill()
            await self.process.wait()

    async def trouble(self, **trouble: Any) -> None:
        (await self.http.post(f"{self.url}/trouble", json=trouble)).raise_for_status()

    async def say(self, user: str, text: str) -> httpx2.Response:
        return await self.http.post(f"{self.url}/say", json={"user": user, "text": text})

    async def shown(self, user: str) -> list[dict[str, Any]]:
        """The messages that this user sees."""
        answer = await self.http.get(f"{self.url}/messages", params={"user": user})
        found: list[dict[str, Any]] = answer.json()["messages"]
        return found

    async def attempts(self) -> list[str]:
        """The ids that came, each as often as it came."""
        found: list[str] = (await self.http.get(f"{self.url}/messages", params={"user": ""})).json()["attempts"]
        return found

    async def until_shown(self, user: str, count: int) -> list[str]:
        """The texts, once there are so many."""
        async with asyncio.timeout(20):
            while len(shown := await self.shown(user)) < count:
                await asyncio.sleep(0.03)
        return [message["text"] for message in shown]

    async def until_attempts(self, count: int) -> list[str]:
        async with asyncio.timeout(20):
            while len(attempts := await self.attempts()) < count:
                await asyncio.sleep(0.03)
        return attempts


@contextlib.asynccontextmanager
async def running_app(folder: Path) -> AsyncIterator[WebhookApp]:
    app = WebhookApp(folder)
    await app.start()
    try:
        yield app
    finally:
        await app.stop()
        await app.http.aclose()
