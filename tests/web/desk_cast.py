"""The customers, replies and tickets of the desk page's tests, and what an agent does over and over."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.web.cast import ANSWER, REFUND
from tests.web.conftest import Site
from tests.web.scripted_assist import ScriptedAssist
from tests.web.scripted_desk import PASSWORD, ScriptedDesk
from tests.web.scripted_world import Talk, World, now_text

REPLY = "回复内容"


def desk_of(world: World) -> ScriptedDesk:
    desk: ScriptedDesk = world.desk  # type: ignore[attr-defined]
    return desk


def assist_of(world: World) -> ScriptedAssist:
    return desk_of(world).assist


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


def arrive(world: World, talk: Talk) -> None:
    """What is known of the first customer, and what is wrong with a promise to them."""
    assist = assist_of(world)
    assist.contexts[talk.id] = {
        "wants": {"text": "快递三天没动，想退款", "seq": 2},
        "summary": [
            {"kind": "wants", "text": "快递三天没动，想退款", "seq": 2},
            {"kind": "answered", "text": "已答：物流一直不更新怎么办？", "seq": 3},
            {"kind": "asked_person", "text": "客户要求人工", "seq": 4},
        ],
        "tried": [
            {
                "kind": "article",
                "seq": 3,
                "id": "parcel-no-movement",
                "title": "物流一直不更新怎么办？",
                "state": "given",
            },
            {
                "kind": "flow",
                "seq": 3,
                "id": "check_order",
                "title": "查询订单",
                "state": "broken_off",
                "step": "phone",
            },
        ],
        "slots": [
            {"name": "order_number", "label": "订单号", "value": "QH20260412345", "seq": 2},
            {"name": "language", "label": "语言", "value": "简体中文", "seq": None},
        ],
        "mood": {"now": "angry", "over_time": [{"seq": 2, "mood": "calm"}, {"seq": 4, "mood": "angry"}]},
        "customer": {"name": "王女士", "vouched_as": None, "language": "zh-Hans", "channel": "widget"},
        "earlier": [
            {"conversation": "c17-old", "opened_at": now_text(timedelta(days=-3)), "closed_at": None, "state": "closed"}
            | {"wants": "催发货", "disposition": "物流 · 延误", "agent": "wang"},
        ],
        "tickets": world.tickets[:1],
        "orders": {
            "state": "ok",
            "orders": [
                {"order": "QH20260412345", "state": "delayed", "carrier": "顺风快运", "tracking": "SF1234567890"}
                | {"estimated": None}
                | {"events": [{"at": now_text(timedelta(days=-3)), "place": "杭州", "text": "到达转运中心"}]},
            ],
        },
    }
    assist.rules = [
        {"words": "一定", "sentence": "我保证今天一定到。", "rule": "promise", "severity": "stop"}
        | {"why": "请勿承诺做不到的时间。", "better": "我马上为您催件，今天内给您答复。"},
        {"words": "你好", "rule": "courtesy", "severity": "advise", "why": "请用“您”。", "better": "您好"},
    ]
    assist.forms[talk.id] = {
        "disposition": {"id": "logistics.late", "confidence": 0.83},
        "summary": "客户反映快递三天未更新，要求退款。",
        "form": {
            "category": {"value": "logistics", "seq": 2},
            "order_number": {"value": "QH20260412345", "seq": 2},
            "request": {"value": "退款", "seq": 2},
        },
    }
    assist.macros = [
        {
            "id": "invoice-ask",
            "version": 1,
            "title": "问发票抬头",
            "text": "请问发票抬头是个人还是公司？",
            "missing": [],
        }
        | {"confidence": 0.7}
    ]


def sign_in(page: Page, site: Site, name: str = "lin") -> None:
    page.goto(f"{site.url}/desk")
    page.locator("#name").fill(name)
    page.locator("#password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("switch")).to_be_visible()


def claim_first(page: Page) -> None:
    page.locator("button.claim").first.click()
    expect(page.get_by_label(REPLY)).to_be_focused()


def answer(page: Page, text: str) -> None:
    page.get_by_label(REPLY).fill(text)
    page.get_by_label(REPLY).press("Enter")


def transcript(page: Page) -> list[str]:
    return page.get_by_role("log").locator("article .said").all_inner_texts()


def eventually(page: Page, known: Callable[[], Any]) -> Any:
    """What `known` returns once it is truthy: the page shows some things before they have arrived at the server."""
    for _ in range(250):
        found = known()
        if found:
            return found
        page.wait_for_timeout(20)
    raise AssertionError("it did not come about within five seconds")


def sent_by_agent(page: Page, talk: Talk, count: int = 1) -> list[dict[str, Any]]:
    """What the server has of the agent, once it has `count`."""

    def sent() -> list[dict[str, Any]] | None:
        found = [event for event in talk.events if event["author"]["role"] == "agent"]
        return found if len(found) >= count else None

    found: list[dict[str, Any]] = eventually(page, sent)
    return found


def suggestions(page: Page) -> Locator:
    """The suggested replies, as they are listed."""
    return page.get_by_role("list", name="建议回复").get_by_role("listitem")
