"""The actions of the flows: what a form accepts, what is confirmed, what is done, and that it is done once."""

from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.flow_actions import made
from actions.slot_values import value_of
from tests.actions.conftest import MakeTracker
from tests.office.conftest import Office

ACTIONS = {action().name(): action for action in made()}
DELIVERED = {"order_number": "QH20260411187", "phone_tail": "5678"}
PENDING = {"order_number": "QH20260403377", "phone_tail": "3377"}


async def run(name: str, tracker: Tracker) -> tuple[list[str], dict[str, Any], list[dict[str, Any]]]:
    """The responses said, the slots set, the messages."""
    say = CollectingDispatcher()
    events = await ACTIONS[name]().run(say, tracker, {})
    slots = {event["name"]: event["value"] for event in events if event["event"] == "slot"}
    assert not [message for message in say.messages if "failure" in message["custom"]], say.messages
    return [m["response"] for m in say.messages if m["response"]], slots, say.messages


async def test_number_and_tail_are_looked_up_as_soon_as_both_are_known(at_office: Office, tracker: MakeTracker) -> None:
    said, slots, _ = await run("validate_order_form", tracker(said=DELIVERED))
    assert (said, slots["order_number"], slots["phone_tail"]) == ([], "QH20260411187", "5678")
    assert "requested_slot" not in slots


async def test_after_a_wrong_tail_only_the_tail_is_asked_for(at_office: Office, tracker: MakeTracker) -> None:
    wrong = tracker(order_number="QH20260411187", said={"phone_tail": "9999"})
    said, slots, _ = await run("validate_order_form", wrong)
    assert said == ["utter_order_not_found"]
    assert (slots["phone_tail"], "order_number" in slots) == (None, False)
    again = tracker(order_number="QH20260411187", tries=slots["tries"], said={"phone_tail": "9998"})
    _, slots, _ = await run("validate_order_form", again)
    assert (slots["refused"], slots["requested_slot"]) == ("not_found", None)


async def test_after_a_wrong_number_only_the_number_is_asked_for(at_office: Office, tracker: MakeTracker) -> None:
    _, wrong, _ = await run("validate_order_form", tracker(said={**DELIVERED, "order_number": "QH20260411188"}))
    right = tracker(
        order_number="QH20260411188", tries=wrong["tries"], form="order_form", said={"order_number": "QH20260411187"}
    )
    said, slots, _ = await run("validate_order_form", right)
    assert (said, slots["phone_tail"]) == (["utter_order_changed"], "5678")


@pytest.mark.parametrize(
    ("form", "order", "reason"),
    [
        ("cancel_form", DELIVERED, "already_shipped"),
        ("address_form", DELIVERED, "already_shipped"),
        ("return_form", PENDING, "not_delivered"),
        ("invoice_form", {"order_number": "QH20260500019", "phone_tail": "0019"}, "already_invoiced"),
        ("urge_form", DELIVERED, "nothing_to_urge"),
    ],
)
async def test_what_cannot_be_done_is_known_before_more_is_asked(
    at_office: Office, tracker: MakeTracker, form: str, order: dict[str, str], reason: str
) -> None:
    _, slots, _ = await run(f"validate_{form}", tracker(said=order))
    assert (slots["refused"], slots["requested_slot"]) == (reason, None)


