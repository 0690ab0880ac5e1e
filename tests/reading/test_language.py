"""The conversation speaks the customer's language and stays there when a message does not tell."""

import pytest

from reading.language import read_language
from reading.mood import Mood, read_mood
from reading.script import HONG_KONG, is_traditional, to_simplified, to_traditional


@pytest.mark.parametrize(
    ("text", "previous", "expected"),
    [
        ("我的订单到哪了", None, "zh-Hans"),
        ("我的訂單到哪了", None, "zh-Hant"),
        ("你好", "zh-Hant", "zh-Hant"),
        ("你好", "en", "zh-Hans"),
        ("where is my order", None, "en"),
        ("where is my order", "zh-Hans", "en"),
        ("hello", None, "en"),
        ("ok", "zh-Hans", "zh-Hans"),
        ("ok", "en", "en"),
        ("wo yao tui kuan", "zh-Hans", "zh-Hans"),
        ("QH20260412345", "zh-Hant", "zh-Hant"),
        ("1234", "en", "en"),
        ("👍", "en", "en"),
        ("li.ming@example.com", "zh-Hans", "zh-Hans"),
        ("1234", None, "zh-Hans"),
        ("我想 return this item", "en", "zh-Hans"),
        ("thanks a lot 谢谢", "en", "zh-Hans"),
        ("how do I return this?", "zh-Hant", "en"),
    ],
)
def test_language_of_a_message(text: str, previous: str | None, expected: str) -> None:
    assert read_language(text, previous) == expected


def test_scripts_turn_into_each_other() -> None:
    assert to_simplified("我的訂單怎麼還沒到") == "我的订单怎么还没到"
    assert to_traditional("请发短信") == "請發簡訊"
    assert to_traditional("请发短信", HONG_KONG) == "請發短信"
    assert is_traditional("訂單")
    assert not is_traditional("订单")
    assert not is_traditional("你好")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("请问怎么退货", Mood.CALM),
        ("投诉电话是多少", Mood.CALM),
        ("垃圾袋有货吗", Mood.CALM),
        ("怎么还没到", Mood.ANNOYED),
        ("怎麼還沒到", Mood.ANNOYED),
        ("等了半天没人理！！！", Mood.ANGRY),
        ("你们就是骗子", Mood.ANGRY),
        ("how do I return this", Mood.CALM),
        ("I am still waiting", Mood.ANNOYED),
        ("this is a SCAM", Mood.ANGRY),
    ],
)
def test_mood_of_a_message(text: str, expected: Mood) -> None:
    assert read_mood(text) is expected
