"""When people answer, and when they do next."""

import os
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk import SettingsWrong
from desk.opening_hours import OpeningHoursFile, read_opening_hours
from desk.settings import SHIPPED_OPENING_HOURS

SHANGHAI = ZoneInfo("Asia/Shanghai")

SPLIT = """
timezone: Asia/Shanghai
weekly:
  monday: ["09:00-12:00", "13:30-21:00"]
  friday: ["21:00-02:00"]
  saturday: ["10:00-24:00"]
  sunday: ["00:00-04:00"]
holidays:
  - 2026-11-23
  - {from: 2027-02-05, to: 2027-02-09}
extra_open:
  - {date: 2026-11-25, shifts: ["10:00-11:00"]}
  - {date: 2027-02-08, shifts: ["10:00-11:00"]}
"""


def shanghai(text):
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.fixture(scope="module")
def split():
    return read_opening_hours(SPLIT)


@pytest.fixture(scope="module")
def shipped():
    return read_opening_hours(SHIPPED_OPENING_HOURS.read_text(encoding="utf-8"))


def test_shipped_hours_are_nine_to_nine_every_day(shipped):
    for day in range(7):
        at = shanghai("2026-11-23 09:00") + timedelta(days=day)
        assert not shipped.is_open(at - timedelta(milliseconds=1))
        assert shipped.is_open(at)
        assert shipped.is_open(at + timedelta(hours=12) - timedelta(milliseconds=1))
        assert not shipped.is_open(at + timedelta(hours=12))


def test_at_midnight_the_next_opening_is_nine_in_the_morning(shipped):
    assert shipped.next_opening(shanghai("2026-11-22 00:00")) == datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
    assert shipped.next_opening(shanghai("2026-11-22 12:00")) == shanghai("2026-11-23 09:00")


@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        ("2026-11-30 11:59", True),
        ("2026-11-30 12:00", False),
        ("2026-11-30 13:30", True),
        ("2026-11-24 12:00", False),  # no shifts on Tuesday
        ("2026-11-23 10:00", False),  # a holiday
        ("2026-11-25 10:30", True),  # open as an exception
        ("2026-11-25 11:00", False),
        ("2026-11-28 01:59", True),  # Friday's night shift
        ("2026-11-28 02:00", False),
        ("2026-11-28 23:59", True),
        ("2026-11-29 03:59", True),  # Saturday runs into Sunday without a break
        ("2027-02-07 01:00", False),  # Sunday in the holidays
        ("2027-02-08 10:00", True),  # the exception wins over the holiday
    ],
)
def test_shifts_holidays_and_exceptions(split, at, is_open):
    assert split.is_open(shanghai(at)) is is_open


def test_next_opening_skips_holidays_and_shifts_that_run_on(split):
    assert split.next_opening(shanghai("2026-11-22 12:00")) == shanghai("2026-11-25 10:00")
    assert split.next_opening(shanghai("2026-11-30 12:30")) == shanghai("2026-11-30 13:30")
    assert split.next_opening(shanghai("2026-11-28 10:00")) == shanghai("2026-11-30 09:00")


def test_never_open_has_no_next_opening():
    assert read_opening_hours("timezone: UTC").next_opening(datetime(2026, 1, 1, tzinfo=UTC)) is None


def test_nine_stays_nine_when_summer_time_begins():
    hours = read_opening_hours('{timezone: Europe/Berlin, weekly: {sunday: ["09:00-10:00"]}}')
    assert hours.is_open(datetime(2027, 3, 28, 7, 30, tzinfo=UTC))
    assert not hours.is_open(datetime(2027, 3, 28, 8, 30, tzinfo=UTC))
    assert hours.is_open(datetime(2027, 3, 21, 8, 30, tzinfo=UTC))


@given(st.integers(0, 2 * 365 * 24 * 60))
def test_we_are_closed_just_before_the_next_opening_and_open_at_it(minutes):
    at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    hours = read_opening_hours(SPLIT)
    opens = hours.next_opening(at)
    assert opens > at
    assert hours.is_open(opens)
    assert not hours.is_open(opens - timedelta(milliseconds=1))
    middle = at + (opens - at) / 2
    assert hours.next_opening(middle) == opens or middle >= opens


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("weekly: {montag: []}", "montag"),
        ('weekly: {monday: "09:00-21:00"}', "list of shifts"),
        ('weekly: {monday: ["9-21"]}', "'9'"),
        ('weekly: {monday: ["09:00-25:00"]}', "25:00"),
        ('weekly: {monday: ["09:00-12:00", "11:00-13:00"]}', "overlap"),
        ("timezone: Mars/Olympus", "Mars/Olympus"),
        ("holidays: [yesterday]", "yesterday"),
        ("holidays: [{from: 2027-02-09, to: 2027-02-05}]", "ends before"),
        ("extra_open: [{date: 2027-02-09}]", "shifts"),
        ("openning: 9", "expected only"),
        ("- 1", "expected only"),
        ("{", "opening hours"),
    ],
)
def test_wrong_hours_are_refused_and_the_entry_is_named(text, named):
    with pytest.raises(SettingsWrong, match=named):
        read_opening_hours(text)


def test_hours_are_read_again_when_the_file_changes_and_a_slip_keeps_the_last(tmp_path):
    path = tmp_path / "hours.yml"
    path.write_text('{timezone: UTC, weekly: {monday: ["09:00-10:00"]}}')
    file = OpeningHoursFile(path)
    monday = datetime(2026, 11, 23, 11, tzinfo=UTC)
    assert not file.current().is_open(monday)

    def write(text, second):
        path.write_text(text)
        os.utime(path, (second, second))

    write('{timezone: UTC, weekly: {monday: ["09:00-12:00"]}}', 2_000_000_000)
    assert file.current().is_open(monday)
    write("{timezone: ", 2_000_000_001)
    assert file.current().is_open(monday)
    path.unlink()
    assert file.current().is_open(monday)


def test_missing_file_is_refused_at_start(tmp_path):
    with pytest.raises(SettingsWrong, match="OPENING_HOURS"):
        OpeningHoursFile(tmp_path / "none.yml")


def test_dates_in_the_shipped_file_are_valid(shipped):
    assert all(isinstance(day, date) for day in shipped.holidays)
