"""Opening hours: when people answer."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml

from desk.errors import SettingsWrong

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
LOOK_AHEAD_DAYS = 366
_SECTIONS = {"timezone", "weekly", "holidays", "extra_open"}
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Shift:
    """Minutes after midnight; `end` is above 24 hours when the shift runs into the next day."""

    start: int
    end: int


@dataclass(frozen=True)
class OpeningHours:
    """`weekly` begins on Monday; `extra_open` (days with their own hours) wins over `holidays`, both over the week."""

    zone: ZoneInfo
    weekly: Sequence[Sequence[Shift]]
    holidays: frozenset[date] = frozenset()
    extra_open: Mapping[date, Sequence[Shift]] = field(default_factory=dict)

    def is_open(self, at: datetime) -> bool:
        local = at.astimezone(self.zone).date()
        # Yesterday's last shift may run past midnight.
        periods = self._periods(local - timedelta(days=1)) + self._periods(local)
        return any(start <= at < end for start, end in periods)

    def next_opening(self, at: datetime) -> datetime | None:
        """The next moment after `at` at which we open (UTC); None when there is none within a year."""
        first = at.astimezone(self.zone).date()
        for offset in range(-1, LOOK_AHEAD_DAYS):
            for start, _ in sorted(self._periods(first + timedelta(days=offset))):
                # Where one shift begins as another ends, nobody ever closed.
                if start > at and not self.is_open(start - timedelta(milliseconds=1)):
                    return start
        return None

    def _periods(self, day: date) -> list[tuple[datetime, datetime]]:
        return [(self._moment(day, shift.start), self._moment(day, shift.end)) for shift in self._shifts(day)]

    def _shifts(self, day: date) -> Sequence[Shift]:
        if day in self.extra_open:
            return self.extra_open[day]
        return () if day in self.holidays else self.weekly[day.weekday()]

    def _moment(self, day: date, minutes: int) -> datetime:
        # By the clock on the wall, so that 09:00 stays 09:00 when summer time begins.
        days, rest = divmod(minutes, 24 * 60)
        local = datetime.combine(day + timedelta(days=days), time(rest // 60, rest % 60), self.zone)
        return local.astimezone(UTC)


def read_opening_hours(text: str, source: str = "opening hours") -> OpeningHours:
    """Raises SettingsWrong, which names the entry that is wrong."""
    try:
        data = yaml.safe_load(text)
        if not isinstance(data, dict) or set(data) - _SECTIONS:
            raise ValueError(f"expected only {', '.join(sorted(_SECTIONS))}")
        return OpeningHours(
            zone=ZoneInfo(str(data.get("timezone", "Asia/Shanghai"))),
            weekly=_weekly(data.get("weekly") or {}),
            holidays=frozenset(day for entry in data.get("holidays") or () for day in _days(entry)),
            extra_open=_other_hours(data.get("holidays")) | _other_hours(data.get("extra_open"), needed=True),
        )
    except KeyError as error:
        raise SettingsWrong(f"{source}: {error} is missing") from error
    except (yaml.YAMLError, ValueError, TypeError, AttributeError, OverflowError, ZoneInfoNotFoundError) as error:
        raise SettingsWrong(f"{source}: {error}") from error


class OpeningHoursFile:
    """The hours in a file, read again when the file changes. `text` is what was read last."""

    def __init__(self, path: Path) -> None:
        """Raises SettingsWrong when the file cannot be used now."""
        self._path = path
        try:
            self._read()
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsWrong(f"OPENING_HOURS={path}: {error}") from error

    def current(self) -> OpeningHours:
        """The last hours that could be read: a slip of an editor does not close the shop."""
        try:
            if self._path.stat().st_mtime_ns != self._changed:
                self._read()
        except (OSError, UnicodeDecodeError, SettingsWrong) as error:
            _LOG.warning("opening hours not read again: %s", error)
        return self._hours

    def _read(self) -> None:
        self._changed = self._path.stat().st_mtime_ns
        text = self._path.read_text(encoding="utf-8")
        self._hours, self.text = read_opening_hours(text, str(self._path)), text


def _weekly(table: Mapping[str, Any]) -> Sequence[Sequence[Shift]]:
    unknown = set(table) - set(WEEKDAYS)
    if unknown:
        raise ValueError(f"no weekday: {', '.join(sorted(map(str, unknown)))}")
    return tuple(_shifts(table.get(day) or ()) for day in WEEKDAYS)


def _shifts(entries: Sequence[str]) -> Sequence[Shift]:
    if isinstance(entries, str):
        raise ValueError(f'expected a list of shifts such as ["09:00-21:00"], not {entries!r}')
    shifts = sorted((_shift(entry) for entry in entries), key=lambda shift: shift.start)
    for earlier, later in pairwise(shifts):
        if later.start < earlier.end:
            raise ValueError(f"shifts overlap: {list(entries)}")
    return tuple(shifts)


def _shift(entry: str) -> Shift:
    start, _, end = str(entry).partition("-")
    first, last = _minutes(start), _minutes(end)
    return Shift(first, last if last > first else last + 24 * 60)


def _minutes(text: str) -> int:
    hours, _, minutes = text.strip().partition(":")
    if not (hours.isdigit() and len(minutes) == 2 and minutes.isdigit()):
        raise ValueError(f"expected a time such as 09:00, not {text!r}")
    if int(minutes) > 59 or int(hours) * 60 + int(minutes) > 24 * 60:
        raise ValueError(f"no such time: {text!r}")
    return int(hours) * 60 + int(minutes)


def _other_hours(entries: Any, *, needed: bool = False) -> dict[date, Sequence[Shift]]:
    """The days that have shifts of their own."""
    special: dict[date, Sequence[Shift]] = {}
    for entry in entries or ():
        if needed or (isinstance(entry, dict) and "shifts" in entry):
            special |= dict.fromkeys(_days(entry), _shifts(entry["shifts"]))
    return special


def _days(entry: Any) -> list[date]:
    """One day, or all from the first to the last."""
    if isinstance(entry, dict):
        if unknown := set(entry) - {"date", "from", "to", "shifts"}:
            raise ValueError(f"expected date, or from and to, not {', '.join(sorted(map(str, unknown)))}")
        if "date" in entry:
            return [_day(entry["date"])]
        first, last = _day(entry["from"]), _day(entry["to"])
        if last < first:
            raise ValueError(f"holiday ends before it begins: {entry}")
        if (last - first).days > LOOK_AHEAD_DAYS:
            raise ValueError(f"longer than a year: {entry}")
        return [first + timedelta(days=offset) for offset in range((last - first).days + 1)]
    return [_day(entry)]


def _day(value: Any) -> date:
    return value if type(value) is date else date.fromisoformat(str(value))
