"""Opening hours as data: what a supervisor edits counts at once, everywhere; and the odd days of a year."""

import asyncio
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from desk import Desk, OpeningHoursChanged, SettingsWrong, TooLong
from desk.opening_hours import read_opening_hours
from tests.desk.cast import LIN

SHANGHAI = ZoneInfo("Asia/Shanghai")
CLOSED_ON_SUNDAYS = '{timezone: Asia/Shanghai, weekly: {monday: ["09:00-12:00", "13:30-18:00"]}}'

YEAR = """
timezone: Asia/Shanghai
weekly:
  wednesday: ["09:00-12:00", "13:30-18:00"]
  thursday: ["09:00-12:00", "13:30-18:00"]
  friday: ["22:00-06:00"]
  saturday: ["00:00-24:00"]
holidays:
  - 2027-01-01
  - {from: 2027-02-05, to: 2027-02-07}
  - {date: 2027-02-04, shifts: ["09:00-12:00"]}
  - {from: 2027-05-05, to: 2027-05-06, shifts: ["10:00-11:00", "20:00-01:00"]}
"""


def shanghai(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("at", "is_open", "why"),
    [
        ("2027-01-06 12:30", False, "lunch"),
        ("2027-01-06 13:30", True, "after lunch"),
        ("2027-01-01 23:00", False, "the night shift of a holiday does not begin"),
        ("2027-01-02 03:00", True, "Saturday has its own hours"),
        ("2027-02-04 11:59", True, "the day before the holidays, until noon"),
        ("2027-02-04 15:00", False, "and not after"),
        ("2027-02-06 10:00", False, "holidays"),
        ("2027-05-05 10:30", True, "other hours on both days"),
        ("2027-05-05 09:30", False, "instead of the usual ones"),
        ("2027-05-07 00:59", True, "the last night runs past midnight into an ordinary day"),
        ("2027-05-07 01:00", False, "and ends there"),
        ("2027-05-15 05:59", True, "Friday's night"),
        ("2027-05-15 23:59", True, "round the clock"),
        ("2027-05-16 00:00", False, "until midnight"),
    ],
)
def test_lunch_nights_and_holidays_with_other_hours(at, is_open, why):
    assert read_opening_hours(YEAR).is_open(shanghai(at)) is is_open, why


def test_after_a_short_day_the_next_opening_is_after_the_holidays():
    assert read_opening_hours(YEAR).next_opening(shanghai("2027-02-04 12:00")) == shanghai("2027-02-10 09:00")


def test_an_office_elsewhere_opens_by_its_own_clock():
    hours = read_opening_hours('{timezone: America/New_York, weekly: {monday: ["09:00-12:00"]}}')
    assert hours.is_open(datetime(2026, 11, 23, 14, 0, tzinfo=UTC))
    assert hours.is_open(shanghai("2026-11-23 22:00"))
    assert not hours.is_open(shanghai("2026-11-23 09:00"))


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('holidays: [{date: 2027-02-04, shift: ["09:00-12:00"]}]', "shift"),
        ("holidays: [{from: 2027-02-04}]", "'to' is missing"),
        ("holidays: [{from: 2027-02-04, to: 2999-02-04}]", "longer than a year"),
        ('extra_open: [{shifts: ["09:00-12:00"]}]', "'from' is missing"),
    ],
)
def test_a_slip_in_a_holiday_is_named(text, named):
    with pytest.raises(SettingsWrong, match=named):
        read_opening_hours(text)


async def test_edited_hours_count_at_once_in_every_process(desk, settings, clock):
    await desk.set_presence(LIN, available=True)
    async with await Desk.connect(settings, clock) as other:
        assert (await other.on_duty()).open
        await desk.hours.edit(0, CLOSED_ON_SUNDAYS, "boss")
        for process in (desk, other):
            duty = await process.on_duty()
            assert (duty.open, duty.reachable, duty.opens_at) == (False, False, shanghai("2026-11-23 09:00"))
        back = await other.hours.edit(1, "", "boss")
        assert (back.edited.version, back.edited.text) == (2, "")
        assert (await desk.on_duty()).open


async def test_two_who_edit_at_once_do_not_overwrite_each_other(desk):
    results = await asyncio.gather(
        *(desk.hours.edit(0, CLOSED_ON_SUNDAYS, f"boss-{n}") for n in range(10)), return_exceptions=True
    )
    assert sum(isinstance(result, OpeningHoursChanged) for result in results) == 9
    assert (await desk.hours.now()).edited.version == 1


async def test_hours_that_cannot_be_read_change_nothing(desk):
    with pytest.raises(SettingsWrong, match="montag"):
        await desk.hours.edit(0, "weekly: {montag: []}", "boss")
    with pytest.raises(TooLong):
        await desk.hours.edit(0, "#" * 20_001, "boss")
    now = await desk.hours.now()
    assert (now.edited.version, "09:00-21:00" in now.text) == (0, True)


async def test_hours_of_another_version_leave_those_that_counted(desk, redis):
    await desk.hours.edit(0, CLOSED_ON_SUNDAYS, "boss")
    assert not (await desk.on_duty()).open
    await redis.hset(desk.keys.opening_hours, mapping={"version": 2, "text": "weekly: {someday: []}"})
    assert not (await desk.on_duty()).open
