"""A customer and the widget: asking, answering, sources, buttons, handoff."""

from playwright.sync_api import Page, expect

from tests.web.conftest import Site

REFUND = "我的快递三天没动了，能退款吗"
ANSWER = {
    "text": "可以的。物流超过 72 小时没有更新，由您选择：\n\n1. **补发**同款商品；\n2. **全额退款**，1-3 个工作日原路退回。",
    "article": {"id": "parcel-no-movement", "version": 3, "title": "物流一直不更新怎么办？", "category": "logistics"},
    "buttons": [{"title": "查我的订单", "payload": "/check_order"}, {"title": "转人工", "payload": "/ask_person"}],
}


def ask(page: Page, text: str) -> None:
    page.get_by_label("消息内容").fill(text)
    page.keyboard.press("Enter")


def test_a_question_is_answered_with_its_source(site: Site, page: Page) -> None:
    site.world.script[REFUND] = [ANSWER]
    page.goto(site.url)
    page.get_by_role("button", name="打开在线客服").click()
    ask(page, REFUND)
    log = page.get_by_role("log")
    expect(log.get_by_text("补发")).to_be_visible()
    expect(log.get_by_text("来源：物流一直不更新怎么办？")).to_be_visible()
    assert [message["text"] for message in site.world.received] == [REFUND]
