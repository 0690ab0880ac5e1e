"""The actions that belong to no flow, and what all of them share."""

from datetime import datetime, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import connections
from actions.callback import ActionRequestPerson
from actions.complaint import ActionKeepComplaint
from actions.contact import contact_in
from actions.correcting import ActionCorrect
from actions.flow_table import flows
from actions.guarded import GuardedAction
from actions.part_names import named_part
from actions.suggested_replies import ActionSuggestReplies
from actions.words import told_opening, told_time
from tests.actions.conftest import MakeTracker

SHANGHAI = ZoneInfo("Asia/Shanghai")


async def run(action: GuardedAction, tracker: Tracker) -> tuple[list[str], dict[str, Any], list[dict[str, Any]]]:
    """The responses said, the last custom JSON, the events."""
    say = CollectingDispatcher()
    events = await action.run(say, tracker, {})
    customs = [message["custom"] for message in say.messages if message["custom"]]
    return [m["response"] for m in say.messages if m["response"]], (customs or [{}])[-1], events


async def test_a_complaint_that_is_left_is_kept_as_far_as_it_was_told(tracker: MakeTracker) -> None:
    said, command, _ = await run(ActionKeepComplaint(), tracker(complaint_what="碎了", complaint_order="none"))
    assert (said, command["fields"]) == (["utter_complaint_kept"], {"what": "碎了"})
    assert await run(ActionKeepComplaint(), tracker()) == ([], {}, [])


@pytest.mark.parametrize(
    ("opens_at", "response"),
    [
        ("2099-11-23T01:00:00.000Z", "utter_desk_closed"),
        ("2001-01-01T01:00:00.000Z", "utter_desk_closed_no_time"),
        (None, "utter_desk_closed_no_time"),
    ],
)
async def test_the_next_opening_is_told_when_there_is_one(
    tracker: MakeTracker, opens_at: str | None, response: str
) -> None:
    assert (await run(ActionRequestPerson(), tracker(desk_opens_at=opens_at)))[0] == [response]


async def test_who_has_arranged_a_call_back_is_told_that_it_stands(tracker: MakeTracker) -> None:
    assert (await run(ActionRequestPerson(), tracker(callback_open=True)))[0] == ["utter_callback_stands"]


@pytest.mark.parametrize(
    ("opens_at", "language", "told"),
    [
        ("2026-11-22T01:00:00.000Z", "zh-Hans", "今天 9:00"),
        ("2026-11-23T01:00:00.000Z", "zh-Hans", "明天 9:00"),
        ("2026-11-24T01:30:00.000Z", "zh-Hans", "11月24日（周二）9:30"),
        ("2026-11-23T01:00:00.000Z", "en", "tomorrow at 9:00"),
        ("2026-11-24T01:30:00.000Z", "en", "on Tue 24 Nov at 9:30"),
        ("2026-11-21T01:00:00.000Z", "en", None),
    ],
)
def test_opening_times_as_people_say_them(opens_at: str, language: str, told: str | None) -> None:
    midnight = datetime(2026, 11, 21, 16, 30, tzinfo=timezone.utc)  # 00:30 on the 22nd in Shanghai
    assert told_opening(opens_at, midnight, language, SHANGHAI) == told


def test_times_are_those_of_the_customer() -> None:
    assert told_time("2026-11-21T22:05:00.000Z", "zh-Hans", SHANGHAI) == "11月22日 6:05"
    assert told_time("2026-11-21T22:05:00.000Z", "en", SHANGHAI) == "22 Nov, 6:05"


@pytest.mark.parametrize(
    ("flow", "text", "part"),
    [
        ("complain", "电话写错了", "complaint_contact"),
        ("complain", "订单号不对", "complaint_order"),
        ("complain", "my wish is wrong", "complaint_wish"),
        ("complain", "经过", "complaint_what"),
        ("complain", "嗯", None),
        ("report_lost_card", "手机号说错了", "card_phone_tail"),
        ("report_lost_card", "卡号不对", "card_tail"),
        ("request_invoice", "公司名称写错了", "invoice_company"),
    ],
)
def test_parts_are_known_by_their_names(flow: str, text: str, part: str | None) -> None:
    assert named_part(flows()[flow], text) == part


async def corrected(tracker: MakeTracker, text: str = "", part: str | None = None, **slots: Any) -> dict[str, Any]:
    named = ({"entity": "part", "value": part},) if part else ()
    _, _, events = await run(ActionCorrect(), tracker(text, named, **slots))
    return {event["name"]: event["value"] for event in events}


async def test_what_is_taken_back_is_forgotten_with_what_depends_on_it(tracker: MakeTracker) -> None:
    told = {"order_number": "QH1", "return_item": "2", "return_reason": "quality", "form": "return_form"}
    assert set(await corrected(tracker, part="order_number", **told)) == {"order_number", "return_item", "disputed"}
    assert set(await corrected(tracker, "原因写错了", **told)) == {"return_reason", "disputed"}
    assert set(await corrected(tracker, "写错了", requested_slot="return_confirmed", **told)) == {"disputed"}
    assert "return_reason" in await corrected(tracker, "写错了", requested_slot="x", **told)


async def test_outside_a_flow_there_is_nothing_to_correct(tracker: MakeTracker) -> None:
    assert (await run(ActionCorrect(), tracker("写错了")))[0] == ["utter_anything_else"]


async def test_no_suggestions_when_the_knowledge_base_is_down(
    tracker: MakeTracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KNOWLEDGE_URL", "http://127.0.0.1:1")
    connections.settings.cache_clear()
    connections.knowledge.cache_clear()
    assert (await run(ActionSuggestReplies(), tracker("怎么退货")))[1] == {"suggestions": []}
    await connections.knowledge().aclose()
    connections.settings.cache_clear()
    connections.knowledge.cache_clear()


async def test_whatever_an_action_raises_is_told(tracker: MakeTracker, caplog: pytest.LogCaptureFixture) -> None:
    class Broken(ActionKeepComplaint):
        async def act(self, say: CollectingDispatcher, _: Tracker) -> list[dict[str, Any]]:
            say.utter_message(text="half a sentence")
            raise RuntimeError("broken")

    said, custom, events = await run(Broken(), tracker())
    assert said == ["utter_action_failed"]
    assert custom == {"failure": "action_keep_complaint"}
    assert events == []
    assert "broken" in caplog.text


@pytest.mark.parametrize(
    ("text", "contact"),
    [
        ("打 138 0013 8000", "13800138000"),
        ("＋86 13800138000", "13800138000"),
        ("lee@example.com", "lee@example.com"),
        ("1380013", None),
    ],
)
def test_contacts(text: str, contact: str | None) -> None:
    assert contact_in(text) == contact
