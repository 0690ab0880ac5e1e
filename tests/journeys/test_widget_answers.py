"""A customer asks in the widget, at any hour, and every process behind it is real."""

import pytest

from tests.journeys.conftest import OpeningHours
from tests.journeys.people import Customer

pytestmark = pytest.mark.journey


def test_a_midnight_question_is_answered_with_its_source(customer: Customer, hours: OpeningHours) -> None:
    hours.closed()
    customer.say("我的快递三天没动了，能退款吗")
    customer.sees("补发")
    customer.sees("来源：快递好几天没有更新怎么办？")


def test_a_question_in_traditional_characters_is_answered_in_them(customer: Customer) -> None:
    customer.say("請問忘記密碼怎麼辦")
    customer.sees("密碼")
    customer.sees("忘記登入密碼怎麼辦？")


def test_two_questions_in_one_message_have_two_answers(customer: Customer) -> None:
    customer.say("退货运费谁出？还有积分会过期吗")
    customer.sees_source("邮费谁出")
    customer.sees_source("积分")


def test_the_widget_keeps_the_conversation_over_a_reload(customer: Customer) -> None:
    customer.say("怎么申请电子发票")
    customer.sees("来源：")
    customer.arrive()
    customer.sees("怎么申请电子发票")
    customer.sees("来源：")
    customer.say("谢谢")
    customer.sees("不客气")
    customer.sees_times("怎么申请电子发票", 1)


def test_a_message_written_while_offline_is_sent_once_when_the_line_is_back(customer: Customer) -> None:
    customer.say("你好")
    customer.sees("智能客服")
    customer.page.context.set_offline(True)
    customer.say("发票抬头写错了怎么改")
    customer.page.context.set_offline(False)
    customer.sees("来源：")
    customer.sees_times("发票抬头写错了怎么改", 1)


def test_an_order_is_shown_after_its_number_and_the_last_four_digits_of_its_phone(customer: Customer) -> None:
    customer.say("帮我查一下订单")
    customer.sees("订单号")
    customer.say("QH20260412345")
    customer.sees("后四位")
    customer.say("1234")
    customer.sees("QH20260412345")
    customer.does_not_see("没有查到")
