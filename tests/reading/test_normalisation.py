"""Texts that mean the same take one form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reading.normalisation import for_matching, has_words, normalise


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ＱＨ２０２６\u3000订单", "QH2026 订单"),
        (" 我\u200b的 \t 订单\r\n\r\n 呢 ", "我的 订单\n呢"),
        ("a\x00b\ud800", "ab"),
        ("½", "1⁄2"),
    ],
)
def test_width_blanks_and_invisible_characters_are_levelled(text: str, expected: str) -> None:
    assert normalise(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("退款!!!???", "退款!?"),
        ("Hello 👋🏽 World", "hello world"),
        ("好的[微笑]谢谢", "好的 谢谢"),
        ("在吗。。。。", "在吗。"),
        ("👨‍👩‍👧", ""),
    ],
)
def test_matching_ignores_faces_case_and_repeated_marks(text: str, expected: str) -> None:
    assert for_matching(text) == expected


@given(st.text())
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@pytest.mark.parametrize(
    ("text", "expected"), [("123", False), ("👍👍", False), ("??", False), ("ok", True), ("好", True), ("", False)]
)
def test_only_letters_and_characters_count_as_words(text: str, expected: bool) -> None:
    assert has_words(text) is expected
