"""Each action: what it says, what it commands, what it remembers."""

from datetime import datetime, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import connections
from actions.callback import ActionOpenCallback, ActionRequestPerson
from actions.complaint import (
    ActionAskComplaintConfirmed,
    ActionCorrectComplaint,
    ActionEscalateComplaint,
    ValidateComplaintForm,
    named_part,
)
from actions.contact import contact_in
from actions.guarded import GuardedAction
from actions.order_status import ActionLookUpOrder
from actions.suggested_replies import ActionSuggestReplies
from actions.ticket_status import ActionTicketStatus
from actions.words import told_opening, told_time
from tests.actions.conftest import MakeTracker
from tests.office.conftest import Office

SHANGHAI = ZoneInfo("Asia/Shanghai")
COMPLAINT = {
    "complaint_what": "碎了",
    "complaint_order": "none",
    "complaint_contact": "13800138000",
    "complaint_wish": "退款",
}


async def run(action: GuardedAction, tracker: Tracker) -> tuple[list[str], dict[str, Any], list[dict[str, Any]]]:
    """The responses said, the last custom JSON, the events."""
    say = CollectingDispatcher()
    events = await action.run(say, tracker, {})
    customs = [message["custom"] for message in say.messages if message["custom"]]
    return [m["response"] for m in say.messages if m["response"]], (customs or [{}])[-1], events


async def test_an_order_is_told_with_its_latest_movements(at_office: Office, tracker: MakeTracker) -> None:
    say = CollectingDispatcher()
    await ActionLookUpOrder().run(say, tracker(order_number="QH20260412345", order_phone_tail="1234"), {})
    assert say.messages[0]["response"] == "utter_order_status"
    assert say.messages[0]["logistics"].splitlines()[3] == "- 11月22日 6:00 武汉转运中心，已到达"
    await connections.orders().aclose()


@pytest.mark.parametrize(("failed", "response"), [(None, "utter_order_not_found"), (1, "utter_order_not_found_again")])
async def test_an_order_that_is_not_found(
    at_office: Office, tracker: MakeTracker, failed: int | None, response: str
) -> None:
    slots = {"order_number": "QH20260412345", "order_phone_tail": "9999", "failed_look_ups": failed}
    said, _, events = await run(ActionLookUpOrder(), tracker(**slots))
    assert said == [response]
    assert {event["name"]: event["value"] for event in events}["order_number"] is None
    await connections.orders().aclose()


