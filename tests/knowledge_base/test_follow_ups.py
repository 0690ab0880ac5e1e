"""A short continuation keeps its topic; anything that stands by itself does not."""

import pytest

from knowledge_base.encoder import prepared
from knowledge_base.follow_ups import FollowUps

FOLLOW_UPS = FollowUps.read()


@pytest.mark.parametrize(
    "text", ["那运费谁出?", "那國外呢？", "发票呢", "如果超过七天了", "and the postage?", "What about abroad"]
)
def test_these_continue(text):
    assert FOLLOW_UPS.continues(prepared(text))


@pytest.mark.parametrize(
    "text",
    [
        "退货的运费谁出",
        "怎么开发票",
        "",
        "android app keeps crashing",
        "那我上个月在你们家买的那台洗衣机到底能不能退货啊",
    ],
)
def test_these_stand_by_themselves(text):
    assert not FOLLOW_UPS.continues(prepared(text))
