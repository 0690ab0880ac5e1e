"""Waiting for what comes next in one conversation."""

import asyncio

from desk import Desk, Event
from gateway.doors.nudges import Nudges


async def next_events(desk: Desk, nudges: Nudges, conversation: str, after: int, seconds: float) -> list[Event]:
    """Events above `after`, as soon as there are any; [] when `seconds` pass or the doors close."""
    loop = asyncio.get_running_loop()
    until = loop.time() + seconds
    with nudges.watch(conversation, after) as bell:
        while True:
            bell.clear()
            events = await desk.events(conversation, after)
            left = until - loop.time()
            if events or left <= 0 or nudges.closing:
                return events
            await bell.wait(left)
