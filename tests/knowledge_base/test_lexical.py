"""Wording counts as it is now, in a base of any size, and no edit makes a question wait."""

import random

import pytest

from knowledge_base import lexical
from knowledge_base.lexical import LexicalIndex

WORDS = "快递 退款 发票 地址 取消 优惠 积分 换货 保修 密码 登录 付款 到账 海外 礼品 包装 门店 自提 会员 生日".split()


def documents(count: int, seed: int = 0) -> dict[str, list[str]]:
    dice = random.Random(seed)
    return {f"a{number}": ["".join(dice.sample(WORDS, 4)) for _ in range(3)] for number in range(count)}


def filled(texts: dict[str, list[str]]) -> LexicalIndex:
    index = LexicalIndex()
    for key, asked in texts.items():
        index.put(key, asked)
    return index


def scores(index: LexicalIndex, text: str, keys) -> dict[str, float]:
    found = index.scores(text)
    return {key: found[key] for key in keys}


def finish(index: LexicalIndex) -> None:
    while index._aside.busy:
        index._aside.wait()
        index.scores("发票")


@pytest.fixture
def large(monkeypatch):
    """Every base is a large one."""
    monkeypatch.setattr(lexical, "_SMALL", 0)
    monkeypatch.setattr(lexical, "_CHANGED", 0.2)


def test_an_edit_counts_at_once_in_a_large_base(large):
    texts = documents(100)
    index = filled(texts)
    index.scores("发票")
    index.put("a7", ["可以刻字吗", "能不能刻名字"])
    index.put("new", ["几点关门"])
    index.remove("a9")
    assert index.scores("可以刻字吗").best(1) == ["a7"]
    assert index.scores("几点关门").best(1) == ["new"]
    assert "a9" not in index.scores(texts["a9"][0]).best(200)
    assert index.scores("可以刻字吗")["a7"] > 0.3
    assert not index._aside.busy


def test_one_edit_does_not_build_everything_anew(large, monkeypatch):
    index = filled(documents(100))
    index.scores("发票")
    monkeypatch.setattr(lexical, "_make", lambda _: pytest.fail("everything was built anew"))
    index.put("a7", ["可以刻字吗"])
    assert index.scores("可以刻字吗").best(1) == ["a7"]


def test_after_many_edits_scores_are_those_of_a_base_built_now(large):
    texts = documents(100)
    index, dice = filled(texts), random.Random(5)
    index.scores("发票")
    for step, (key, asked) in enumerate(documents(160, seed=1).items()):
        texts[key] = asked
        index.put(key, asked)
        if step % 3 == 0:
            gone = dice.choice(sorted(texts))
            index.remove(gone)
            del texts[gone]
        for text in ("发票地址", "会员生日"):
            now, right = scores(index, text, texts), scores(filled(texts), text, texts)
            assert now == pytest.approx(right, abs=0.15)  # rarities are those of a moment ago
            assert set(index.scores(text).best(500)) <= set(texts)
    finish(index)
    for key, asked in texts.items():
        index.put(key, asked)  # so much that everything is built anew
    index.scores("发票")
    finish(index)
    assert not index._changed
    assert scores(index, "发票地址", texts) == pytest.approx(scores(filled(texts), "发票地址", texts), abs=1e-5)


def test_a_small_base_is_always_built_from_what_it_holds():
    texts = documents(30)
    index = filled(texts)
    index.scores("发票")
    index.put("a3", ["可以刻字吗"])
    texts["a3"] = ["可以刻字吗"]
    assert scores(index, "发票", texts) == pytest.approx(scores(filled(texts), "发票", texts), abs=1e-6)
    index.remove("a4")
    assert len(index.scores("发票").keys) == 29


def test_an_empty_base_shares_nothing(large):
    index = filled(documents(2))
    index.scores("发票")
    index.remove("a0")
    index.remove("a1")
    assert index.scores("发票").best(5) == []
