"""Summaries, contact forms and deadlines from what was said."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml

from desk.assist.deadlines import deadline
from desk.assist.faithful import is_faithful, unfounded
from desk.assist.form import read_dispositions, read_form
from desk.assist.handling import handling
from desk.assist.lines import Line
from desk.assist.prefill import formatted_phone, prefill
from desk.assist.summary import summarise
from desk.assist.summary_words import SummaryWords, known_flows
from desk.assist.validation import problems
from desk.assist.wanting import what_they_want
from desk.event import Author, Event
from reading.mood import Mood

SHANGHAI = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # 10:00 in Shanghai


def said(*turns: tuple[str, str]) -> list[Line]:
    return [Line(seq, speaker, text) for seq, (speaker, text) in enumerate(turns, start=1)]  # type: ignore[arg-type]


def message(seq: int, role: str, text: str, **more: object) -> Event:
    body = {"text": text, "attachments": [], "buttons": [], **more}
    return Event("c1-x", seq, "message", MONDAY + timedelta(seconds=seq), Author(role), body)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("turns", "wanted"),
    [
        (("你好", "转人工", "快递三天没动了，想退款", "嗯"), "快递三天没动了，想退款"),
        (("hello", "I want a refund for my broken lamp.", "yes"), "I want a refund for my broken lamp."),
        (("在吗", "买的鞋小了半码。能换吗？"), "能换吗？"),
    ],
)
def test_what_the_customer_wants_is_quoted(turns: tuple[str, ...], wanted: str) -> None:
    quote = what_they_want(said(*[("customer", text) for text in turns]))
    assert quote is not None
    assert quote.text in wanted or wanted in quote.text


def test_who_said_nothing_wants_nothing_that_is_known() -> None:
    assert what_they_want(said(("customer", "转人工"), ("customer", "你好"), ("customer", "[图片]"))) is None


def test_a_flow_that_stopped_says_where() -> None:
    events = [
        message(2, "customer", "查订单", payload="/check_order"),
        message(3, "bot", "请告诉我订单号"),
        message(4, "customer", "QH20260411902"),
        message(5, "bot", "手机后四位？"),
    ]
    dialogue = {"slots": {"order_number": "QH20260411902"}, "loop": {"name": "order_form"}, "events": []}
    told = summarise(events, dialogue, SummaryWords("zh-Hans"))
    (flow,) = told.tried
    assert (flow.id, flow.state, flow.step, flow.seq) == ("check_order", "broken_off", "phone_tail", 2)
    assert "手机后四位" in next(line.text for line in told.lines if line.kind == "broke_off")
    done = {"slots": {}, "loop": None, "events": [{"event": "action", "name": "action_look_up_order"}]}
    assert summarise(events, done, SummaryWords("en")).tried[0].state == "done"


def test_every_line_of_a_summary_is_from_an_event() -> None:
    events = [
        message(2, "customer", "退款怎么还没到"),
        message(3, "bot", "1-3 天", article={"id": "refunds-time", "title": "退款多久"}),
        message(4, "customer", "骗子！"),
        Event("c1-x", 5, "state", MONDAY, Author("system"), {"to": "waiting", "from": "bot", "reason": "insult"}),
    ]
    for language in ("zh-Hans", "zh-Hant", "en"):
        told = summarise(events, None, SummaryWords(language))
        assert {line.seq for line in told.lines} <= {event.seq for event in events}
        assert [line.kind for line in told.lines] == ["wants", "upset", "answered", "upset", "asked_person"]
    assert told.mood is Mood.ANGRY


def test_the_flows_of_the_summary_are_those_of_the_bot() -> None:
    flows = yaml.safe_load((Path(__file__).parents[2] / "bot" / "flows.yml").read_text(encoding="utf-8"))["flows"]
    assert set(known_flows()) == set(flows)
    words = SummaryWords("zh-Hans")
    for name, flow in flows.items():
        known = known_flows()[name]
        assert (known.form, known.ends_with, list(known.asks)) == (flow["form"], flow["ends_with"], list(flow["slots"]))
        assert dict(known.titles) == flow["title"]
        assert all(words.knows(slot) for slot in known.asks)


def test_a_rewrite_may_only_say_what_the_source_says() -> None:
    source = "快递三天没动，想退款\n机器人给出文章《退款多久》\n订单QH20260411902，王女士，4月11日"
    assert is_faithful("王女士的快递三天没动，想退款，订单是QH20260411902。", source)
    for invented, what in [
        ("订单QH20260411903想退款", "qh20260411903"),
        ("快递五天没动", "五"),
        ("李女士想退款", "李女士"),
        ("客户4月12日要退款", "12"),
        ("明天给她退款", "明天"),
        ("已退款128元", "128"),
        ("Mr Brown wants a refund", "Brown"),
    ]:
        assert what in unfounded(invented, source), invented
    assert not is_faithful("", source)
    assert not is_faithful("想退款" * 400, source)


@pytest.mark.parametrize(
    ("promise", "due"),
    [
        ("24小时内给您回复", "2026-11-24T10:00"),
        ("1-3个工作日原路退回", "2026-11-26T10:00"),
        ("三个工作日内到账", "2026-11-26T10:00"),
        ("今天18点前给您电话", "2026-11-23T18:00"),
        ("明天上午10:30回电", "2026-11-24T10:30"),
        ("下午两点前到", "2026-11-23T14:00"),
        ("周五之前处理好", "2026-11-27T18:00"),
        ("within 2 hours", "2026-11-23T12:00"),
        ("30分钟内", "2026-11-23T10:30"),
        ("我会尽快跟进", None),
    ],
)
def test_a_promise_has_its_deadline(promise: str, due: str | None) -> None:
    found = deadline(promise, MONDAY, SHANGHAI)
    assert (found and found.strftime("%Y-%m-%dT%H:%M")) == due


def test_today_said_in_the_evening_is_until_midnight() -> None:
    morning = MONDAY.astimezone(SHANGHAI)
    evening = morning.replace(hour=21)
    assert deadline("今天给您答复", morning, SHANGHAI) == morning.replace(hour=18)
    assert deadline("今天给您答复", evening, SHANGHAI) == evening.replace(hour=23, minute=59)


def test_a_form_is_filled_with_the_lines_that_told_it() -> None:
    lines = said(
        ("customer", "打开一看盘子全碎了，买的那套青花盘子"),
        ("agent", "实在抱歉，麻烦提供订单号和手机"),
        ("customer", "订单 7734520918  手机 138 2266 7719，碎的给我补发"),
        ("agent", "收到，仓库48小时内发出，请放心"),
    )
    times = {line.seq: MONDAY for line in lines}
    form = prefill(lines, read_form(), times=times, zone=SHANGHAI)
    assert (form["order_number"].value, form["order_number"].seq) == ("7734520918", 3)
    assert form["phone"].value == "+86 138 2266 7719"
    assert (form["product"].value, form["product"].seq) == ("青花盘子", 1)
    assert (form["request"].value, form["promised"].value) == ("补发", "仓库48小时内发出")
    assert form["deadline"].value == "2026-11-25T10:00:00+08:00"
    assert form["category"].value in ("refund", "exchange")


def test_nothing_is_made_up() -> None:
    form = prefill(said(("customer", "在吗"), ("agent", "您好，请问有什么可以帮您？")), read_form())
    assert {name: one.value for name, one in form.items() if one.value} == {}


@pytest.mark.parametrize(
    ("written", "phone"),
    [
        ("13800138000", "+86 138 0013 8000"),
        ("0571-88231234", "+86 571 8823 1234"),
        ("+852 9123 4567", "+852 9123 4567"),
        ("1380013", None),
        ("12345678901", None),
        ("", None),
    ],
)
def test_phones_are_valid_or_nothing(written: str, phone: str | None) -> None:
    assert formatted_phone(written) == phone


def test_every_category_has_dispositions_and_what_it_requires_is_asked() -> None:
    form = read_form()
    leaves = [leaf for node in read_dispositions() for leaf in node.leaves()]
    assert {leaf.category for leaf in leaves} == set(form.categories)
    for name, category in form.categories.items():
        found = problems({"category": name}, form, MONDAY)
        assert {one.field for one in found if one.code == "required"} == set(category.required)


def test_time_with_a_colleague_is_not_mine() -> None:
    def state(seq: int, seconds: int, to: str, holder: str = "") -> Event:
        body = {"from": "x", "to": to, "holder": holder}
        return Event("c1-x", seq, "state", MONDAY + timedelta(seconds=seconds), Author("agent", holder), body)

    events = [
        state(2, 0, "person", "lin"),
        state(3, 60, "waiting"),
        state(4, 90, "person", "qian"),
        state(5, 190, "closed"),
    ]
    now = MONDAY + timedelta(seconds=200)
    assert handling(events, "lin", None, now).talk == 60
    took = handling(events, "qian", None, now)
    assert (took.talk, took.after) == (100, 10)
