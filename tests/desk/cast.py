"""The people of these tests, and the moment at which they meet."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from argon2 import PasswordHasher

from desk import Address, Agent, Desk, InboxEntry, Incoming, Lease, Receipt, Reply, Role, Turn
from desk.passwords import Passwords

MORNING = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)  # 10:00 in Shanghai, a Sunday

MEI = Address("widget", "shop", "mei")
BO = Address("widget", "shop", "bo")
PASSWORD = "correct horse"
LIN = "lin"
QIAN = "qian"


@dataclass
class HandClock:
    """A clock that moves when it is told to."""

    now: datetime = MORNING

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **time: float) -> None:
        self.now += timedelta(**time)


async def writes(desk: Desk, text: str, message_id: str = "m1", address: Address = MEI, **more) -> Receipt:
    return await desk.receive(Incoming(address, message_id, text, **more))


@dataclass
class Worker:
    """Takes leases and answers, one entry at a time."""

    desk: Desk
    name: str = "w1"

    async def takes(self, partition: int) -> Lease:
        lease = await self.desk.lease(partition, self.name, ttl_ms=60_000)
        assert lease is not None
        return lease

    async def next_entry(self, lease: Lease) -> InboxEntry:
        entries = await self.desk.inbox([lease], 0)
        assert len(entries) == 1
        return entries[0]

    async def answers(self, lease: Lease, entry: InboxEntry, text: str = "好的", **turn):
        epoch = (await self.desk.conversation(entry.conversation)).epoch
        return await self.desk.commit_turn(lease, entry, Turn(epoch, [Reply(text)] if text else [], **turn))


async def waits(
    desk: Desk, user: str = "mei", text: str = "转人工", reason: str = "asked", article: dict | None = None, **more
) -> str:
    """The conversation of a customer who waits for a person now; the bot gave them `article` before, if any."""
    address = Address("widget", "shop", user)
    receipt = await writes(desk, text, secrets.token_hex(8), address, **more)
    lease = await desk.lease(address.partition, "bot", ttl_ms=60_000)
    assert lease is not None
    entry = next(e for e in await desk.inbox([lease], 0) if e.conversation == receipt.conversation)
    epoch = (await desk.conversation(receipt.conversation)).epoch
    commands = [{"command": "handoff.request", "reason": reason}]
    await desk.commit_turn(lease, entry, Turn(epoch, [Reply("正在为您转接", article=article)], commands))
    await desk.give_back(lease)
    return receipt.conversation


async def hire(desk: Desk, name: str, *roles: Role, here: bool = True, **more) -> Agent:
    """An agent with an account, here and available unless told otherwise; passwords cost next to nothing here."""
    desk.agents._passwords = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    agent = await desk.agents.sign_up(name, PASSWORD, roles=roles or ("agent",), **more)
    if here:
        await desk.set_presence(name, available=True)
    return agent


async def asks_for_a_person(desk: Desk, worker: Worker, address: Address = MEI, message_id: str = "m1") -> tuple:
    """The conversation id and the lease, once the customer waits."""
    receipt = await writes(desk, "转人工", message_id, address)
    lease = await worker.takes(address.partition)
    entry = await worker.next_entry(lease)
    await worker.answers(lease, entry, "正在为您转接", commands=[{"command": "handoff.request", "reason": "asked"}])
    return receipt.conversation, lease
