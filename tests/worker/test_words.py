"""The worker's words exist in every language, with the same places to fill."""

import string
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from desk import SettingsWrong
from gateway.worker.settings import Settings
from gateway.worker.slash import as_plain_text
from gateway.worker.words import Words

WORDS = Words.load(ZoneInfo("Asia/Shanghai"))


def test_both_languages_say_the_same_things_with_the_same_places() -> None:
    chinese, english = (flat(WORDS.by_language[name]) for name in ("zh-Hans", "en"))
    assert chinese.keys() == english.keys()
    for key in chinese.keys() - {"asks_for_person", "cancels_waiting", "moment"}:
        assert places(chinese[key]) == places(english[key]), key


def test_moments_are_told_in_the_companys_time_zone() -> None:
    moment = datetime(2026, 11, 22, 23, 5, tzinfo=UTC)
    assert WORDS.moment(moment, "zh-Hans") == "11月23日（周一）07:05"
    assert WORDS.moment(moment, "en") == "Mon 23 November, 07:05"


@pytest.mark.parametrize("text", ["转人工", "我要轉人工！！", "叫个人来", "Talk to a human", "AGENT", "有没有真人"])
def test_plain_wishes_for_a_person_are_understood_without_the_bot(text: str) -> None:
    assert WORDS.asks_for_person(text)


@pytest.mark.parametrize("text", ["怎么退款", "magenta", "会员卡", "What is a management fee?"])
def test_other_wishes_are_not_taken_for_it(text: str) -> None:
    assert not WORDS.asks_for_person(text)


@pytest.mark.parametrize(
    ("text", "cancels"), [("不等了", True), ("算了！", True), ("never mind", True), ("等多久", False)]
)
def test_leaving_the_queue_takes_few_words(text: str, cancels: bool) -> None:
    assert WORDS.cancels_waiting(text) is cancels


@pytest.mark.parametrize(
    ("text", "plain"),
    [("/restart", "／restart"), ("  /a/b", "／a/b"), ("\u200b/x", "／x"), ("／x", "／x"), ("a/b", "a/b"), ("", "")],
)
def test_a_leading_slash_becomes_full_width(text: str, plain: str) -> None:
    assert as_plain_text(text) == plain


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({}, "BOT_SECRET"),
        ({"BOT_SECRET": "x", "WORKER_PORT": "eighty"}, "WORKER_PORT"),
        ({"BOT_SECRET": "x", "WORKERS": "0"}, "WORKERS"),
        ({"BOT_SECRET": "x", "RASA_URL": "localhost"}, "RASA_URL"),
        ({"BOT_SECRET": "x", "TIMEZONE": "Mars/Base"}, "TIMEZONE"),
    ],
)
def test_a_wrong_setting_is_named(wrong: dict[str, str], named: str) -> None:
    with pytest.raises(SettingsWrong, match=named):
        Settings.from_environment(wrong)


def test_settings_have_defaults() -> None:
    settings = Settings.from_environment({"BOT_SECRET": "x"})
    assert (settings.port, settings.workers, settings.welcome_channels) == (8091, 1, {"socketio", "webhook"})


def flat(words: Any, name: str = "") -> dict[str, str]:
    if isinstance(words, dict):
        return {key: text for part, each in words.items() for key, text in flat(each, f"{name}.{part}").items()}
    return {name.lstrip("."): str(words)} if isinstance(words, str) else {}


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}
