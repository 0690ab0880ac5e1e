"""How soon messages are acknowledged when far more arrive than can be answered, and whether all are answered after.

python -m benchmarks.acknowledged --rate 200 --seconds 30 [--bounded]

Customers send `POST /v1/messages` at a fixed pace, whether or not answers come; a wait counts from the moment at which
a message was due. Without `--bounded` nobody is sent away (BUSY_MESSAGES=0), so that the backlog is as long as it
gets. Then the transcripts are read until the last message has its answer. Prints one JSON object.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from benchmarks.ours import ours
from benchmarks.side import wait_until_idle
from benchmarks.workload import make_workload

_IDLE_SECONDS = 120.0
_DRAIN_SECONDS = 300.0
_UNLIMITED = {"RATE_SESSIONS": "1000000 per 1 second"}


@dataclass
class Customer:
    """One session; `sent` are the ids of its acknowledged messages."""

    token: str
    conversation: str = ""
    sent: list[str] = field(default_factory=list)

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


@dataclass
class Told:
    """What the doors said: seconds until each acknowledgement, statuses."""

    waits: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)

    def at(self, share: float) -> float:
        """The wait in milliseconds that `share` of the acknowledged messages did not exceed."""
        waits = sorted(self.waits)
        return round(1000 * waits[round(share * (len(waits) - 1))], 1) if waits else float("nan")


async def _arrive(http: aiohttp.ClientSession) -> Customer:
    async with http.post("/v1/sessions", json={"language": "zh-Hans"}) as answer:
        answer.raise_for_status()
        return Customer((await answer.json())["session"])


async def _send(http: aiohttp.ClientSession, customer: Customer, name: str, text: str, due: float, told: Told) -> None:
    await asyncio.sleep(max(0.0, due - time.perf_counter()))
    body = {"message_id": name, "text": text}
    async with http.post("/v1/messages", json=body, headers=customer.headers) as answer:
        said = await answer.json()
        told.statuses[answer.status] += 1
        if answer.status == 202:
            told.waits.append(time.perf_counter() - due)
            customer.conversation = said["conversation"]
            customer.sent.append(name)


async def _unanswered(http: aiohttp.ClientSession, customer: Customer) -> int:
    """How many acknowledged messages nothing replies to yet."""
    after, replied = 0, set[str]()
    while True:
        query = {"conversation": customer.conversation, "after": str(after), "wait": "0"}
        async with http.get("/v1/events", params=query, headers=customer.headers) as answer:
            answer.raise_for_status()
            events = (await answer.json())["events"]
        if not events:
            return len(set(customer.sent) - replied)
        after = events[-1]["seq"]
        for event in events:
            replied |= set(event.get("reply_to") or [])


async def _drain(http: aiohttp.ClientSession, crowd: list[Customer]) -> tuple[float, int]:
    """Seconds until everything was answered, and how much was not within the time."""
    begun, open_ = time.perf_counter(), [one for one in crowd if one.sent]
    while open_ and time.perf_counter() - begun < _DRAIN_SECONDS:
        left = [await _unanswered(http, one) for one in open_]
        open_ = [one for one, count in zip(open_, left, strict=True) if count]
        await asyncio.sleep(1)
    return round(time.perf_counter() - begun, 1), sum([await _unanswered(http, one) for one in open_])


async def measure(url: str, rate: float, seconds: float, customers: int) -> dict[str, object]:
    """Milliseconds, seconds, counts."""
    texts = [message.text for talk in make_workload(1 + round(rate * seconds / 8), 0).conversations for message in talk]
    connector, told = aiohttp.TCPConnector(limit=0), Told()
    async with aiohttp.ClientSession(url, connector=connector) as http:
        crowd = [await _arrive(http) for _ in range(customers)]
        begun = time.perf_counter()
        sending = [
            _send(http, crowd[number % customers], f"m{number}", texts[number], begun + number / rate, told)
            for number in range(round(rate * seconds))
        ]
        await asyncio.gather(*sending)
        drained, left = await _drain(http, crowd)
    return {
        "offered_per_second": rate,
        "sent": sum(told.statuses.values()),
        "statuses": dict(told.statuses),
        **{f"acknowledged_p{part}_ms": told.at(part / 100) for part in (50, 95, 99)},
        "acknowledged_most_ms": told.at(1.0),
        "drained_after_seconds": drained,
        "unanswered": left,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rate", type=float, default=200.0, help="messages a second")
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--customers", type=int, default=600)
    parser.add_argument("--bounded", action="store_true", help="with the limits as they are shipped")
    given = parser.parse_args()
    limits = _UNLIMITED if given.bounded else {**_UNLIMITED, "BUSY_MESSAGES": "0"}
    with tempfile.TemporaryDirectory() as folder, ours(Path(folder) / "data", **limits) as (side, _):
        wait_until_idle(side, _IDLE_SECONDS)
        figures = asyncio.run(measure(side.url, given.rate, given.seconds, given.customers))
        print(json.dumps(figures | {"memory_mb": side.memory_mb()}))


if __name__ == "__main__":
    main()
