"""A warm pool: with a cold one, what should happen at once comes one after another, and a race proves nothing."""

import asyncio

from desk import Desk
from tests.desk.cast import MEI


async def warm(desk: Desk, count: int) -> None:
    """Open connections to the server that has Mei."""
    await asyncio.gather(*(desk.open_conversation(MEI) for _ in range(count)))
