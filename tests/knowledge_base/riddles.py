"""A base whose letters tell nothing: which article a phrasing asks for, only one who knows the marks can say."""

import numpy as np

from knowledge_base.article import Article
from knowledge_base.encoder import prepared
from knowledge_base.learning import Lesson
from knowledge_base.reranking.reranker import Passages, passages_of
from knowledge_base.search import make_entry
from tests.knowledge_base.letters import LetterEncoder
from tests.knowledge_base.shop import OUT_OF_SCOPE, article

ALPHABET = "山水木石田土火雨"  # of each phrasing the letters that say nothing
MARKS = (  # any of them stands for its article
    "甲乙丙丁戊己",
    "东南西北中上",
    "赤橙黄绿青蓝",
    "春夏秋冬晨昏",
    "金银铜铁锡铅",
    "牛马羊狗猪鸡",
    "琴棋书画诗酒",
    "父母兄弟姐妹",
)


def riddles() -> list[Article]:
    """Six phrasings an article, each with a mark that no other phrasing has."""
    dice = np.random.default_rng(3)

    def phrasing(mark: str) -> str:
        letters = list(dice.choice(list(ALPHABET), 7))
        letters.insert(int(dice.integers(8)), mark)
        return "".join(letters)

    return [article(f"a{place}", f"问题{marks[0]}", *map(phrasing, marks)) for place, marks in enumerate(MARKS)]


def lesson(articles: list[Article]) -> tuple[Lesson, Passages]:
    """What there is to measure on, as the server puts it together."""
    encoder = LetterEncoder()
    entries = [make_entry(one, encoder) for one in articles]
    outside = [prepared(text) for text in OUT_OF_SCOPE]
    passages = {one.id: passages_of(one) for one in articles}
    return Lesson("7", entries, list(zip(outside, encoder.encode(outside), strict=True))), passages


def owner(text: str) -> str:
    """The article that a phrasing asks for."""
    return next((f"a{place}" for place, marks in enumerate(MARKS) if any(mark in text for mark in marks)), "")
