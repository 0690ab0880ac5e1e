"""The side's other tabs: knowledge searched while typing, and tickets."""

from playwright.sync_api import Page, expect

from tests.web.conftest import Site
from tests.web.desk_cast import REPLY, arrive, assist_of, claim_first, fill, sent_by_agent, sign_in


def test_articles_and_macros_are_found_while_typing(site: Site, page: Page) -> None:
    talk = fill(site.world)[0]
    arrive(site.world, talk)
    sign_in(page, site)
    claim_first(page)
    page.get_by_role("tab", name="知识").click()
    page.get_by_role("searchbox").press_sequentially("发票")
    found = page.get_by_role("tabpanel").get_by_role("listitem")
    expect(found).to_have_count(2)
    expect(found.first).to_contain_text("知识条目")
    expect(found.last).to_contain_text("常用语")
    page.get_by_role("button", name="填入 怎么开发票？").click()
    expect(page.get_by_label(REPLY)).to_have_value("在 App 的订单详情里申请。")
    page.get_by_label(REPLY).press("Enter")
    assert sent_by_agent(page, talk)[-1]["article"]["id"] == "invoice"
    # A search is no suggestion.
    assert "suggestion" not in assist_of(site.world).messages[-1]


def test_nothing_found_and_a_server_that_is_down_are_told(site: Site, page: Page) -> None:
    fill(site.world)
    sign_in(page, site)
    page.keyboard.press("Alt+s")
    page.get_by_role("searchbox").fill("没有的词")
    expect(page.get_by_text("没有找到相关知识条目")).to_be_visible()
    assist_of(site.world).unavailable = {"search"}
    page.get_by_role("searchbox").fill("发票")
    expect(page.get_by_text("知识库暂时无法使用")).to_be_visible()


def test_what_is_for_agents_only_cannot_be_sent(site: Site, page: Page) -> None:
    fill(site.world)
    site.world.articles[0]["audience"] = "agent"
    sign_in(page, site)
    claim_first(page)
    page.keyboard.press("Alt+s")
    page.get_by_role("searchbox").fill("发票")
    found = page.get_by_role("tabpanel").get_by_role("listitem")
    expect(found).to_contain_text("仅供内部参考")
    expect(found.get_by_role("button")).to_have_count(0)


def test_tickets_are_worked_on_and_a_colleagues_change_is_told(site: Site, page: Page) -> None:
    fill(site.world)
    sign_in(page, site)
    page.get_by_role("tab", name="工单").click()
    page.get_by_role("button", name="T17-42").click()
    expect(page.get_by_text("QH20260412345")).to_be_visible()
    page.get_by_label("备注").fill("已联系仓库")
    page.get_by_role("button", name="开始处理").click()
    expect(page.get_by_role("button", name="T17-42")).to_contain_text("处理中")
    expect(page.get_by_text("已联系仓库")).to_be_visible()
    site.world.tickets[0]["version"] += 1
    page.get_by_role("button", name="完成", exact=True).click()
    expect(page.get_by_text("同事刚刚更新了这张工单")).to_be_visible()
    page.get_by_role("button", name="完成", exact=True).click()
    expect(page.get_by_role("button", name="T17-42")).to_contain_text("已完成")
    page.get_by_role("button", name="已完成", exact=True).click()
    expect(page.get_by_role("button", name="T17-42")).to_be_visible()
