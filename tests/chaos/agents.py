"""Scripted agents: they claim whoever waits, say two things, and give the customer back to the bot."""

import asyncio
import time
from typing import Any

from desk import Desk
from tests.chaos.entry import Entry, Refused
from tests.chaos.record import Ack, Evidence, Sent

AGENTS = ("lin", "qian", "zhou")
SENTENCES = ("您好，我是人工客服，我来帮您看看。", "已经为您记下了，接下来由智能助手继续为您服务。")
_PASSWORD = "night-shift-of-chaos"
_LOOK_SECONDS = 0.5
_PRESENCE_SECONDS = 15.0
_THINKS = (0.2, 1.5)


class Agents:
    """A handful of people at the desk, all of them through the doors."""

    def __init__(self, entry: Entry, evidence: Evidence) -> None:
        self._entry, self._evidence = entry, evidence
        self._headers: dict[str, dict[str, str]] = {}
        self._serving: dict[str, asyncio.Task[None]] = {}
        self._said = 0

    async def sign_in(self, desk: Desk) -> None:
        """Accounts and sessions are made in the desk; everything else goes through the doors."""
        for name in AGENTS:
            agent = await desk.agents.sign_up(name, _PASSWORD, f"客服{name}")
            cookie = f"zhiban_agent={await desk.agents.open_session(agent)}"
            self._headers[name] = {"Cookie": cookie, "X-Requested-With": "zhiban"}
            await self._ask(name, "POST", "/v1/desk/presence", {"available": True})

    async def work(self) -> None:
        """Until cancelled; who is being served then is served to the end."""
        present = [asyncio.create_task(self._be_present(name)) for name in AGENTS]
        try:
            while True:
                for name in AGENTS:
                    await self._look(name)
                await asyncio.sleep(_LOOK_SECONDS)
        finally:
            for task in present:
                task.cancel()
            await asyncio.gather(*present, return_exceptions=True)

    async def finish(self) -> None:
        """Once nobody waits any more, and nobody is held."""
        while self._serving or await self._left():
            for name in AGENTS:
                await self._look(name)
            await asyncio.sleep(_LOOK_SECONDS)

    async def _left(self) -> int:
        queues = [await self._ask(name, "GET", "/v1/desk/held") for name in AGENTS]
        waiting = await self._ask(AGENTS[0], "GET", "/v1/desk/waiting")
        return sum(len(held["conversations"]) for held in queues) + len(waiting["waiting"])

    async def _be_present(self, name: str) -> None:
        while True:
            await self._ask(name, "POST", "/v1/desk/presence", {"available": True})
            await asyncio.sleep(_PRESENCE_SECONDS)

    async def _look(self, name: str) -> None:
        """Serve who waits, and who was claimed by an answer that did not arrive."""
        waiting = (await self._ask(name, "GET", "/v1/desk/waiting"))["waiting"]
        held = (await self._ask(name, "GET", "/v1/desk/held"))["conversations"]
        for id_ in [one["conversation"] for one in waiting] + [one["id"] for one in held]:
            if id_ not in self._serving:
                self._serving[id_] = task = asyncio.create_task(self._serve(name, id_))
                task.add_done_callback(lambda _, id_=id_: self._serving.pop(id_, None))

    async def _serve(self, name: str, id_: str) -> None:
        path = f"/v1/conversations/{id_}"
        try:
            epoch = (await self._ask(name, "POST", f"{path}/claim", {}))["epoch"]
            for sentence in SENTENCES:
                await asyncio.sleep(self._entry.chance.uniform(*_THINKS))
                await self._say(name, path, epoch, sentence)
            await asyncio.sleep(self._entry.chance.uniform(*_THINKS))
            await self._ask(name, "POST", f"{path}/release", {"epoch": epoch})
        except Refused:
            return  # a colleague was faster, or it was done by a request whose answer did not arrive

    async def _say(self, name: str, path: str, epoch: int, text: str) -> None:
        self._said += 1
        sent = Sent(f"agent-{self._said}", "agent", name, time.time())
        self._evidence.sent.append(sent)
        said = {"epoch": epoch, "message_id": sent.message_id, "text": text}
        answer = await self._ask(name, "POST", f"{path}/messages", said)
        sent.acks.append(Ack(time.time(), "doors", answer["conversation"], answer["seq"], False))

    async def _ask(self, name: str, method: str, path: str, body: Any = None) -> Any:
        more = {} if body is None else {"json": body}
        return await self._entry.insist(method, path, headers=self._headers[name], **more)
