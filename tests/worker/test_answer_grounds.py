"""A reworded answer is sent only if all that it says stands in its article."""

import pytest

from desk.assist.check_rules import read_rules
from gateway.worker.answer_grounds import Grounds
from gateway.worker.answer_quantities import quantities

GROUNDS = Grounds.load(read_rules())
REFUND = (
    "退款多久到账？\n退货到仓后 2 个工作日内验货，验货通过后原路退回：青禾卡 1-3 天，银行卡 3-5 个工作日。"
    "定制商品不支持退货。运费不退，查询请打 400-000-0000。"
)
SHIPPING = (
    "How long does delivery take?\nParcels arrive within 2-4 days of dispatch, remote areas take 5-7 days. "
    "Delivery is free from 59 yuan. Fresh goods cannot be returned. See https://example.com/help or call 400-000-0000."
)


@pytest.mark.parametrize(
    "draft",
    [
        "您的退款会在验货通过后原路退回：银行卡 3-5 个工作日，青禾卡 1-3 天。",
        "您好，退货到仓后两个工作日内验货，通过后原路退回，请您放心。",
        "验货通过后，银行卡3-5个工作日退回。您可以打400-000-0000查询。",
        "定制商品不支持退货哦。",
        "1. 退货到仓后 2 个工作日内验货\n2. 验货通过后**原路退回**",
        "驗貨通過後原路退回，銀行卡 3-5 個工作日。",
    ],
)
def test_what_the_article_says_may_be_said_in_other_words(draft):
    assert GROUNDS.fault(draft, REFUND, "zh-Hans") is None


@pytest.mark.parametrize(
    ("draft", "fault"),
    [
        ("验货通过后原路退回，银行卡 3 个工作日。", "number"),
        ("验货通过后原路退回，银行卡 3-7 个工作日。", "number"),
        ("验货通过后原路退回，银行卡 3-5 个小时。", "number"),
        ("验货通过后原路退回，银行卡五天。", "number"),
        ("验货通过后原路退回，另退您 20 元。", "number"),
        ("验货通过后原路退回，查询请打 400-000-0001。", "number"),
        ("验货通过后原路退回，1月3日到账。", "number"),
        ("验货通过后原路退回，明天到账。", "day"),
        ("我们保证验货通过后原路退回。", "promise"),
        ("验货通过后，我们会为您原路退回。", "promise"),
        ("验货通过后原路退回，运费全额退。", "promise"),
        ("验货通过后原路退回，再送您优惠券。", "promise"),
        ("已为您办理，验货通过后原路退回。", "promise"),
        ("验货通过后原路退回，无需寄回商品。", "negation"),
        ("验货通过后原路退回，所有商品都一样。", "limit"),
        ("定制商品支持退货。", "turned_round"),
        ("定制商品可以退货，验货通过后原路退回。", "turned_round"),
        ("查询请看 https://evil.example.com 验货通过后原路退回。", "link"),
        ("验货通过后原路退回，请用 PayPal 查询。", "name"),
        ("秋风起时落叶黄，远山如黛水苍茫，独坐江边听晚钟。", "beside_the_point"),
        ("你的退款验货通过后原路退回。", "rule_nin"),
        ("Your refund goes back the way it came.", "language"),
        ("好", "length"),
        ("验货通过后原路退回。" * 30, "length"),
    ],
)
def test_what_the_article_does_not_say_is_not_said(draft, fault):
    assert GROUNDS.fault(draft, REFUND, "zh-Hans") == fault


@pytest.mark.parametrize(
    "draft",
    [
        "Parcels arrive within 2-4 days of dispatch; remote areas take 5-7 days.",
        "Delivery is free from 59 yuan. Fresh goods can't be returned.",
        "For remote areas delivery takes 5-7 days. See https://example.com/help or call 400-000-0000.",
    ],
)
def test_english_may_be_reworded_too(draft):
    assert GROUNDS.fault(draft, SHIPPING, "en") is None


@pytest.mark.parametrize(
    ("draft", "fault"),
    [
        ("Parcels arrive within 2 days of dispatch.", "number"),
        ("Parcels arrive within two weeks of dispatch.", "number"),
        ("Parcels arrive within 2-4 days of dispatch, guaranteed.", "promise"),
        ("Parcels arrive within 2-4 days. We will refund delivery.", "promise"),
        ("Parcels arrive within 2-4 days, so you get a discount on delivery.", "promise"),
        ("Parcels arrive within 2-4 days, not in remote areas.", "negation"),
        ("Parcels arrive by Monday after dispatch within days.", "day"),
        ("Fresh goods can be returned after delivery.", "turned_round"),
        ("Delivery takes 2-4 days, see https://example.com/other for help.", "link"),
        ("Parcels arrive within 2-4 days of dispatch by Fedex.", "name"),
        ("Roses bloom softly where gentle rivers wander under silver moonlight.", "beside_the_point"),
        ("包裹 2-4 天到。请您留意。", "language"),
    ],
)
def test_english_that_says_more_is_not_said(draft, fault):
    assert GROUNDS.fault(draft, SHIPPING, "en") == fault


def test_the_same_quantity_may_be_written_in_two_ways():
    assert quantities("十五天") == quantities("15 天") == {("15", "天")}
    assert quantities("¥59") == quantities("五十九块") == {("59", "元")}
    assert quantities("24小时") == quantities("二十四个小时")
    assert quantities("three business days") == quantities("3 working days")
    assert quantities("1,000.50元") == {("1000.5", "元")}
    assert ("3", "天") not in quantities("3-5天")
