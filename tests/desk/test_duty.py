"""Who is on duty: open, and present."""

from datetime import UTC, datetime

from tests.desk.cast import LIN, QIAN


async def test_open_but_nobody_there_is_not_reachable(desk):
    duty = await desk.on_duty()
    assert (duty.open, duty.reachable, duty.opens_at, duty.agents) == (True, False, None, ())


async def test_available_agent_makes_us_reachable_until_the_heartbeat_runs_out(desk, clock):
    await desk.set_presence(QIAN, available=True)
    await desk.set_presence(LIN, available=True, ttl_seconds=30)
    assert (await desk.on_duty()).agents == (LIN, QIAN)
    clock.advance(seconds=30)
    assert (await desk.on_duty()).agents == (QIAN,)
    clock.advance(seconds=30)
    assert not (await desk.on_duty()).reachable


async def test_paused_agent_takes_no_new_customers(desk):
    await desk.set_presence(LIN, available=True)
    assert await desk.is_available(LIN)
    await desk.set_presence(LIN, available=False)
    assert not await desk.is_available(LIN)
    assert not (await desk.on_duty()).reachable


async def test_out_of_hours_nobody_is_reachable_and_the_next_opening_is_known(desk, clock):
    clock.now = datetime(2026, 11, 22, 16, 0, tzinfo=UTC)  # midnight in Shanghai
    await desk.set_presence(LIN, available=True)
    duty = await desk.on_duty()
    assert (duty.open, duty.reachable) == (False, False)
    assert duty.opens_at == datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
