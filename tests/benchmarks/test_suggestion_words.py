"""BLEU, chrF and likeness tell a reply in the agent's words from another."""

from collections.abc import Sequence

import numpy as np
import pytest

from benchmarks.suggestion_words import best_of, in_plain, nearness
from knowledge_base.understanding import EncoderIdentity

SAID = ["您好，退款三个工作日内到账。", "请问您的订单号是多少？"]


class Characters:
    """Counts characters: enough to tell these sentences apart."""

    identity = EncoderIdentity("characters", "1", 997)

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        vectors = np.zeros((len(texts), 997), np.float32)
        for row, text in zip(vectors, texts, strict=True):
            for character in text:
                row[ord(character) % 997] += 1
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def test_the_agents_own_words_score_highest_and_meaning_is_compared_with_other_replies() -> None:
    same = nearness([(one, one) for one in SAID], Characters())
    swapped = nearness(list(zip(reversed(SAID), SAID, strict=True)), Characters())
    assert (same.turns, same.bleu, same.chrf) == (2, pytest.approx(100), pytest.approx(100))
    assert swapped.bleu < 20
    assert swapped.chrf < 20
    assert same.alike == pytest.approx(1)
    assert swapped.alike == pytest.approx(same.alike_to_others)


def test_the_one_that_needs_least_changing_is_found() -> None:
    assert best_of(["请问您的订单号是多少？", "**退款**三天到账。"], SAID[0]) == "**退款**三天到账。"


def test_markdown_is_no_word() -> None:
    assert in_plain("**三天**内：\n- [申请](https://a.b/c)退款\n1. 等待") == "三天内： 申请退款 等待"
