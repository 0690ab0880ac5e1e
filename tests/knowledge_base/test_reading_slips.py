"""Slips of the keyboard and words of other places are read as what was meant, and nothing else is touched."""

import pytest

from knowledge_base.encoder import prepared
from knowledge_base.homophones import Homophones
from knowledge_base.retriever import Edition, Retriever
from knowledge_base.search import phrasings_of
from knowledge_base.shipped import read_articles, read_out_of_scope


@pytest.fixture(scope="module")
def shop() -> Homophones:
    homophones = Homophones()
    for article in read_articles():
        homophones.put(phrasings_of(article))
    return homophones


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("我要退祸", "我要退货"),
        ("查下我的物柳", "查下我的物流"),
        ("积份怎么用", "积分怎么用"),
        ("运废谁出", "运费谁出"),
        ("地止写错了", "地址写错了"),
        ("怎么tuihuo", "怎么退货"),
        ("验整码收不到", "验证码收不到"),
    ],
)
def test_wrong_characters_of_the_right_sound_are_the_word_of_the_base(shop, written, meant):
    assert shop.mended(written) == meant


@pytest.mark.parametrize(
    "text", ["我想买张贺卡", "how do i return it", "qh20260412345", "", "里有什么", "app打不开", "。"]
)
def test_what_is_right_stays(shop, text):
    assert shop.mended(text) == text


def test_hardly_any_text_about_something_else_is_touched(shop):
    texts = [prepared(text) for text in read_out_of_scope()]
    assert sum(shop.mended(text) != text for text in texts) <= 0.02 * len(texts)


def test_a_word_is_meant_no_longer_once_nobody_says_it():
    homophones = Homophones()
    homophones.put(["电子发票", "发票抬头", "我要发票"])
    assert homophones.mended("发漂") == "发票"
    homophones.remove(["我要发票"])
    assert homophones.mended("发漂") == "发漂"


def test_the_retriever_reads_with_the_words_of_its_articles(encoder):
    from knowledge_base.faiss_index import FaissIndex
    from knowledge_base.search import Search, make_entry
    from tests.knowledge_base.shop import article

    retriever = Retriever(encoder.identity, Search(FaissIndex(encoder.identity.dimension)))
    invoice = article("invoice", "怎么开发票", "发票抬头", "我要发票", "电子发票")
    retriever.put(Edition(invoice, 1), make_entry(invoice, encoder))
    assert retriever.read("發漂怎麼開？") == "发票怎么开?"
    other = article("invoice", "你好")
    retriever.put(Edition(other, 2), make_entry(other, encoder))
    assert retriever.read("发漂怎么开") == "发漂怎么开"


@pytest.mark.parametrize(
    ("local", "plain"),
    [
        ("點解我啲積分唔見咗", "为什么我些积分丢了"),
        ("幾時出貨", "什么时候发货"),
        ("可唔可以俾張發票我", "可不可以给张发票我"),
        ("統編打錯了", "税号打错了"),
        ("猫咪用品", "猫咪用品"),
    ],
)
def test_words_of_hong_kong_and_taiwan_are_said_as_on_the_mainland(local, plain):
    assert prepared(local) == plain
