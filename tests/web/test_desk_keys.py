"""The keyboard alone, from the sign-in to the closed conversation."""

from playwright.sync_api import Page, expect

from tests.web.conftest import Site
from tests.web.desk_cast import REPLY, arrive, desk_of, eventually, fill, sent_by_agent, sign_in, suggestions
from tests.web.scripted_desk import PASSWORD


def test_from_the_sign_in_to_the_closed_conversation_without_a_mouse(site: Site, page: Page) -> None:
    talks = fill(site.world)
    arrive(site.world, talks[0])
    page.goto(f"{site.url}/desk")
    expect(page.get_by_label("账号")).to_be_focused()
    for keys in ("lin", "Tab", PASSWORD, "Enter"):
        page.keyboard.press(keys) if keys in ("Tab", "Enter") else page.keyboard.type(keys)
    expect(page.locator(".waits")).to_have_count(3)
    page.keyboard.press("Alt+j")
    expect(page.get_by_role("log").get_by_text("正在为您转接人工客服")).to_be_visible()
    page.keyboard.press("Alt+c")
    expect(page.get_by_label(REPLY)).to_be_focused()
    expect(suggestions(page)).to_have_count(3)
    page.keyboard.press("Alt+2")
    expect(page.get_by_label(REPLY)).to_have_value("发货前可以直接在 App 取消订单。")
    page.keyboard.press("Enter")
    sent_by_agent(page, talks[0])
    page.keyboard.press("Alt+s")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.press("Alt+m")
    expect(page.get_by_label(REPLY)).to_be_focused()
    page.keyboard.press("Alt+w")
    expect(page.get_by_role("button", name="保存并结束会话")).to_be_focused()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_label("电话", exact=True)).to_be_focused()
    page.keyboard.type("13800138000")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("已结束，用时")).to_be_visible()
    assert talks[0].state == "closed"


def test_suggestions_are_sent_and_customers_given_back_by_keys(site: Site, page: Page) -> None:
    talks = fill(site.world)
    sign_in(page, site)
    expect(page.locator(".waits")).to_have_count(3)
    page.keyboard.press("Alt+n")
    expect(suggestions(page)).to_have_count(3)
    page.keyboard.press("Alt+Shift+2")
    assert sent_by_agent(page, talks[0])[-1]["text"] == "发货前可以直接在 App 取消订单。"
    page.keyboard.press("Alt+r")
    expect(page.get_by_label(REPLY)).to_have_count(0)
    assert talks[0].state == "bot"
    page.keyboard.press("Alt+a")
    expect(page.get_by_role("switch")).not_to_be_checked()
    eventually(page, lambda: site.world.presence[-1] is False)


def test_keys_move_through_one_s_own_conversations_and_the_queue(site: Site, page: Page) -> None:
    talks = fill(site.world)
    site.world.change(talks[2], "person", "claimed", holder="lin")
    sign_in(page, site)
    expect(page.locator(".held")).to_have_count(1)
    seen = []
    for key in ("Alt+j", "Alt+j", "Alt+j", "Alt+j", "Alt+k"):
        page.keyboard.press(key)
        seen.append(page.evaluate("location.hash.slice(1)"))
    first, second, third = (talk.id for talk in talks)
    assert seen == [third, first, second, third, second]


def test_a_question_mark_lists_the_keys_but_not_while_writing(site: Site, page: Page) -> None:
    fill(site.world)
    sign_in(page, site)
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="快捷键")
    expect(dialog).to_contain_text("接待下一位")
    page.keyboard.press("Alt+n")  # a dialog is open: nothing happens behind it
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    page.keyboard.press("Alt+n")
    expect(page.get_by_label(REPLY)).to_be_focused()
    page.keyboard.type("几点到?")
    expect(dialog).to_have_count(0)
    expect(page.get_by_label(REPLY)).to_have_value("几点到?")
    page.keyboard.press("Alt+Slash")
    expect(dialog).to_be_visible()
    assert desk_of(site.world).world.talks


def test_escape_leaves_the_field_and_comes_back_to_it(site: Site, page: Page) -> None:
    fill(site.world)
    sign_in(page, site)
    expect(page.locator(".waits")).to_have_count(3)
    page.keyboard.press("Alt+n")
    expect(page.get_by_label(REPLY)).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("log")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_label(REPLY)).to_be_focused()
