"""The people of these tests, and the moment at which they meet."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from desk import Address, Desk, InboxEntry, Incoming, Lease, Receipt, Reply, Turn

MORNING = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)  # 10:00 in Shanghai, a Sunday

MEI = Address("widget", "shop", "mei")
BO = Address("widget", "shop", "bo")
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


async def asks_for_a_person(desk: Desk, worker: Worker, address: Address = MEI, message_id: str = "m1") -> tuple:
    """The conversation id and the lease, once the customer waits."""
    receipt = await writes(desk, "转人工", message_id, address)
    lease = await worker.takes(address.partition)
    entry = await worker.next_entry(lease)
    await worker.answers(lease, entry, "正在为您转接", commands=[{"command": "handoff.request", "reason": "asked"}])
    return receipt.conversation, lease
