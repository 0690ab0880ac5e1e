"""What customers get done in the widget besides orders: cards, repairs, call-backs, a rating."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import OpeningHours
from tests.journeys.people import Agent, Customer
from tests.journeys.test_handoff import wish

pytestmark = pytest.mark.journey


def test_a_lost_card_is_frozen_at_once_after_it_is_confirmed(
    customer: Customer, new_customer: Callable[..., Customer]
) -> None:
    customer.say("我的青禾卡丢了，快帮我挂失")
    customer.sees("青禾卡的后四位")
    customer.say("6677")
    customer.sees("绑定手机号的后四位")
    customer.say("5678")
    customer.sees("现在冻结吗")
    customer.tap("马上冻结")
    customer.sees("已经冻结，没有人能再刷")
    another = new_customer()
    another.say("卡丢了，尾号6677")
    another.sees("绑定手机号的后四位")
    another.say("5678")
    another.sees("已经是冻结状态")


@pytest.mark.parametrize(("said", "source"), [("我要预约维修", "维修"), ("我要查这个月的账单", "账单")])
def test_a_matter_is_answered_and_a_call_back_is_a_tap_away(customer: Customer, said: str, source: str) -> None:
    customer.say(said)
    customer.sees_source(source)
    customer.tap("给我回电话")
    customer.sees("手机号或邮箱")
    customer.say("13612345678")
    customer.sees_ticket()


def test_another_number_for_a_call_back_is_the_same_ticket(customer: Customer, hours: OpeningHours) -> None:
    hours.closed()
    customer.say("转人工")
    customer.sees("手机号或邮箱")
    customer.say("13712345678")
    ticket = customer.sees_ticket()
    customer.say("转人工")
    customer.sees("已经登记好了")
    customer.tap("换个号码")
    customer.sees_times("请告诉我您的手机号或邮箱", 2)
    customer.say("13987654321")
    customer.sees("改用 13987654321")
    assert customer.sees_ticket() == ticket


def test_a_rating_is_read_by_the_agent_who_comes_next(customer: Customer, new_agent: Callable[..., Agent]) -> None:
    agent = new_agent()
    customer.say("我要评价一下")
    customer.sees("您打几分")
    customer.tap("2 分")
    customer.sees("谢谢您直说")
    asked = wish()
    customer.say(asked)
    customer.sees("正在为您转接人工")
    agent.claim(asked)
    agent.sees("客户评价：2 分")


def test_a_rating_with_a_word_is_taken_at_once(customer: Customer) -> None:
    customer.say("给你们的服务打5分，回得很快")
    customer.sees("谢谢您的评价")
    expect(customer.log.get_by_role("button", name=re.compile("分"))).to_have_count(0)


def test_a_flow_that_is_given_up_changes_nothing(customer: Customer) -> None:
    customer.say("取消订单 QH20260500017 尾号0017")
    customer.sees("确认取消吗")
    customer.tap("不取消了")
    customer.say("查订单")
    customer.sees("QH20260500017")
    customer.does_not_see("已经取消")
