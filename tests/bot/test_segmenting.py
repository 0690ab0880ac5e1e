"""Words of a text, and Traditional read as Simplified."""

import pytest

from bot.segmenting import segment
from bot.simplified import simplified


def test_traditional_and_simplified_give_the_same_words() -> None:
    traditional, plain = segment("我的快遞三天沒動了，能退款嗎"), segment("我的快递三天没动了，能退款吗")
    assert [word.text for word in traditional] == [word.text for word in plain]


def test_places_are_those_of_the_text() -> None:
    text = "帮我查QH20260412345 please 谢谢"
    for word in segment(text):
        assert text[word.start :].lower().startswith(word.text)


@pytest.mark.parametrize("text", ["   ", "？", "🌵", "İstanbul", "a"])
def test_odd_texts_have_words_too(text: str) -> None:
    assert segment(text)


def test_nothing_has_no_words() -> None:
    assert segment("") == []


def test_the_map_keeps_every_place() -> None:
    text = "請問發票怎麼開？English stays"
    assert simplified(text) == "请问发票怎么开？English stays"
    assert len(simplified(text)) == len(text)
