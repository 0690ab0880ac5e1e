"""The agents' page on the real product: two agents, three customers at once, from the queue to the wrap-up."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.panel_cast import (
    LIN,
    REPLY,
    asks,
    claim,
    complete,
    customers,
    empty_queue,
    field,
    lin,
    office,
    patient,
    side,
    suggested,
)
from tests.journeys.people import Agent, Customer
from tests.product import Product
from tests.web.desk_cast import eventually
from tests.web.test_reach import assert_clean

__all__ = ["customers", "empty_queue", "lin", "office", "patient"]  # fixtures
pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("empty_queue")]

NewCustomer = Callable[[], Customer]
NewAgent = Callable[..., Agent]


def test_two_agents_serve_three_customers_at_once(
    customers: NewCustomer, new_agent: NewAgent, lin: tuple[str, str]
) -> None:
    admin, other = new_agent(), new_agent(*lin)
    first, second, third = customers(), customers(), customers()
    first.say("退款多久到账")
    first.sees("来源：")
    refund, angry, late = asks(first, "我的退款没到"), asks(second, "我很生气"), asks(third, "快递到哪了")

    # Taken, each with what is known of the customer beside it; what one took is gone for the other.
    claim(admin, refund)
    expect(side(admin)).to_contain_text("退款多久能到账")
    claim(other, angry)
    expect(other.transcript).to_contain_text("生气")
    admin.page.wait_for_timeout(800)  # sooner, a second claim is taken for a double click
    claim(admin, late)
    for customer in (first, second, third):
        customer.sees("客服已接入")
    expect(other.waits(refund).get_by_role("button", name="接入")).to_have_count(0)
    assert_clean(admin.page)

    # The other customer of hers writes: a mark says so; and each customer hears only what is for them.
    first.say("在吗")
    mine = admin.lists.get_by_role("listitem").filter(has_text="在吗")
    expect(mine).to_contain_text("1 条未读")
    admin.reply("这就为您查快递。")
    mine.get_by_role("button").first.click()
    expect(admin.page.get_by_role("log").get_by_text("退款多久到账")).to_be_visible()
    admin.reply("在的，您请说。")
    other.reply("非常抱歉，我来帮您。")
    third.sees("这就为您查快递。")
    first.sees("在的，您请说。")
    second.sees("非常抱歉，我来帮您。")
    for customer, foreign in ((first, "这就为您查快递"), (second, "在的，您请说"), (third, "非常抱歉")):
        customer.does_not_see(foreign)


def test_a_suggestion_is_shown_edited_and_sent(customers: NewCustomer, new_agent: NewAgent) -> None:
    agent, customer = new_agent(), customers()
    claim(agent, asks(customer))
    customer.say("忘记密码了怎么办")
    expect(suggested(agent, "密码")).to_be_visible()
    assert_clean(agent.page)
    suggested(agent, "密码").get_by_role("button", name=re.compile("填入")).click()
    expect(field(agent)).to_have_value(re.compile("密码"))
    # Plain words in the field, no Markdown.
    expect(field(agent)).not_to_have_value(re.compile(r"\*\*"))
    agent.page.keyboard.insert_text("祝您使用顺利。")
    agent.page.keyboard.press("Enter")
    customer.sees("祝您使用顺利。")
    expect(customer.log.get_by_role("strong").or_(customer.log.locator("b")).first).to_be_visible()
    expect(field(agent)).to_have_value("")
    expect(agent.suggestions).to_have_count(0)


def test_what_must_not_be_said_is_stopped_and_the_better_words_go_out(
    customers: NewCustomer, new_agent: NewAgent
) -> None:
    agent, customer = new_agent(), customers()
    claim(agent, asks(customer, "收件电话对吗"))
    # Sent before the page could look at it: the door refuses, and the words come back with the reason.
    agent.reply("请把验证码发给我。")
    stopped = agent.page.get_by_role("group", name="发送前请确认")
    expect(stopped).to_contain_text("验证码")
    expect(field(agent)).to_have_value("请把验证码发给我。")
    assert_clean(agent.page)
    agent.page.keyboard.press("Escape")
    customer.does_not_see("验证码")

    # Found while typing, with better words: one key takes them, and only they go out.
    field(agent).fill("收件电话是 13912345678，我保证明天送到。")
    findings = agent.page.get_by_role("status").filter(has_text="请勿直接发送")
    expect(findings.get_by_role("button", name=re.compile(r"139\*{4}5678"))).to_be_visible()
    assert_clean(agent.page)
    field(agent).press("Enter")
    expect(stopped).to_be_visible()
    agent.page.keyboard.press("Escape")
    agent.page.keyboard.press("Alt+b")
    expect(field(agent)).to_have_value(re.compile(r"139\*{4}5678"))
    expect(field(agent)).not_to_have_value(re.compile("13912345678"))
    field(agent).press("Enter")
    customer.sees("139****5678")
    customer.does_not_see("13912345678")


def test_a_transfer_with_a_note_reaches_the_colleague(
    customers: NewCustomer, new_agent: NewAgent, lin: tuple[str, str]
) -> None:
    admin, other, customer = new_agent(), new_agent(*lin), customers()
    claim(admin, asks(customer, "退款没到"))
    admin.page.keyboard.press("Alt+x")
    dialog = admin.page.get_by_role("dialog")
    dialog.get_by_label(LIN).check()
    dialog.get_by_label("给同事的留言").fill("已核对订单，退款还要查")
    assert_clean(admin.page)
    dialog.get_by_label("给同事的留言").press("Control+Enter")
    expect(admin.page.get_by_text("已转接，客户不用再说一遍")).to_be_visible()
    expect(field(admin)).to_have_count(0)
    row = other.lists.get_by_role("listitem").filter(has_text="已核对订单，退款还要查")
    expect(row).to_contain_text("为您保留")
    row.get_by_role("button", name="接入").click()
    expect(other.page.get_by_role("log").get_by_text("已核对订单，退款还要查")).to_be_visible()
    other.reply("您好，我接着为您查。")
    customer.sees("您好，我接着为您查。")
    customer.does_not_see("已核对订单")


def test_a_supervisor_takes_over_and_the_agent_reads_why(
    customers: NewCustomer, new_agent: NewAgent, lin: tuple[str, str]
) -> None:
    supervisor, agent, customer = new_agent(), new_agent(*lin), customers()
    claim(agent, asks(customer, "我很生气"))
    supervisor.page.get_by_role("button", name="同事的会话").click()
    supervisor.lists.get_by_role("button", name=re.compile(LIN)).click()
    supervisor.page.get_by_role("button", name="接管", exact=True).click()
    dialog = supervisor.page.get_by_role("dialog")
    dialog.get_by_label("给同事的留言").fill("这位客户我来安抚")
    assert_clean(supervisor.page)
    dialog.get_by_role("button", name="接管").click()
    expect(field(supervisor)).to_be_focused()
    expect(agent.page.get_by_text("接管了您的一个会话")).to_be_visible()
    expect(agent.page.get_by_text("这位客户我来安抚")).to_be_visible()
    expect(field(agent)).to_have_count(0)
    supervisor.reply("您好，我是主管，这件事由我负责到底。")
    customer.sees("由我负责到底")


def test_the_wrap_up_is_filled_in_and_its_ticket_is_seen(customers: NewCustomer, new_agent: NewAgent) -> None:
    agent, customer = new_agent(), customers()
    known = asks(customer, "我的快递三天没动了，订单号 QH20260408801，电话 13700008800")
    claim(agent, known)
    expect(side(agent)).to_contain_text("QH20260408801")
    expect(side(agent)).to_contain_text("延误")
    agent.reply("您好，我24小时内给您答复。")
    customer.sees("我24小时内给您答复")
    agent.page.keyboard.press("Alt+w")
    form = side(agent)
    expect(form.get_by_label("订单号", exact=True)).to_have_value("QH20260408801")
    expect(form.get_by_label("类别", exact=True)).to_have_value("logistics")
    expect(form.get_by_label("联系电话", exact=True)).to_have_value("+86 137 0000 8800")
    expect(form.get_by_label("客户诉求", exact=True)).to_have_value("催促物流")
    expect(form.get_by_label("小结内容")).to_have_value(re.compile("快递"))
    complete(agent)
    form.get_by_label("跟进", exact=True).check()
    form.get_by_label("要做什么").fill("催圆达快递并回电")
    assert_clean(agent.page)
    agent.page.keyboard.press("Control+Enter")
    toast = agent.page.get_by_text(re.compile(r"已结束，工单 T\d+-\d+"))
    expect(toast).to_be_visible()
    ticket = re.search(r"T\d+-\d+", toast.inner_text())
    customer.sees("会话已结束")
    agent.page.keyboard.press("Alt+t")
    assert ticket
    side(agent).get_by_text(ticket[0]).click()
    expect(side(agent)).to_contain_text("催圆达快递并回电")
    assert_clean(agent.page)


def test_two_agents_take_the_same_customer_and_one_is_told(
    customers: NewCustomer, new_agent: NewAgent, lin: tuple[str, str]
) -> None:
    agents, customer = [new_agent(), new_agent(*lin)], customers()
    known = asks(customer, "同一位客户")
    for agent in agents:
        expect(agent.waits(known)).to_be_visible()
    found = "[...document.querySelectorAll('li')].find(item => item.textContent.includes(text))"
    for agent in agents:
        agent.page.evaluate(f"text => {{ {found}.querySelector('.claim').click() }}", known)
    holding = eventually(agents[0].page, lambda: [agent for agent in agents if agent.can_reply()])
    assert len(holding) == 1
    other = next(agent for agent in agents if agent not in holding)
    expect(other.page.get_by_text("已先接入这个会话")).to_be_visible()
    assert not other.can_reply()
    for agent in agents:
        expect(agent.waits(known).get_by_role("button", name="接入")).to_have_count(0)
    customer.sees_times("客服已接入", 1)


def test_the_keyboard_alone_from_the_sign_in_to_the_filed_case(
    product: Product, customers: NewCustomer, new_page: Callable[..., Page], lin: tuple[str, str]
) -> None:
    customer, page = customers(), new_page()
    page.goto(f"{product.base_url}/desk")
    expect(page.get_by_label("账号")).to_be_focused()
    for text, key in zip(lin, ("Tab", "Enter"), strict=True):
        page.keyboard.type(text)
        page.keyboard.press(key)
    present = page.get_by_role("switch", name="在岗状态")
    expect(present).to_be_checked()
    customer.say("订单 QH20260412345 的退款多久到账")
    customer.sees("来源：")
    known = asks(customer)
    expect(page.get_by_role("listitem").filter(has_text=known).first).to_be_visible()
    page.keyboard.press("Alt+n")
    reply = page.get_by_label(REPLY)
    expect(reply).to_be_focused()
    expect(page.get_by_role("list", name="建议回复").get_by_role("listitem").first).to_be_visible()
    page.keyboard.press("Alt+1")
    expect(reply).not_to_have_value("")
    page.keyboard.insert_text("我已为您登记。")
    page.keyboard.press("Enter")
    customer.sees("我已为您登记。")
    page.keyboard.press("Alt+w")
    # The focus is where something is missing, else on the button that files it.
    focus = page.get_by_role("form", name="小结").locator(":focus")
    expect(focus).to_have_count(1)
    if focus.evaluate("node => node.tagName") == "SELECT":
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("已结束，用时")).to_be_visible()
    expect(reply).to_have_count(0)
    customer.sees("会话已结束")
    page.keyboard.press("Alt+a")
    expect(present).not_to_be_checked()
