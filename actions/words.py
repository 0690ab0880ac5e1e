"""Words for customers, from `words/<language>.yml`, and times as customers read them."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

_FOLDER = Path(__file__).with_name("words")


@lru_cache(maxsize=4)
def words(language: str | None) -> Mapping[str, Any]:
    """The words of `language`; Simplified Chinese stands for every other script of Chinese."""
    name = "en" if language == "en" else "zh-Hans"
    return dict(yaml.safe_load((_FOLDER / f"{name}.yml").read_text(encoding="utf-8")))


def instant(written: str) -> datetime:
    """A time of the contract (ISO 8601, UTC)."""
    return datetime.fromisoformat(written)


def told_time(written: str, language: str | None, zone: ZoneInfo) -> str:
    """Day and time in `zone`."""
    chosen = words(language)
    return str(chosen["time"]).format(**_parts(instant(written).astimezone(zone), chosen))


def told_opening(written: str, now: datetime, language: str | None, zone: ZoneInfo) -> str | None:
    """When people will answer again, as said on the day of `now`; None for a time that has passed."""
    opens, today = instant(written).astimezone(zone), now.astimezone(zone)
    if opens <= today:
        return None
    chosen = words(language)
    days = {today.date(): "today", today.date() + timedelta(days=1): "tomorrow"}
    return str(chosen[days.get(opens.date(), "later")]).format(**_parts(opens, chosen))


def _parts(at: datetime, chosen: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "month": chosen["months"][at.month - 1],
        "day": at.day,
        "weekday": chosen["weekdays"][at.weekday()],
        "hour": at.hour,
        "minute": at.minute,
    }
