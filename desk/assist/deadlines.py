"""The moment that a promise names: 24小时内, 1-3个工作日, 明天18点前, within 2 hours."""

import re
from datetime import datetime, time, timedelta, tzinfo

from desk.assist.sentences import in_plain

_COUNT = {"一": 1, "两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}
_COUNT |= {"十一": 11, "十二": 12}
_NUMBER = r"(\d{1,3}|十[一二]|[一两二三四五六七八九十])"
_SPAN = re.compile(
    rf"(?:{_NUMBER}\s?(?:-|~|到|至|to)\s?)?{_NUMBER}\s?个?\s?(小时|hours?|分钟|minutes?|工作日|working days?|天|days?)"
)
_HOUR = r"(\d{1,2}|十[一二]|[一两二三四五六七八九十])"
_CLOCK = re.compile(rf"(上午|中午|下午|晚上|今晚)?\s?{_HOUR}(?:[:：](\d{{2}})|\s?[点點时](?!间|候)(半)?)")
_DAYS = {"今天": 0, "今晚": 0, "today": 0, "tonight": 0, "明天": 1, "tomorrow": 1, "后天": 2}
_WEEKDAY = re.compile(r"(下)?(?:个)?(?:周|星期|礼拜)([一二三四五六日天末])")
_WEEK = {day: number for number, day in enumerate("一二三四五六日")} | {"天": 6, "末": 6}
_END_OF_WORK, _END_OF_DAY = time(18), time(23, 59)


def deadline(promise: str, at: datetime, zone: tzinfo) -> datetime | None:
    """When what was promised at the moment `at` is due; None when no time is named. `zone` is the company's."""
    plain, local = in_plain(promise), at.astimezone(zone)
    day = _day(plain, local)
    clock = _clock(plain)
    if day is not None or clock is not None:
        named = datetime.combine((day or local).date(), clock or _END_OF_WORK, zone)
        if clock is None and named <= local:  # 「今天」, said in the evening
            return datetime.combine(named.date(), _END_OF_DAY, zone)
        return named if named > local or day is not None else named + timedelta(days=1)
    span = _SPAN.search(plain)
    return _after(span, local) if span else None


def _after(span: "re.Match[str]", local: datetime) -> datetime:
    count = _COUNT.get(span[2]) or int(span[2])
    match span[3]:
        case "小时" | "hour" | "hours":
            return local + timedelta(hours=count)
        case "分钟" | "minute" | "minutes":
            return local + timedelta(minutes=count)
        case "天" | "day" | "days":
            return local + timedelta(days=count)
    return _working_days(local, count)


def _working_days(local: datetime, count: int) -> datetime:
    """Monday to Friday; public holidays are not known here."""
    while count > 0:
        local += timedelta(days=1)
        count -= local.weekday() < 5
    return local


def _day(plain: str, local: datetime) -> datetime | None:
    for name, days in _DAYS.items():
        if name in plain:
            return local + timedelta(days=days)
    if (found := _WEEKDAY.search(plain)) is None:
        return None
    ahead = (_WEEK[found[2]] - local.weekday()) % 7 + 7 * bool(found[1] and _WEEK[found[2]] >= local.weekday())
    return local + timedelta(days=ahead)


def _clock(plain: str) -> time | None:
    found = _CLOCK.search(plain)
    if found is None:
        return None
    hour = _COUNT.get(found[2]) or int(found[2])
    hour += 12 * (found[1] in ("下午", "晚上", "今晚") and hour < 12)
    minute = int(found[3] or 30 * bool(found[4]))
    return time(hour, minute) if hour < 24 and minute < 60 else None
