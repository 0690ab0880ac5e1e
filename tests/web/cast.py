"""What the tests do over and over: open the widget, ask, find things by their names."""

from playwright.sync_api import Locator, Page

from tests.web.conftest import Site
from tests.web.scripted_world import Talk

REFUND = "我的快递三天没动了，能退款吗"
ANSWER = {
    "text": "可以的。物流超过 72 小时没有更新，由您选择：\n\n"
    "1. **补发**同款商品；\n2. **全额退款**，1-3 个工作日原路退回。",
    "article": {"id": "parcel-no-movement", "version": 3, "title": "物流一直不更新怎么办？", "category": "logistics"},
    "buttons": [{"title": "查我的订单", "payload": "/check_order"}, {"title": "转人工", "payload": "/ask_person"}],
}
FIELD = "消息内容"


def open_widget(page: Page, site: Site, path: str = "/") -> Locator:
    """The panel, opened with the launcher."""
    page.goto(site.url + path)
    page.get_by_role("button", name="打开在线客服").click()
    return page.get_by_role("dialog")


def ask(page: Page, text: str) -> None:
    page.get_by_label(FIELD).fill(text)
    page.get_by_label(FIELD).press("Enter")


def messages(page: Page) -> list[str]:
    """The texts of the log's messages, as they are read."""
    return page.get_by_role("log").locator("article .bubble").all_inner_texts()


def only_talk(site: Site) -> Talk:
    (talk,) = site.world.talks.values()
    return talk
