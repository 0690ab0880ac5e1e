"""A complaint becomes a ticket, also when a question comes in between."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.people import Customer

pytestmark = pytest.mark.journey


def complain(customer: Customer) -> str:
    """Brings a complaint to its end; the ticket's number."""
    customer.say("我要投诉")
    customer.sees("发生了什么")
    customer.say("快递员把包裹扔在门口就走了")
    customer.sees("哪一笔订单")
    customer.say("退款多久到账")
    customer.sees("来源：")
    customer.tap("没有订单号")
    customer.sees("手机号或邮箱")
    customer.say("13912345678")
    customer.sees("希望我们怎么处理")
    customer.say("希望道歉")
    customer.sees("请您核对一下")
    customer.tap("提交")
    sentence = customer.log.get_by_text(re.compile(r"T\d+-\d+")).last
    expect(sentence).to_be_visible()
    found = re.search(r"T\d+-\d+", sentence.inner_text())
    assert found
    return found.group()


def test_an_interrupted_complaint_becomes_a_ticket_whose_state_is_told(customer: Customer) -> None:
    ticket = complain(customer)
    customer.say(f"我的投诉 {ticket} 到哪一步了")
    customer.sees("已受理")