async def test_an_office_that_is_down_is_told_in_words(
    at_office: Office, tracker: MakeTracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OFFICE_URL", "http://127.0.0.1:1")
    said, _, _ = await run(ActionLookUpOrder(), tracker(order_number="QH20260412345", order_phone_tail="1234"))
    assert said == ["utter_office_unavailable"]
    await connections.orders().aclose()


async def test_a_complaint_becomes_a_command(tracker: MakeTracker) -> None:
    said, command, _ = await run(ActionEscalateComplaint(), tracker(**COMPLAINT))
    assert said == ["utter_complaint_opened"]
    assert command == {
        "command": "ticket.open",
        "kind": "complaint",
        "fields": {"what": "碎了", "contact": "13800138000", "wish": "退款"},
        "due_hours": 24,
    }


@pytest.mark.parametrize(("language", "order"), [("zh-Hans", "没有订单号"), ("zh-Hant", "没有订单号"), ("en", "none")])
async def test_the_summary_speaks_the_customers_language(tracker: MakeTracker, language: str, order: str) -> None:
    say = CollectingDispatcher()
    await ActionAskComplaintConfirmed().run(say, tracker(language=language, **COMPLAINT), {})
    assert say.messages[0]["order"] == order


async def test_a_disputed_summary_asks_what_is_wrong(tracker: MakeTracker) -> None:
    said, _, _ = await run(ActionAskComplaintConfirmed(), tracker(complaint_disputed=True, **COMPLAINT))
    assert said == ["utter_complaint_what_is_wrong"]


@pytest.mark.parametrize(
    ("part", "forgotten"), [("wish", {"complaint_wish", "complaint_disputed"}), ("phone", {"complaint_disputed"})]
)
async def test_only_a_part_of_the_complaint_can_be_corrected(
    tracker: MakeTracker, part: str, forgotten: set[str]
) -> None:
    _, _, events = await run(
        ActionCorrectComplaint(), tracker(entities=({"entity": "part", "value": part},), **COMPLAINT)
    )
    assert {event["name"] for event in events} == forgotten


@pytest.mark.parametrize(
    ("text", "part"),
    [("电话写错了", "contact"), ("订单号不对", "order"), ("my wish is wrong", "wish"), ("经过", "what"), ("嗯", None)],
)
def test_parts_are_known_by_their_names(text: str, part: str | None) -> None:
    assert named_part(text) == part


def test_a_complaint_is_never_lost_over_its_form(tracker: MakeTracker) -> None:
    form, say = ValidateComplaintForm(), CollectingDispatcher()
    first = form.validate_complaint_order("我不知道号", say, tracker(), {})
    assert first["complaint_order"] is None
    assert (
        form.validate_complaint_order("我不知道号", say, tracker(complaint_tries=1), {})["complaint_order"]
        == "我不知道号"
    )
    assert form.validate_complaint_contact("没有啊", say, tracker(complaint_tries=1), {})["complaint_contact"] == "none"


async def test_a_callback_becomes_a_command(tracker: MakeTracker) -> None:
    said, command, _ = await run(ActionOpenCallback(), tracker(callback_contact="lee@example.com"))
    assert (said, command["kind"], command["fields"]) == (
        ["utter_callback_opened"],
        "callback",
        {"contact": "lee@example.com"},
    )
    said, command, _ = await run(ActionOpenCallback(), tracker())
    assert (said, command) == (["utter_callback_given_up"], {})


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


async def test_only_ones_own_tickets_are_shown_at_once(tracker: MakeTracker) -> None:
    say = CollectingDispatcher()
    await ActionTicketStatus().run(say, tracker(own_tickets=["T1-1", "T1-2", "T1-3", "T1-4"]), {})
    assert [message["ticket"] for message in say.messages] == ["T1-1", "T1-2", "T1-3"]
    said, _, events = await run(ActionTicketStatus(), tracker(own_tickets=["T1-1"], ticket_number="T9-9"))
    assert said == []
    assert events[-1] == {"event": "followup", "timestamp": None, "name": "ticket_form"}


async def test_another_ticket_is_referred_to_with_the_tail(tracker: MakeTracker) -> None:
    said, _, _ = await run(ActionTicketStatus(), tracker(ticket_number="T9-9", ticket_contact_tail="1234"))
    assert said == ["utter_ticket_status_verified"]


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
    class Broken(ActionOpenCallback):
        async def act(self, say: CollectingDispatcher, _: Tracker) -> list[dict[str, Any]]:
            say.utter_message(text="half a sentence")
            raise RuntimeError("broken")

    said, custom, events = await run(Broken(), tracker())
    assert said == ["utter_action_failed"]
    assert custom == {"failure": "action_open_callback"}
    assert events == []
    assert "broken" in caplog.text


async def test_whatever_a_form_raises_is_told(tracker: MakeTracker, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> dict[str, Any]:
        raise RuntimeError("broken")

    monkeypatch.setattr(ValidateComplaintForm, "validate_complaint_what", broken)
    say = CollectingDispatcher()
    given = tracker()
    given.events = [
        {"event": "action", "name": "complaint_form"},
        {"event": "slot", "name": "complaint_what", "value": "x"},
    ]
    domain = {"forms": {"complaint_form": {"required_slots": ["complaint_what"]}}}
    await ValidateComplaintForm().run(say, given, domain)
    assert say.messages[-1]["custom"] == {"failure": "validate_complaint_form"}


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
