"""The keystroke-level model of `benchmarks.handling`: what typing Chinese costs, and what the times add up to."""

from types import SimpleNamespace

import pytest

from benchmarks.handling_hands import CLICK, HOME, KEY, POINT, READ, THINK, Hands, keys_of


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("退款", len("tuikuan") + 1),  # one word, taken with one key
        ("QH20260408801", 13),
        ("退款1-3天。", len("tuikuan") + 1 + 3 + len("tian") + 1 + 1),
        ("ok", 2),
    ],
)
def test_a_chinese_word_is_its_pinyin_and_one_key_and_all_else_a_key_a_character(text: str, keys: int) -> None:
    assert keys_of(text) == keys


def test_times_add_up_and_a_hand_that_moves_is_counted_once() -> None:
    target = SimpleNamespace(click=lambda: None)
    page = SimpleNamespace(keyboard=SimpleNamespace(press=lambda _keys: None, insert_text=lambda _text: None))
    hands = Hands(page, page)  # type: ignore[arg-type]
    hands.click(target)  # type: ignore[arg-type]
    hands.type("ok")
    hands.press("Control+Enter")
    hands.think()
    hands.read("一二 三")
    told = hands.figures()
    assert (told["keys"], told["clicks"], told["homings"], told["read_characters"]) == (4, 1, 1, 3)
    whole = 4 * KEY + POINT + CLICK + HOME + THINK + 3 / READ
    assert told["seconds"] == pytest.approx(whole, abs=0.06)
