"""Courtesy around a question is not a part of it."""

import pytest

from knowledge_base.courtesy import without_courtesy


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("你好,运费谁出", "运费谁出"),
        ("你好 我要退货", "我要退货"),
        ("您好!不好意思,打扰一下,发票怎么开?谢谢", "发票怎么开"),
        ("在吗?快递到哪了", "快递到哪了"),
        ("hi, where is my parcel? thanks", "where is my parcel"),
        ("good evening, can i return this", "can i return this"),
    ],
)
def test_what_is_asked_is_left(said: str, asked: str) -> None:
    assert without_courtesy(said) == asked


@pytest.mark.parametrize(
    "said",
    [
        "你好",
        "谢谢",
        "在吗?",
        "hello",
        "你好评怎么写",
        "好评返现是真的吗",
        "亲子装有吗",
        "客服几点上班",
        "想问一下",
        "",
    ],
)
def test_what_is_no_courtesy_stays(said: str) -> None:
    assert without_courtesy(said) == said
