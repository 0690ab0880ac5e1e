"""A customer and the widget: asking, answers with their source, buttons, a person, a new conversation."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.web.cast import ANSWER, FIELD, REFUND, ask, messages, only_talk, open_widget
from tests.web.conftest import Site


def test_a_question_is_answered_with_its_source(site: Site, page: Page) -> None:
    site.world.script[REFUND] = [ANSWER]
    panel = open_widget(page, site)
    ask(page, REFUND)
    expect(panel.get_by_text("补发")).to_be_visible()
    expect(panel.get_by_text("来源：物流一直不更新怎么办？")).to_be_visible()
    assert [message["text"] for message in site.world.received] == [REFUND]


def test_the_first_line_says_that_a_program_answers_and_links_the_privacy_notice(site: Site, page: Page) -> None:
    panel = open_widget(page, site)
    expect(panel.get_by_text("我是智能客服（由程序自动回复）")).to_be_visible()
    with page.expect_popup() as notice:
        panel.get_by_role("link", name="隐私说明").click()
    expect(notice.value.get_by_role("heading", name="客服隐私说明")).to_be_visible()


def test_nothing_is_asked_of_the_server_before_the_customer_opens_the_panel(site: Site, page: Page) -> None:
    page.goto(site.url)
    expect(page.get_by_role("button", name="打开在线客服")).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert site.doors.session_requests == []


def test_a_tapped_button_is_sent_with_its_payload_and_the_buttons_go(site: Site, page: Page) -> None:
    site.world.script[REFUND] = [ANSWER]
    panel = open_widget(page, site)
    ask(page, REFUND)
    panel.get_by_role("group", name="快捷回复").get_by_role("button", name="查我的订单").click()
    expect(panel.get_by_text("收到：查我的订单")).to_be_visible()
    assert site.world.received[-1]["payload"] == "/check_order"
    assert site.world.received[-1]["text"] == "查我的订单"
    expect(panel.get_by_role("group", name="快捷回复")).to_have_count(0)


def test_only_the_last_answers_buttons_are_offered(site: Site, page: Page) -> None:
    site.world.script = {
        "一": [{"text": "甲", "buttons": [{"title": "旧", "payload": "/old"}]}],
        "二": [{"text": "乙", "buttons": [{"title": "新", "payload": "/new"}]}],
    }
    panel = open_widget(page, site)
    ask(page, "一")
    expect(panel.get_by_role("button", name="旧")).to_be_visible()
    ask(page, "二")
    expect(panel.get_by_role("button", name="新")).to_be_visible()
    expect(panel.get_by_role("button", name="旧")).to_have_count(0)


def test_a_person_is_one_tap_away_and_the_way_there_is_told(site: Site, page: Page) -> None:
    notice = "您前面还有 2 位客户。"
    site.world.script["转人工"] = [{"state": "waiting"}, {"text": notice, "notice": True}]
    panel = open_widget(page, site)
    panel.get_by_role("button", name="转人工").click()
    expect(panel.locator(".line", has_text="正在为您转接人工")).to_be_visible()
    expect(panel.get_by_text(notice)).to_be_visible()
    expect(panel.get_by_role("button", name="转接中")).to_have_attribute("aria-disabled", "true")

    talk = only_talk(site)
    site.world.change(talk, "person", "claimed", holder="lin")
    site.world.say(talk, "agent", "您好，我是林晓。", "林晓")
    expect(panel.get_by_text("客服已接入")).to_be_visible()
    expect(panel.locator(".who", has_text="客服 林晓")).to_be_visible()
    expect(panel.get_by_role("status").first).to_have_text("人工客服正在为您服务")

    site.world.change(talk, "bot", "released")
    expect(panel.get_by_text("人工服务已结束，智能客服继续为您服务")).to_be_visible()
    expect(panel.get_by_role("button", name="转人工")).to_be_visible()


def test_the_bot_is_seen_writing_until_it_answers(site: Site, page: Page) -> None:
    site.world.script[REFUND] = None
    panel = open_widget(page, site)
    ask(page, REFUND)
    expect(panel.get_by_title("智能客服正在回复")).to_be_visible()
    site.world.say(only_talk(site), "bot", "好的")
    expect(panel.get_by_text("好的")).to_be_visible()
    expect(panel.get_by_title("智能客服正在回复")).to_have_count(0)


def test_the_agent_is_seen_writing_and_sees_the_customer_write(site: Site, page: Page) -> None:
    panel = open_widget(page, site)
    ask(page, "你好")
    expect(panel.get_by_text("收到：你好")).to_be_visible()
    talk = only_talk(site)
    site.world.change(talk, "person", "claimed", holder="lin")
    expect(panel.get_by_text("客服已接入")).to_be_visible()
    site.doors.emit_typing(talk.id)
    expect(panel.get_by_title("客服正在输入")).to_be_visible()
    page.get_by_label(FIELD).press_sequentially("您好")
    ask(page, "在吗")
    expect(panel.get_by_text("在吗")).to_be_visible()
    assert site.world.typing == [talk.user]


def test_after_the_end_the_next_message_opens_a_new_conversation_below_the_old_one(site: Site, page: Page) -> None:
    panel = open_widget(page, site)
    ask(page, "第一次")
    expect(panel.get_by_text("收到：第一次")).to_be_visible()
    site.world.change(only_talk(site), "closed", "silence")
    expect(panel.get_by_text("会话已结束")).to_be_visible()
    ask(page, "第二次")
    expect(panel.get_by_text("收到：第二次")).to_be_visible()
    assert messages(page) == ["第一次", "收到：第一次", "第二次", "收到：第二次"]
    assert len(site.world.talks) == 2
    page.reload()
    page.get_by_role("button", name="打开在线客服").click()
    expect(panel.get_by_text("收到：第二次")).to_be_visible()
    assert messages(page) == ["第一次", "收到：第一次", "第二次", "收到：第二次"]


@pytest.mark.parametrize(
    ("locale", "launcher", "greeting"),
    [
        ("en-GB", "Open customer service", "automated assistant"),
        ("zh-TW", "開啟線上客服", "智慧客服"),
        ("zh-HK", "開啟線上客服", "智慧客服"),
        ("fr-FR", "Open customer service", "automated assistant"),
    ],
)
def test_the_widget_speaks_the_browsers_language(
    site: Site, new_context: Callable[..., BrowserContext], locale: str, launcher: str, greeting: str
) -> None:
    page = new_context(locale=locale).new_page()
    site.doors.pages["shop"] = '<!doctype html><title>Shop</title><script src="/widget.js"></script>'
    page.goto(f"{site.url}/page/shop")
    page.get_by_role("button", name=launcher).click()
    expect(page.get_by_role("log").get_by_text(greeting)).to_be_visible()


def test_the_widget_works_on_another_origin_and_takes_its_attributes(site: Site, page: Page) -> None:
    attributes = 'data-language="en" data-theme="dark" data-title="Help &amp; advice" data-open'
    style = "<style>* { color: red !important; font-size: 40px } button { display: none }</style>"
    tag = f'<script src="{site.url}/widget.js" {attributes}></script>'
    site.doors.pages["shop"] = f"<!doctype html><title>Shop</title>{style}<h1>Shop</h1>{tag}"
    page.goto(f"http://localhost:{site.port}/page/shop")
    panel = page.get_by_role("dialog", name="Help & advice")
    expect(panel).to_be_visible()
    panel.get_by_label("Message").fill("Hello")
    panel.get_by_label("Message").press("Enter")
    expect(panel.get_by_text("收到：Hello")).to_be_visible()
    assert page.evaluate("document.querySelector('zhiban-widget').dataset.shownTheme") == "dark"
    assert panel.get_by_text("收到：Hello").evaluate("node => getComputedStyle(node).fontSize") == "15px"


def test_a_vouched_user_does_not_see_the_anonymous_conversation(site: Site, page: Page) -> None:
    open_widget(page, site)
    ask(page, "匿名的话")
    expect(page.get_by_role("log").get_by_text("收到：匿名的话")).to_be_visible()
    vouch = '{"user": "member-7", "at": 1, "signature": "00"}'
    tag = f"<script src=\"{site.url}/widget.js\" data-open data-vouch='{vouch}'></script>"
    site.doors.pages["members"] = f"<!doctype html><title>Shop</title>{tag}"
    page.goto(f"{site.url}/page/members")
    ask(page, "会员的话")
    expect(page.get_by_role("log").get_by_text("收到：会员的话")).to_be_visible()
    assert messages(page) == ["会员的话", "收到：会员的话"]
    assert {talk.user for talk in site.world.talks.values()} >= {"member-7"}


def test_the_demo_pages_questions_open_the_widget_and_ask(site: Site, page: Page) -> None:
    page.goto(site.url)
    page.get_by_role("main").get_by_role("button", name="怎么开发票").click()
    expect(page.get_by_role("log").get_by_text("收到：怎么开发票")).to_be_visible()


def test_the_demo_page_and_its_widget_change_language_together(site: Site, page: Page) -> None:
    page.goto(site.url)
    page.get_by_role("button", name="English").click()
    title = page.get_by_role("heading", level=1, name="Everyday things for a good home", exact=True)
    expect(title).to_be_visible()
    page.get_by_role("button", name="Open customer service").click()
    expect(page.get_by_role("dialog", name="Qinghe Mall")).to_be_visible()
    page.reload()
    expect(title).to_be_visible()


def test_a_traditional_browser_gets_the_demo_page_in_traditional(
    site: Site, new_context: Callable[..., BrowserContext]
) -> None:
    page = new_context(locale="zh-TW", viewport={"width": 390, "height": 844}).new_page()
    page.goto(site.url)
    expect(page.get_by_role("heading", level=1, name="好好過日子的家常物件", exact=True)).to_be_visible()
    expect(page.get_by_text("满 59 元")).to_be_hidden()
    page.get_by_role("main").get_by_role("button", name="怎麼開發票").click()
    expect(page.get_by_role("log").get_by_text("收到：怎麼開發票")).to_be_visible()
    page.goto(f"{site.url}/privacy")
    expect(page.get_by_role("heading", level=1, name="客服隱私說明", exact=True)).to_be_visible()
    page.get_by_role("button", name="简体").click()
    expect(page.get_by_role("heading", level=1, name="客服隐私说明", exact=True)).to_be_visible()
