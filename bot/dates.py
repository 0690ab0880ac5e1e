"""Days in a text, as customers name them: 昨天, 上周三, 3月5号, last Friday; relative to a day that is given."""

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta

_WEEKDAYS = {c: n for n, names in enumerate(("一1", "二2", "三3", "四4", "五5", "六6", "日天末7")) for c in names}
_ENGLISH = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAYS = {
    "大前天": -3, "前天": -2, "昨天": -1, "昨日": -1, "昨晚": -1, "今天": 0, "今日": 0, "今早": 0, "今晚": 0,
    "明天": 1, "明日": 1, "后天": 2, "後天": 2, "大后天": 3, "大後天": 3,
    "yesterday": -1, "today": 0, "tonight": 0, "tomorrow": 1,
}  # fmt: skip
_COUNT = {"一": 1, "两": 2, "兩": 2, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}

_NAMED = re.compile("|".join(sorted(_DAYS, key=len, reverse=True)), re.IGNORECASE)
_WEEK = re.compile(r"(上上|上|这|這|本|下)?(?:个|個)?(?:[周週]|星期|礼拜|禮拜)([一二三四五六日天末])")
_ENGLISH_WEEK = re.compile(
    r"\b(?:(last|this|next)\s+)?(mon|tue(?:s)?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b", re.IGNORECASE
)
_MONTH_DAY = re.compile(r"(?<!\d)(?:(\d{4})\s?年\s?)?(\d{1,2})\s?月\s?(\d{1,2})\s?[日号號]?")
_NUMERIC = re.compile(r"(?<!\d)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_AGO = re.compile(
    r"(\d{1,3}|[一两兩二三四五六七八九十])\s?(?:天|日)\s?(?:前|之前|以前)|(\d{1,3})\s+days?\s+ago", re.IGNORECASE
)
_WEEKS = {"上上": -14, "上": -7, "下": 7, "last": -7, "next": 7}

Found = tuple[int, int, date]


def find_dates(text: str, today: date) -> list[Found]:
    """`(start, end, day)` of each day that `text` names, in order; a month and day without a year are the latest such
    day that is not more than half a year ahead."""
    finders: tuple[Callable[[str, date], Iterator[Found]], ...] = (_ago, _numeric, _months, _weeks, _named)
    found: list[Found] = []
    for finder in finders:
        found += [f for f in finder(text, today) if not any(f[0] < g[1] and g[0] < f[1] for g in found)]
    return sorted(found)


def _ago(text: str, today: date) -> Iterator[Found]:
    for m in _AGO.finditer(text):
        written = m[1] or m[2]
        yield m.start(), m.end(), today - timedelta(days=_COUNT.get(written) or int(written))


def _numeric(text: str, today: date) -> Iterator[Found]:  # noqa: ARG001 - as all finders
    for m in _NUMERIC.finditer(text):
        day = _day(int(m[1]), int(m[2]), int(m[3]))
        if day:
            yield m.start(), m.end(), day


def _months(text: str, today: date) -> Iterator[Found]:
    for m in _MONTH_DAY.finditer(text):
        day = _day(int(m[1] or today.year), int(m[2]), int(m[3]))
        if day and not m[1] and (day - today).days > 183:
            day = _day(today.year - 1, day.month, day.day)
        if day:
            yield m.start(), m.end(), day


def _weeks(text: str, today: date) -> Iterator[Found]:
    monday = today - timedelta(days=today.weekday())
    for m in _WEEK.finditer(text):
        yield m.start(), m.end(), _of_week(monday, today, m[1], _WEEKDAYS[m[2]])
    for m in _ENGLISH_WEEK.finditer(text):
        if len(m[2]) > 3 or m[1] or m[0].lower().endswith("day"):  # "sun" and "sat" alone are words
            yield m.start(), m.end(), _of_week(monday, today, (m[1] or "").lower(), _ENGLISH.index(m[2][:3].lower()))


def _of_week(monday: date, today: date, which: str | None, weekday: int) -> date:
    """Without a word for the week, the last such day: customers speak of what has happened."""
    day = monday + timedelta(days=weekday + _WEEKS.get(which or "", 0))
    return day - timedelta(days=7) if not which and day > today else day


def _named(text: str, today: date) -> Iterator[Found]:
    for m in _NAMED.finditer(text):
        yield m.start(), m.end(), today + timedelta(days=_DAYS[m[0].lower()])


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
