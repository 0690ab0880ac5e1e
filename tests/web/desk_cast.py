"""The customers, replies and tickets of the desk page's tests."""

from datetime import timedelta
from typing import Any

from playwright.sync_api import Page, expect

from tests.web.cast import ANSWER, REFUND
from tests.web.conftest import Site
from tests.web.scripted_desk import PASSWORD
from tests.web.scripted_world import Talk, World, now_text


def reply(number: int, title: str, text: str, confidence: float) -> dict[str, Any]:
    source = {"kind": "article", "id": f"article-{number}", "version": number, "title": title}
    return {"id": f"article-{number}@{number}", "text": text, "source": source, "confidence": confidence}


def ticket(number: int, kind: str, state: str, due: timedelta, conversation: str, **fields: str) -> dict[str, Any]:
    known = {"id": f"T17-{number}", "version": 1, "state": state, "kind": kind, "fields": fields}
    times = {"opened_at": now_text(), "due_at": now_text(due), "updated_at": now_text()}
    return known | times | {"channel": "widget", "conversation": conversation, "language": "zh-Hans", "history": []}


def waiting_customer(world: World, user: str, text: str, reason: str = "asked") -> Talk:
    talk = world.new_talk(user)
    world.say(talk, "customer", text)
    world.change(talk, "waiting", reason)
    return talk


def fill(world: World) -> list[Talk]:
    """Three customers wait, three replies fit, two tickets are open."""
    first = world.new_talk("u1")
    world.say(first, "customer", REFUND)
    world.say(first, "bot", **ANSWER)
    world.say(first, "customer", "转人工", payload="/ask_person")
    world.change(first, "waiting", "asked")
    world.say(first, "system", "正在为您转接人工客服，您前面没有其他客户。", notice=True)
    second = waiting_customer(world, "u2", "I was charged twice for the same order", "complaint")
    second.language = "en"
    third = waiting_customer(world, "u3", "請問可以改收貨地址嗎", "fallback")
    third.language = "zh-Hant"
    world.suggestions = [
        reply(1, "物流一直不更新怎么办？", "超过 **72 小时**没有更新，补发或全额退款由您选择。", 0.93),
        reply(2, "怎么取消订单？", "发货前可以直接在 App 取消订单。", 0.41),
        reply(3, "退款多久到账？", "验货通过后 1-3 个工作日原路退回。", 0.33),
    ]
    world.tickets = [
        ticket(
            42,
            "complaint",
            "open",
            timedelta(hours=-2),
            first.id,
            what="收到的茶杯碎了两只",
            order="QH20260412345",
            contact="138****1234",
        ),
        ticket(
            43,
            "callback",
            "in_progress",
            timedelta(hours=5),
            second.id,
            contact="139****8888",
            question="青禾卡年费怎么减免",
        ),
    ]
    world.articles = [
        {
            "id": "invoice",
            "version": 4,
            "question": "怎么开发票？",
            "answer": "在 App 的订单详情里申请。",
            "confidence": 0.9,
        }
    ]
    return [first, second, third]


def sign_in(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/desk")
    page.locator("#name").fill("lin")
    page.locator("#password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("switch")).to_be_visible()
