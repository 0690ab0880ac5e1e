"""Waiting for what comes next in one conversation."""

import asyncio

from desk import Desk, Event
from gateway.doors.nudges import Nudges

# Answers that are on their way get this long after the doors began to close; uvicorn gives a second more.
PATIENCE_SECONDS = 4.0


async def next_events(
    desk: Desk, nudges: Nudges, conversation: str, after: int, seconds: float, *, patient: bool = False
) -> list[Event]:
    """Events above `after`, as soon as there are any; [] when `seconds` pass or the doors close.

    `patient`: for whoever cannot come back for them, some seconds after the doors began to close.
    """
    loop = asyncio.get_running_loop()
    until = loop.time() + seconds
    with nudges.watch(conversation, after) as bell:
        while True:
            bell.clear()
            events = await desk.events(conversation, after)
            if nudges.closed_at is not None:
                until = min(until, nudges.closed_at + (PATIENCE_SECONDS if patient else 0.0))
            left = until - loop.time()
            if events or left <= 0:
                return events
            await bell.wait(left)
