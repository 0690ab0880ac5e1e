"""Days as customers name them."""

from datetime import date

import pytest

from bot.dates import find_dates
from bot.entities import DATE, find

SUNDAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("上周三买的", "2026-11-11"),
        ("周三到的货", "2026-11-18"),
        ("這週五要用", "2026-11-20"),
        ("下星期一行吗", "2026-11-23"),
        ("上上个礼拜天", "2026-11-08"),
        ("昨天还好好的", "2026-11-21"),
        ("大前天", "2026-11-19"),
        ("三天前下的单", "2026-11-19"),
        ("10天前", "2026-11-12"),
        ("11月5号", "2026-11-05"),
        ("12月31日下的单", "2026-12-31"),
        ("6月1日", "2026-06-01"),
        ("2025年3月8日", "2025-03-08"),
        ("2026-11-01", "2026-11-01"),
        ("bought it last Friday", "2026-11-13"),
        ("on Tuesday", "2026-11-17"),
        ("5 days ago", "2026-11-17"),
        ("yesterday", "2026-11-21"),
    ],
)
def test_one_day(text: str, day: str) -> None:
    assert [found[2].isoformat() for found in find_dates(text, SUNDAY)] == [day]


@pytest.mark.parametrize("text", ["13月40日", "一周内退货", "the sun is out", "2026-13-01", "满200元", "周边商品"])
def test_no_day(text: str) -> None:
    assert find_dates(text, SUNDAY) == []


def test_a_month_far_ahead_is_last_years() -> None:
    assert [day.year for _, _, day in find_dates("12月20日", date(2026, 1, 5))] == [2025]


def test_dates_are_entities_once_it_is_known_what_day_it_is() -> None:
    assert [entity.kind for entity in find("昨天买的", SUNDAY)] == [DATE]
    assert find("昨天买的") == []