async def test_an_office_that_is_down_is_told_in_words(
    at_office: Office, tracker: MakeTracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OFFICE_URL", "http://127.0.0.1:1")
    _, slots, _ = await run("validate_order_form", tracker(said=DELIVERED))
    assert slots["refused"] == "unavailable"
    said, _, _ = await run("action_look_up_order", tracker(**DELIVERED, refused="unavailable"))
    assert said == ["utter_office_unavailable"]


async def test_an_order_is_told_with_its_latest_movements(at_office: Office, tracker: MakeTracker) -> None:
    on_its_way = tracker(order_number="QH20260412345", phone_tail="1234")
    said, _, messages = await run("action_look_up_order", on_its_way)
    assert said == ["utter_order_status"]
    assert messages[0]["logistics"].splitlines()[3] == "- 11月22日 6:00 武汉转运中心，已到达"


async def test_a_late_parcel_can_be_chased_at_a_tap(at_office: Office, tracker: MakeTracker) -> None:
    said, _, _ = await run("action_look_up_order", tracker(order_number="QH20260408801", phone_tail="8800"))
    assert said == ["utter_order_status_late"]


async def test_the_only_item_need_not_be_chosen(at_office: Office, tracker: MakeTracker) -> None:
    one = tracker(said={"order_number": "QH20260500005", "phone_tail": "0005"})
    assert (await run("validate_return_form", one))[1]["return_item"] == "1"
    assert (await run("validate_return_form", tracker(said=DELIVERED)))[1]["return_item"] is None


async def test_an_item_is_chosen_among_what_was_bought(at_office: Office, tracker: MakeTracker) -> None:
    _, _, messages = await run("action_ask_return_item", tracker(**DELIVERED))
    assert [b["title"] for b in messages[0]["buttons"]] == ["纯棉T恤 M 灰色", "空气炸锅 5L", "取消"]
    meant = {"空气炸锅那个": "2", "2": "2", "T恤": "1", "拖鞋": None}
    for said, item in meant.items():
        assert (await run("validate_return_form", tracker(**DELIVERED, said={"return_item": said})))[1][
            "return_item"
        ] == item


@pytest.mark.parametrize(
    ("said", "response"),
    [
        ("不记得了", "utter_not_at_hand"),
        ("I don't have it", "utter_not_at_hand"),
        ("QH2026", "utter_order_number_invalid"),
    ],
)
async def test_a_number_that_is_not_at_hand_is_no_wrong_number(tracker: MakeTracker, said: str, response: str) -> None:
    assert (await run("validate_order_form", tracker(said={"order_number": said})))[0] == [response]


async def test_the_conditions_are_shown_before_anything_is_done(at_office: Office, tracker: MakeTracker) -> None:
    told = {**DELIVERED, "return_item": "1", "return_reason": "unwanted"}
    said, _, messages = await run("action_ask_return_confirmed", tracker(**told))
    assert said == ["utter_return_summary"]
    assert (messages[0]["reason"], messages[0]["postage"]) == ("不想要了", "寄回的运费由您承担")


@pytest.mark.parametrize(
    ("action", "slots", "response"),
    [
        ("action_return_goods", {**DELIVERED, "return_item": "1", "return_reason": "坏了"}, "utter_return_opened"),
        (
            "action_exchange_goods",
            {**DELIVERED, "exchange_item": "1", "exchange_reason": "quality"},
            "utter_exchange_opened",
        ),
        ("action_change_address", {**PENDING, "new_address": "杭州市文三路1号"}, "utter_address_changed"),
        ("action_cancel_order", PENDING, "utter_cancelled"),
        ("action_request_invoice", {**DELIVERED, "invoice_kind": "personal"}, "utter_invoice_opened"),
        ("action_freeze_card", {"card_tail": "8821", "card_phone_tail": "1234"}, "utter_card_frozen"),
        ("action_urge", PENDING, "utter_urged_dispatch"),
    ],
)
async def test_a_repeated_turn_does_it_once_and_says_the_same(
    at_office: Office, tracker: MakeTracker, action: str, slots: dict[str, str], response: str
) -> None:
    first, after, messages = await run(action, tracker(**slots))
    again, _, repeated = await run(action, tracker(**slots))
    assert first == again == [response]
    assert messages == repeated
    private = set(slots) - set(PENDING)
    assert all(after[slot] is None for slot in private)
    assert "order_number" not in after


async def test_a_refusal_at_the_last_moment_is_told(at_office: Office, tracker: MakeTracker) -> None:
    said, _, _ = await run("action_cancel_order", tracker(**DELIVERED))
    assert said == ["utter_cancel_already_shipped"]


async def test_nothing_is_written_without_the_id_of_a_message(at_office: Office, tracker: MakeTracker) -> None:
    given = tracker(**PENDING)
    given.latest_message["metadata"] = {}
    say = CollectingDispatcher()
    await ACTIONS["action_cancel_order"]().run(say, given, {})
    assert say.messages[-1]["custom"] == {"failure": "action_cancel_order"}


async def test_a_personal_invoice_needs_no_company(at_office: Office, tracker: MakeTracker) -> None:
    _, slots, _ = await run("validate_invoice_form", tracker(**DELIVERED, said={"invoice_kind": "personal"}))
    assert (slots["invoice_company"], slots["invoice_tax_number"]) == ("none", "none")


async def test_a_tax_number_is_checked(tracker: MakeTracker) -> None:
    said, slots, _ = await run("validate_invoice_form", tracker(said={"invoice_tax_number": "91110000600037341X"}))
    assert (said, slots["invoice_tax_number"]) == (["utter_tax_number_invalid"], None)
    _, slots, _ = await run("validate_invoice_form", tracker(said={"invoice_tax_number": "91110000600037341L"}))
    assert slots["invoice_tax_number"] == "91110000600037341L"


async def test_a_card_that_is_frozen_already_is_left_alone(at_office: Office, tracker: MakeTracker) -> None:
    known = tracker(said={"card_tail": "4410", "card_phone_tail": "9921"})
    assert (await run("validate_card_form", known))[1]["refused"] == "already_frozen"


async def test_no_means_stop_or_which_part(tracker: MakeTracker) -> None:
    _, slots, _ = await run("validate_cancel_form", tracker(said={"cancel_confirmed": False}))
    assert slots["refused"] == "declined"
    _, slots, _ = await run("validate_complaint_form", tracker(said={"complaint_confirmed": False}))
    assert (slots["disputed"], "requested_slot" in slots) == (True, False)
    said, _, messages = await run("action_ask_complaint_confirmed", tracker(disputed=True))
    assert said == ["utter_what_is_wrong"]
    assert '/correct{"part":"complaint_wish"}' in [button["payload"] for button in messages[0]["buttons"]]


async def test_a_complaint_is_never_lost_over_its_form_and_it_is_said_how_it_was_taken(tracker: MakeTracker) -> None:
    first, slots, _ = await run("validate_complaint_form", tracker(said={"complaint_order": "好像是2026"}))
    assert (first, slots["complaint_order"]) == (["utter_order_number_invalid"], None)
    tries = slots["tries"]
    second, slots, _ = await run(
        "validate_complaint_form", tracker(tries=tries, said={"complaint_order": "好像是2026"})
    )
    assert (second, slots["complaint_order"]) == (["utter_order_taken_as_it_is"], "好像是2026")
    contact = tracker(tries={"complaint_contact": 1}, said={"complaint_contact": "没有啊"})
    said, slots, _ = await run("validate_complaint_form", contact)
    assert (said, slots["complaint_contact"]) == (["utter_contact_left_out"], "none")


@pytest.mark.parametrize(("language", "order"), [("zh-Hans", "没有订单号"), ("zh-Hant", "没有订单号"), ("en", "none")])
async def test_the_summary_speaks_the_customers_language(tracker: MakeTracker, language: str, order: str) -> None:
    told = {"complaint_what": "碎了", "complaint_order": "none"}
    _, _, messages = await run("action_ask_complaint_confirmed", tracker(language=language, **told))
    assert messages[0]["order"] == order


async def test_a_complaint_and_a_call_back_become_commands(tracker: MakeTracker) -> None:
    told = {"complaint_what": "碎了", "complaint_order": "none", "complaint_wish": "退款"}
    _, _, messages = await run("action_escalate_complaint", tracker(**told))
    expected = {"kind": "complaint", "fields": {"what": "碎了", "wish": "退款"}, "due_hours": 24}
    assert messages[-1]["custom"] == {"command": "ticket.open", **expected}
    _, _, messages = await run("action_open_callback", tracker(callback_contact="lee@example.com"))
    assert messages[-1]["custom"]["fields"] == {"contact": "lee@example.com"}


async def test_another_number_changes_the_call_back_that_is_arranged(tracker: MakeTracker) -> None:
    arranged = tracker(callback_contact="13912345678", callback_ticket="T3-7")
    said, _, messages = await run("action_open_callback", arranged)
    assert said == ["utter_callback_changed"]
    assert (messages[0]["contact"], messages[0]["ticket"]) == ("13912345678", "T3-7")
    changed = {"command": "ticket.update", "ticket": "T3-7", "fields": {"contact": "13912345678"}}
    assert messages[-1]["custom"] == changed


@pytest.mark.parametrize(
    ("text", "score", "comment", "words"),
    [
        ('/inform{"rating_score":"5"}', "5", "", "utter_rating_thanks"),
        ("4分吧", "4", "", "utter_rating_thanks"),
        ("给你们打五星好评！", "5", "", "utter_rating_thanks"),
        ("我给3颗星", "3", "", "utter_rating_thanks_low"),
        ("1分，等了半天没人理", "1", "1分，等了半天没人理", "utter_rating_thanks_low"),
        ("I give it 2 stars", "2", "", "utter_rating_thanks_low"),
        ("5 stars, you were quick", "5", "5 stars, you were quick", "utter_rating_thanks"),
    ],
)
async def test_a_rating_becomes_a_command_with_what_was_said_besides(
    tracker: MakeTracker, text: str, score: str, comment: str, words: str
) -> None:
    said, slots, messages = await run("action_thank_for_rating", tracker(text, rating_score=score))
    assert said == [words]
    assert messages[-1]["custom"] == {"command": "rating.give", "score": int(score), "comment": comment}
    assert slots["rating_score"] is None


async def test_only_ones_own_tickets_are_shown_at_once(tracker: MakeTracker) -> None:
    _, _, messages = await run("action_ticket_status", tracker(own_tickets=["T1-1", "T1-2", "T1-3", "T1-4"]))
    assert [message["ticket"] for message in messages] == ["T1-1", "T1-2", "T1-3"]
    say = CollectingDispatcher()
    another = tracker(own_tickets=["T1-1"], ticket_number="T9-9")
    events = await ACTIONS["action_ticket_status"]().run(say, another, {})
    assert (say.messages, events[-1]["name"]) == ([], "ticket_form")
    known = tracker(ticket_number="T9-9", ticket_contact_tail="1234")
    assert (await run("action_ticket_status", known))[0] == ["utter_ticket_status_verified"]


async def test_the_second_wish_and_what_was_interrupted_are_offered_at_the_end(tracker: MakeTracker) -> None:
    wished = tracker(rating_score="5", next_flow="urge", next_title="帮我催一下", paused_flow="complain")
    said, slots, messages = await run("action_thank_for_rating", wished)
    assert said == ["utter_rating_thanks", "utter_next_flow", "utter_resume"]  # the command has no words
    assert messages[-1]["buttons"][0] == {"title": "接着办：投诉", "payload": "/complain"}
    assert slots["next_flow"] is None


@pytest.mark.parametrize(
    ("kind", "said", "value"),
    [
        ("order_number", "qh20260411187", "QH20260411187"),
        ("order_number", "QH2026", None),
        ("order_number", "2026 0411 187", "QH20260411187"),
        ("order_number", "13800138000", None),
        ("phone_tail", "13800001234", "1234"),
        ("phone_tail", "QH20260411187", None),
        ("card_tail", "8821", "8821"),
        ("card_tail", "88213", None),
        ("address", "杭州市西湖区文三路1号", "杭州市西湖区文三路1号"),
        ("address", "12 Main Street, Hangzhou", "12 Main Street, Hangzhou"),
        ("address", "随便", None),
        ("score", "给五星", "5"),
        ("score", "10", None),
        ("tax_number", "税号是 9111 0000 6000 3734 1L", "91110000600037341L"),
    ],
)
def test_values(kind: str, said: str, value: str | None) -> None:
    assert value_of(kind, said) == value
