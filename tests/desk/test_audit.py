"""The audit: what was done, latest first, and never rewritten."""

import asyncio
from datetime import UTC, datetime

from tests.desk.cast import LIN, MORNING


async def test_entries_come_latest_first_and_page_by_page(desk, clock):
    for number in range(25):
        await desk.audit.note(LIN, "claimed", conversation=f"c1-{number}", epoch=number)
        clock.advance(seconds=1)
    first = await desk.audit.read(limit=10)
    second = await desk.audit.read(first.next, limit=10)
    third = await desk.audit.read(second.next, limit=10)
    numbers = [entry.details["epoch"] for page in (first, second, third) for entry in page.entries]
    assert numbers == list(range(24, -1, -1))
    assert third.next is None
    oldest = third.entries[-1]
    assert (oldest.who, oldest.what, oldest.at, oldest.subject) == (LIN, "claimed", MORNING, None)


async def test_entries_are_found_by_who_what_and_where(desk):
    await desk.audit.note(LIN, "claimed", conversation="c1")
    await desk.audit.note("boss", "taken_over", conversation="c1", **{"from": LIN})
    await desk.audit.note("boss", "account_changed", subject=LIN, fields=["roles"])

    async def whats(**wanted):
        return [entry.what for entry in (await desk.audit.read(**wanted)).entries]

    assert await whats(who="boss") == ["account_changed", "taken_over"]
    assert await whats(conversation="c1") == ["taken_over", "claimed"]
    assert await whats(what="claimed", who="boss") == []


async def test_a_rare_match_is_reached_over_several_pages(desk, redis):
    await desk.audit.note("boss", "taken_over")
    pipeline = redis.pipeline(transaction=False)
    row = {"at": "2026-11-22T02:00:00.000Z", "who": LIN, "what": "read", "conversation": "", "subject": ""}
    for _ in range(6000):
        pipeline.xadd(desk.keys.audit, row | {"details": "{}"})
    await pipeline.execute()
    page = await desk.audit.read(who="boss")
    assert page.entries == ()
    assert [entry.what for entry in (await desk.audit.read(page.next, who="boss")).entries] == ["taken_over"]


async def test_nothing_is_lost_when_many_are_noted_at_once(desk):
    await asyncio.gather(*(desk.audit.note(f"agent-{number}", "claimed") for number in range(100)))
    assert len({entry.who for entry in (await desk.audit.read(limit=200)).entries}) == 100


async def test_entries_are_forgotten_with_everything_else(desk, redis, clock):
    """Ids are the server's time; what is older than RETENTION_DAYS goes when something is noted."""
    row = {"at": "2020-01-01T00:00:00.000Z", "who": LIN, "what": "read", "conversation": "", "subject": ""}
    for number in range(300):  # approximate cutting goes by whole nodes of the stream
        await redis.xadd(desk.keys.audit, row | {"details": "{}"}, id=f"{1_577_836_800_000 + number}-0")
    clock.now = datetime.now(UTC)
    await desk.audit.note(LIN, "claimed")
    assert await redis.xlen(desk.keys.audit) < 150
