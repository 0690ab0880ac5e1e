"""What customers get done with an order, in the widget: they tap buttons where there are some, and type elsewhere."""

from collections.abc import Callable

import pytest

from tests.journeys.people import Customer

pytestmark = pytest.mark.journey


def test_an_order_is_corrected_on_the_way_and_what_is_late_is_chased(customer: Customer) -> None:
    customer.say("我的快递到哪了")
    customer.sees("请发一下订单号")
    customer.say("QH20260412345")
    customer.sees("后四位")
    customer.say("不对，是QH20260408801")
    customer.sees("QH20260408801")
    customer.say("8800")
    customer.sees("圆达快递")
    customer.sees("长沙转运中心")
    customer.tap("帮我催一下")
    customer.sees("已经帮您催承运方了")
    customer.does_not_see("武汉转运中心")


def test_a_question_in_the_middle_is_answered_and_the_late_refund_goes_on(customer: Customer) -> None:
    customer.say("帮我查下退款进度")
    customer.sees("请发一下订单号")
    customer.say("退货运费谁出")
    customer.sees("来源：")
    customer.sees_times("请发一下订单号", 2)
    customer.say("QH20260500010")
    customer.sees("后四位")
    customer.say("0010")
    customer.sees("269.00 元")
    customer.tap("帮我催一下")
    customer.sees("已经帮您催退款了")


def test_a_return_in_traditional_characters(new_customer: Callable[..., Customer]) -> None:
    customer = new_customer("zh-Hant", locale="zh-TW")
    customer.say("我要退貨")
    customer.sees("請發一下訂單號")
    customer.say("QH20260411187")
    customer.sees("後四位")
    customer.say("5678")
    customer.sees("要退哪一件")
    customer.tap("空氣炸鍋 5L")
    customer.tap("質量問題")
    customer.sees("請您核對")
    customer.sees("我們承擔")
    customer.tap("提交")
    customer.sees("退貨單號 TH")


def test_an_exchange_in_english(new_customer: Callable[..., Customer]) -> None:
    customer = new_customer("en", locale="en-GB")
    customer.say("I'd like to exchange something")
    customer.sees("What's your order number?")
    customer.say("QH20260500015")
    customer.sees("last four digits")
    customer.say("0015")
    customer.sees("May I ask why?")
    customer.tap("Faulty")
    customer.sees("Postage: on us")
    customer.tap("Submit")
    customer.sees("Your exchange number is HH")


def test_an_order_is_cancelled_once(customer: Customer) -> None:
    customer.say("取消订单")
    customer.sees("请发一下订单号")
    customer.say("QH20260500012，尾号0012")
    customer.sees("行李箱 24寸")
    customer.tap("确认")
    customer.sees("已经取消")
    customer.sees("299.00 元")
    customer.say("取消订单")
    customer.sees("不用再办")


def test_an_address_is_corrected_before_it_is_confirmed(customer: Customer) -> None:
    customer.say("地址填错了，帮我改一下收货地址")
    customer.sees("请发一下订单号")
    customer.say("QH20260403377")
    customer.sees("后四位")
    customer.say("3377")
    customer.sees("新的收货地址是什么")
    customer.say("杭州市西湖区文三路1号")
    customer.sees("新地址：杭州市西湖区文三路1号")
    customer.tap("要修改")
    customer.sees("要改哪一项")
    customer.tap("新地址")
    customer.sees_times("新的收货地址是什么", 2)
    customer.say("杭州市西湖区文三路9号2幢301室")
    customer.sees("新地址：杭州市西湖区文三路9号2幢301室")
    customer.tap("确认")
    customer.sees("会寄到：杭州市西湖区文三路9号2幢301室")


def test_a_wrong_tax_number_is_told_and_the_right_one_gets_the_invoice(customer: Customer) -> None:
    customer.say("我要开发票")
    customer.sees("请发一下订单号")
    customer.say("QH20260500014")
    customer.sees("后四位")
    customer.say("0014")
    customer.sees("个人还是公司")
    customer.tap("公司")
    customer.sees("公司全称")
    customer.say("杭州青禾科技有限公司")
    customer.sees("税号")
    customer.say("91110000600037341X")
    customer.sees("校验没有通过")
    customer.say("91110000600037341L")
    customer.sees("请您核对")
    customer.tap("确认")
    customer.sees("FP20260500014")


def test_two_wishes_in_one_sentence_are_both_fulfilled(customer: Customer) -> None:
    customer.say("查下快递，另外发票也要开")
    customer.sees("请发一下订单号")
    customer.say("QH20260500006")
    customer.sees("后四位")
    customer.say("0006")
    customer.sees("已签收：驿站")
    customer.sees("您还提到「开发票」")
    customer.tap("开发票")
    customer.tap("个人")
    customer.tap("确认")
    customer.sees("FP20260500006")
