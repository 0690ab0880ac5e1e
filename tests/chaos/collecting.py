"""Reads at the end of a run what the desk holds: every log as its customer may see it, and what is in the queues."""

import asyncio
from typing import Any

from desk import PARTITIONS, Desk
from desk.check import differences
from gateway.customer_view import for_customer
from tests.chaos.record import Evidence

_BATCH = 500


async def collect(desk: Desk, evidence: Evidence) -> None:
    """Fill in `logs`, `left` and `differences`."""
    evidence.logs = {id_: await _log(desk, id_) for id_ in await conversations(desk)}
    evidence.left = await left(desk)
    evidence.differences = await differences(desk)


async def conversations(desk: Desk) -> list[str]:
    """The ids of all there are."""
    pattern = f"{desk.keys.namespace}:{{p*}}:conv:*:log"
    return sorted([key.partition(":conv:")[2].removesuffix(":log") async for key in desk.store.scan(pattern, 1000)])


async def left(desk: Desk) -> list[str]:
    """Conversation and number of each inbox entry."""
    inboxes = [desk.keys.partition(number).inbox for number in range(PARTITIONS)]
    answers = await desk.store.ask_all([("XRANGE", inbox, "-", "+") for inbox in inboxes])
    return [f"{fields['conversation']} {fields['seq']}" for entries in answers for _, fields in entries]


async def until_nothing_is_left(desk: Desk, seconds: float) -> None:
    """Until every message was taken to its end, `seconds` at most."""
    loop = asyncio.get_running_loop()
    until = loop.time() + seconds
    while await left(desk) and loop.time() < until:
        await asyncio.sleep(0.2)


async def _log(desk: Desk, conversation: str) -> list[dict[str, Any]]:
    found: list[Any] = []
    while batch := await desk.events(conversation, len(found), _BATCH):
        found += batch
        if len(batch) < _BATCH:
            break
    return await for_customer(desk, found)
