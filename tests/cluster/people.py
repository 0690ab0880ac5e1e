"""Customers who keep writing and repeat what was not acknowledged, and the pages on which they read."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field

from desk import Address, Desk, Event, Incoming, NotAcknowledged, StoreUnavailable
from gateway.doors.follower import Follower
from gateway.doors.nudges import Nudges

AGAIN_SECONDS = 0.1
THINKS_SECONDS = 0.2


@dataclass
class Customer:
    """Writes m0, m1, m2 ... each until it is acknowledged."""

    desk: Desk
    address: Address
    acknowledged: list[str] = field(default_factory=list)
    conversation: str = ""
    refused: int = 0
    slowest: float = 0.0
    silent: float = 0.0  # the longest time between two acknowledgements

    async def writes_until(self, enough: asyncio.Event) -> None:
        last = time.monotonic()
        while not enough.is_set():
            await self.writes(f"m{len(self.acknowledged)}")
            now = time.monotonic()
            self.silent, last = max(self.silent, now - last), now
            await asyncio.sleep(THINKS_SECONDS)

    async def writes(self, message: str) -> None:
        while True:
            began = time.monotonic()
            try:
                receipt = await self.desk.receive(Incoming(self.address, message, message))
            except (StoreUnavailable, NotAcknowledged):
                self.refused += 1
                await asyncio.sleep(AGAIN_SECONDS)
            else:
                self.acknowledged.append(message)
                self.conversation = receipt.conversation
                return
            finally:
                self.slowest = max(self.slowest, time.monotonic() - began)

    async def log(self) -> list[Event]:
        events: list[Event] = []
        while some := await self.desk.events(self.conversation, len(events), 1000):
            events += some
        return events


def from_customer(log: Sequence[Event]) -> list[str]:
    return [event.message_id for event in log if event.type == "message" and event.author.role == "customer"]


def answered(log: Sequence[Event]) -> list[str]:
    """The messages that were answered, each as often as it was, in the order of the answers."""
    return [message for event in log for message in event.body.get("reply_to", [])]


class Page:
    """Follows one customer's conversation, as a socket's follower does."""

    def __init__(self, desk: Desk, nudges: Nudges, address: Address) -> None:
        self.heard: list[Event] = []
        self._more = asyncio.Event()
        self._follower = Follower(desk, nudges, address, self._take)
        self._follower.start_at(None, 0, None)

    async def _take(self, events: Sequence[Event]) -> None:
        self.heard += events
        self._more.set()

    async def until(self, seq: int, seconds: float) -> None:
        async with asyncio.timeout(seconds):
            while not self.heard or self.heard[-1].seq < seq:
                self._more.clear()
                await self._more.wait()

    def close(self) -> None:
        self._follower.stop()


@contextlib.asynccontextmanager
async def pages(desk: Desk, addresses: Sequence[Address]) -> AsyncIterator[list[Page]]:
    """One page for each address, all in one process of doors."""
    nudges = Nudges()
    running = asyncio.create_task(nudges.run(desk))
    opened = [Page(desk, nudges, address) for address in addresses]
    try:
        yield opened
    finally:
        for page in opened:
            page.close()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


def living_at(partitions: Sequence[int], each: int = 1) -> list[Address]:
    """Addresses in these partitions."""
    found: dict[int, list[Address]] = {partition: [] for partition in partitions}
    number = 0
    while any(len(some) < each for some in found.values()):
        address = Address("rest", "anonymous", f"customer {number}")
        if address.partition in found and len(found[address.partition]) < each:
            found[address.partition].append(address)
        number += 1
    return [address for some in found.values() for address in some]
