"""A customer asks for a person: the queue, the agent, and back to the bot."""

import re
import secrets
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import OpeningHours
from tests.journeys.people import Agent, Customer
from tests.product import Product
from tests.web.desk_cast import eventually

pytestmark = pytest.mark.journey


def wish() -> str:
    """A sentence by which this customer is told from others."""
    return f"转人工，我要问 {secrets.token_hex(3)}"


def test_a_person_answers_and_gives_the_customer_back_to_the_bot(
    customer: Customer, new_agent: Callable[..., Agent]
) -> None:
    agent = new_agent()
    asked = wish()
    customer.say("退货运费谁出")
    customer.sees("来源：")
    customer.say(asked)
    customer.sees("正在为您转接人工")
    agent.claim(asked)
    customer.sees("客服已接入")
    agent.sees("退货运费谁出")

    customer.say("你们的年费怎么免")
    agent.sees("你们的年费怎么免")
    expect(agent.suggestions.get_by_text("年费").first).to_be_visible()
    agent.reply("一年刷满六次就免年费。")
    customer.sees("一年刷满六次就免年费。")

    agent.transcript.get_by_role("button", name="交还智能客服").click()
    customer.sees("智能客服继续为您服务")
    customer.say("积分会过期吗")
    customer.sees("来源：")


def test_a_suggestion_is_sent_with_its_source(customer: Customer, new_agent: Callable[..., Agent]) -> None:
    agent = new_agent()
    asked = wish()
    customer.say(asked)
    customer.sees("正在为您转接人工")
    agent.claim(asked)
    customer.say("忘记密码了怎么办")
    agent.sees("忘记密码了怎么办")
    # A greeting may stand before it: nothing was said yet.
    found = agent.suggestions.get_by_role("listitem").filter(has_text="忘记登录密码")
    found.get_by_role("button", name=re.compile("直接发送")).click()
    customer.sees("来源：")


def test_two_agents_race_for_one_customer_and_one_wins(
    product: Product, customer: Customer, new_agent: Callable[..., Agent], second_account: tuple[str, str]
) -> None:
    agents = [new_agent(), new_agent(*second_account)]
    asked = wish()
    customer.say(asked)
    customer.sees("正在为您转接人工")
    for agent in agents:
        expect(agent.waits(asked)).to_be_visible()
    for agent in agents:
        agent.page.evaluate(
            "(text) => [...document.querySelectorAll('li')].find((item) => item.textContent.includes(text))"
            ".querySelector('button.claim').click()",
            asked,
        )
    for agent in agents:
        expect(agent.waits(asked).get_by_role("button", name="接入")).to_have_count(0)
    customer.sees_times("客服已接入", 1)
    # The winner's page opens the conversation a moment after the claim is known.
    holding = eventually(agents[0].page, lambda: [agent for agent in agents if agent.can_reply()])
    assert len(holding) == 1
    holding[0].reply("您好，我来处理。")
    customer.sees("您好，我来处理。")


def test_out_of_hours_the_customer_learns_when_people_are_back_and_leaves_a_number(
    customer: Customer, hours: OpeningHours
) -> None:
    hours.write(["09:00-09:01"])
    customer.say("转人工")
    customer.sees("9:00")
    customer.say("13712345678")
    expect(customer.log.get_by_text(re.compile(r"T\d+-\d+")).last).to_be_visible()
    customer.say("积分会过期吗")
    customer.sees("来源：")


@pytest.fixture(scope="module")
def second_account(product: Product) -> tuple[str, str]:
    """Another agent, made by the administrator."""
    import httpx2

    name, password = f"lin{secrets.token_hex(3)}", secrets.token_urlsafe(12)
    with httpx2.Client(base_url=product.base_url, headers={"x-requested-with": "zhiban"}) as http:
        http.post("/v1/desk/sign-in", json={"name": "admin", "password": product.first_password}).raise_for_status()
        account = {"name": name, "password": password, "display_name": "小林"}
        http.post("/v1/desk/agents", json=account).raise_for_status()
    return name, password


def test_an_agent_finds_the_complaint_among_the_tickets_and_finishes_it(
    customer: Customer, new_agent: Callable[..., Agent], new_page: Callable[..., Page]
) -> None:
    from tests.journeys.test_complaint import complain

    ticket = complain(customer)
    agent = new_agent()
    agent.page.get_by_role("tab", name="工单").click()
    side = agent.page.get_by_role("tabpanel")
    side.get_by_text(ticket).click()
    side.get_by_role("button", name="开始处理").click()
    side.get_by_role("button", name="完成", exact=True).click()
    customer.say(f"我的投诉 {ticket} 到哪一步了")
    customer.sees("已处理完")
