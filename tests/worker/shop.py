"""A shop under test: a real desk, customers and agents who use it, and as many workers as a test starts."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from channels import Channel
from desk import Address, Conversation, Desk, Event, Incoming, Receipt
from desk import Settings as DeskSettings
from gateway.worker.answer_writing import AnswerWriter
from gateway.worker.assembly import RETRIES, assemble
from gateway.worker.metrics import Metrics
from gateway.worker.rasa import Rasa
from gateway.worker.retries import Retries
from gateway.worker.settings import Settings
from gateway.worker.worker import Worker
from knowledge_base.client import KnowledgeClient
from tests.worker.scripted_knowledge import ScriptedKnowledge
from tests.worker.scripted_rasa import SECRET, ScriptedRasa

OPEN = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # Monday, 10:00 in Shanghai
NIGHT = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)  # Monday, 01:00 in Shanghai
PATIENCE = 12.0


@dataclass
class Clock:
    """A clock that a test moves."""

    now: datetime = OPEN

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **time: float) -> None:
        self.now += timedelta(**time)


@dataclass
class Shop:
    desk: Desk
    rasa: ScriptedRasa
    knowledge: ScriptedKnowledge
    clock: Clock
    desk_settings: DeskSettings
    options: dict[str, Any] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    retries: Retries = RETRIES
    metrics: Metrics = field(default_factory=Metrics)
    sent: int = 0
    writer: AnswerWriter | None = None

    async def say(self, text: str, user: str = "li", channel: str = "rest", **more: Any) -> Receipt:
        self.sent += 1
        return await self.desk.receive(Incoming(Address(channel, "anonymous", user), f"m{self.sent}", text, **more))

    async def answered(self, receipt: Receipt) -> list[Event]:
        """The messages that answer this one, once there are any."""
        message_id = (await self.desk.events(receipt.conversation, receipt.seq - 1, 1))[0].message_id
        return await self.until(receipt.conversation, lambda events: replies_to(events, message_id))

    async def ask(self, text: str, user: str = "li", **more: Any) -> list[Event]:
        return await self.answered(await self.say(text, user, **more))

    async def until(self, conversation: str, seen: Callable[[list[Event]], Any]) -> Any:
        """What `seen` makes of the log, as soon as it makes anything of it."""
        async with asyncio.timeout(PATIENCE):
            async for _ in self.desk.follow():
                found = seen(await self.desk.events(conversation))
                if found:
                    return found
        raise AssertionError("follow ended")

    async def conversation(self, user: str = "li", channel: str = "rest") -> Conversation:
        found = await self.desk.open_conversation(Address(channel, "anonymous", user))
        assert found is not None
        return found

    async def idle(self) -> None:
        """Return when every message was taken to its end."""
        async with asyncio.timeout(PATIENCE):
            while await self.unfinished():
                await asyncio.sleep(0.02)

    async def unfinished(self) -> int:
        keys = self.desk.keys
        lengths = await self.desk.store.ask_all([("XLEN", keys.partition(p).inbox) for p in range(64)])
        return sum(lengths)

    @asynccontextmanager
    async def worker(self, name: str = "one", **options: Any) -> AsyncIterator[Worker]:
        """A worker with its own desk, as if in a process of its own."""
        settings = Settings(
            bot_secret=SECRET,
            rasa_url=self.rasa.url,
            knowledge_url=self.knowledge.url,
            name=name,
            port=0,
            **{**self.options, **options},
        )
        async with AsyncExitStack() as stack:
            desk = await stack.enter_async_context(await Desk.connect(self.desk_settings, self.clock))
            client = await stack.enter_async_context(KnowledgeClient(settings.knowledge_url))
            seconds = asyncio.get_running_loop().time
            rasa = await stack.enter_async_context(Rasa(settings.rasa_url, SECRET, settings.rasa_seconds, seconds))
            worker = assemble(
                settings,
                desk,
                rasa,
                client,
                self.metrics,
                self.channels,
                self.clock,
                seconds,
                self.retries,
                self.writer,
            )
            running = asyncio.create_task(worker.run())
            try:
                yield worker
            finally:
                worker.stop()
                await running


def replies_to(events: list[Event], message_id: str) -> list[Event]:
    return [event for event in events if message_id in event.body.get("reply_to", [])]


def texts(events: list[Event]) -> list[str]:
    return [event.text for event in events]
