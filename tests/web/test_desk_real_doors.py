"""The desk page against the real doors on a real Redis: what the scripted ones promise is what the real ones do."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.web.desk_cast import REPLY, claim_first, eventually, suggestions
from tests.web.real_desk import RealDesk, real_desk


@pytest.fixture
def place(redis_url: str) -> Iterator[RealDesk]:
    with real_desk(redis_url) as running:
        yield running


def test_a_customer_is_taken_next_and_the_context_is_there(place: RealDesk, page: Page) -> None:
    place.waits("u1", "快递三天不动了，想退款，订单号 QH20260412345")
    place.open(page)
    expect(page.locator(".waits")).to_contain_text("要求人工")
    page.keyboard.press("Alt+n")
    expect(page.get_by_label(REPLY)).to_be_focused()
    side = page.get_by_role("tabpanel", name="情况")
    expect(side).to_contain_text("身份未核实")
    expect(side).to_contain_text("退款")
    side.get_by_role("button", name="标记为已核实").click()
    side.get_by_role("button", name="订单号与手机尾号相符").click()
    expect(side).to_contain_text("lin 于")


def test_a_suggestion_is_inserted_and_what_became_of_it_is_known(place: RealDesk, page: Page) -> None:
    place.waits("u1", "快递不动了，想退款")
    place.open(page)
    claim_first(page)
    expect(suggestions(page).first).to_contain_text("快递不动了能退款吗")
    page.keyboard.press("Alt+1")
    expect(page.get_by_label(REPLY)).to_have_value("可以的，48 小时没有更新就能申请退款。")
    page.keyboard.press("Enter")
    expect(page.get_by_role("log").get_by_text("来源：快递不动了能退款吗")).to_be_visible()
    eventually(page, lambda: place.shelf.noted)


def test_a_card_number_is_found_while_typing_and_stopped_until_there_is_a_reason(place: RealDesk, page: Page) -> None:
    place.waits("u1", "什么时候到")
    place.open(page)
    claim_first(page)
    page.get_by_label(REPLY).fill("您的银行卡号 6222020200112230 已登记。")
    expect(page.locator(".findings .stop")).to_be_visible()
    page.get_by_label(REPLY).press("Enter")
    expect(page.get_by_label("为什么仍要发送？")).to_be_focused()
    page.keyboard.type("客户本人要求核对")
    page.keyboard.press("Enter")
    expect(page.get_by_role("log").locator(".agent .said").last).to_contain_text("已登记")


def test_a_transfer_with_a_note_reaches_the_colleague_who_is_offered_it(
    place: RealDesk, page: Page, new_context: Callable[..., BrowserContext]
) -> None:
    place.waits("u1", "我要退款")
    place.open(page)
    colleague = new_context().new_page()
    place.open(colleague, "wang")
    claim_first(page)
    page.keyboard.press("Alt+x")
    dialog = page.get_by_role("dialog", name="转接这个会话")
    dialog.get_by_label("王主管").check()
    dialog.get_by_label("给同事的留言").fill("已答应今天回电")
    dialog.get_by_role("button", name="转接").click()
    expect(page.get_by_text("已转接，客户不用再说一遍")).to_be_visible()
    row = colleague.locator(".waits")
    expect(row).to_contain_text("已答应今天回电")
    expect(row).to_contain_text("为您保留")
    colleague.keyboard.press("Alt+n")
    expect(colleague.get_by_role("log").get_by_text("已答应今天回电")).to_be_visible()
    expect(colleague.get_by_label(REPLY)).to_be_focused()


def test_a_supervisor_takes_over_and_the_former_agent_is_told(
    place: RealDesk, page: Page, new_context: Callable[..., BrowserContext]
) -> None:
    place.waits("u1", "我要投诉")
    place.open(page)
    claim_first(page)
    supervisor = new_context().new_page()
    place.open(supervisor, "wang")
    supervisor.get_by_role("button", name="同事的会话").click()
    supervisor.get_by_role("button", name="林晓").click()
    supervisor.get_by_role("button", name="接管", exact=True).click()
    supervisor.get_by_role("dialog").get_by_role("button", name="接管").click()
    expect(supervisor.get_by_label(REPLY)).to_be_visible()
    expect(page.get_by_text("接管了您的一个会话")).to_be_visible()
    expect(page.get_by_label(REPLY)).to_have_count(0)


def test_the_wrap_up_closes_with_a_ticket_in_one_step(place: RealDesk, page: Page) -> None:
    conversation = place.waits("u1", "想问问会员怎么升级")
    place.open(page)
    claim_first(page)
    page.get_by_label(REPLY).fill("您好，消费满一千元自动升级。")
    page.keyboard.press("Enter")
    expect(page.get_by_role("log").get_by_text("自动升级")).to_be_visible()
    page.keyboard.press("Alt+w")
    disposition = page.get_by_label("归类")
    expect(disposition).to_be_visible()
    if not disposition.input_value():
        disposition.select_option(index=1)
    page.get_by_label("小结内容").fill("客户咨询会员升级。")
    category = page.get_by_label("类别", exact=True)
    for value in category.locator("option").evaluate_all("all => all.map(one => one.value).filter(Boolean)"):
        category.select_option(value)
        if not page.locator(".contact-form .must").count():
            break
    page.locator(".follow-up input[type=checkbox]").last.check()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text(re.compile(r"已结束，工单 T\d+-\d+，用时 \d+:\d\d，目标 3:05"))).to_be_visible()
    assert place.run(place.desk.conversation(conversation)).state == "closed"
    assert len(place.run(place.desk.tickets())) == 1


def test_knowledge_is_searched_at_the_real_doors(place: RealDesk, page: Page) -> None:
    place.waits("u1", "开票")
    place.open(page)
    claim_first(page)
    page.keyboard.press("Alt+s")
    page.get_by_role("searchbox").fill("发票")
    expect(page.get_by_role("tabpanel").get_by_role("listitem").filter(has_text="怎么开发票")).to_be_visible()
