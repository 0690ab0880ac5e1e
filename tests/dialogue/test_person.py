"""A person: handed over when one is there, a call-back when none is."""

from typing import Any

import pytest

from tests.dialogue.customer import CLOSED, OPEN, Customer, knows


@pytest.mark.parametrize(
    ("language", "words"), [("zh-Hans", "转人工"), ("en", "talk to a human"), ("zh-Hant", "我要找真人客服")]
)
def test_a_reachable_person_is_called_at_once(customer: Customer, language: str, words: str) -> None:
    customer.language, customer.desk = language, dict(OPEN)
    answer = customer.says(words)
    assert answer.commands == [{"command": "handoff.request", "reason": "asked"}]
    assert len(answer.replies) == 1


def test_a_person_is_called_without_the_action_server(customer: Customer) -> None:
    customer.bot.agent.action_endpoint.url = "http://127.0.0.1:1/webhook"
    customer.desk = dict(OPEN)
    assert customer.says("转人工").commands[0]["command"] == "handoff.request"


def test_nobody_there_is_said_with_the_next_opening_time(customer: Customer) -> None:
    answer = customer.says("转人工")
    assert answer.commands == []
    assert "11月23日" in answer.text
    assert "9:00" in answer.text
    assert answer.dialogue["loop"]["name"] == "callback_form"


def test_a_phone_becomes_a_callback_and_the_bot_goes_on(customer: Customer) -> None:
    customer.says("转人工")
    answer = customer.says("13800138000")
    assert answer.commands == [
        {"command": "ticket.open", "kind": "callback", "fields": {"contact": "13800138000"}, "due_hours": 24}
    ]
    assert "{ticket}" in answer.text
    assert customer.says("怎么退货？", knows()).articles == ["returns-how-to"]


def test_an_e_mail_in_english(english: Customer) -> None:
    assert "23 Nov" in english.says("I need a human agent").text
    answer = english.says("my email is lee@example.com")
    assert answer.commands[0]["fields"] == {"contact": "lee@example.com"}


def test_a_question_while_the_contact_is_asked(customer: Customer) -> None:
    customer.says("转人工")
    answer = customer.says("你们几点上班", knows("service-hours"))
    assert answer.articles == ["service-hours"]
    assert "手机号或邮箱" in answer.text


def test_asking_again_says_the_time_again(customer: Customer) -> None:
    customer.says("转人工")
    answer = customer.says("转人工")
    assert "9:00" in answer.text
    assert answer.dialogue["loop"]["name"] == "callback_form"


def test_who_leaves_no_contact_is_not_pressed(customer: Customer) -> None:
    customer.says("转人工")
    answer = customer.says("不用了")
    assert answer.commands == []
    assert answer.dialogue["loop"] is None


def with_ticket(state: str) -> dict[str, Any]:
    """The desk, closed, with a call-back of this customer's."""
    return {**CLOSED, "tickets": [{"id": "T3-7", "kind": "callback", "state": state}]}


def test_who_has_arranged_a_call_back_is_not_asked_again_and_may_leave_another_number(customer: Customer) -> None:
    customer.says_all("转人工", "13800138000")
    customer.desk = with_ticket("open")
    answer = customer.says("转人工")
    assert "已经登记好了" in answer.text
    assert (answer.commands, answer.dialogue["loop"]) == ([], None)
    customer.says("换个号码")
    answer = customer.says("13912345678")
    fields = {"contact": "13912345678"}
    assert answer.commands == [{"command": "ticket.update", "ticket": "T3-7", "fields": fields}]
    assert "T3-7" in answer.text


@pytest.mark.parametrize("said", ["刚才留的电话不对，改成13912345678", "换个号码，打13912345678", "13912345678"])
def test_another_number_is_taken_from_one_sentence(customer: Customer, said: str) -> None:
    customer.desk = with_ticket("open")
    fields = {"contact": "13912345678"}
    assert customer.says(said).commands == [{"command": "ticket.update", "ticket": "T3-7", "fields": fields}]


def test_another_number_in_english(english: Customer) -> None:
    english.desk = with_ticket("in_progress")
    english.says_all("talk to a human", "Another number")
    answer = english.says("lee@example.com")
    assert answer.commands[0]["command"] == "ticket.update"
    assert "still T3-7" in answer.text


def test_a_call_back_that_was_made_is_over(customer: Customer) -> None:
    customer.desk = with_ticket("done")
    assert "手机号或邮箱" in customer.says("转人工").text
    assert customer.says("13800138000").commands[0]["command"] == "ticket.open"


def test_a_call_back_is_arranged_at_any_time(customer: Customer) -> None:
    customer.desk = dict(OPEN)
    customer.says("给我回个电话")
    assert customer.says("138 0013 8000").commands[0]["kind"] == "callback"


@pytest.mark.parametrize("said", ["我不想跟机器说话", "怎么联系你们老板"])
def test_a_person_is_called_without_being_named(customer: Customer, said: str) -> None:
    customer.desk = dict(OPEN)
    assert customer.says(said).commands[0]["command"] == "handoff.request"


def test_two_unreadable_contacts_end_kindly(customer: Customer) -> None:
    customer.says("转人工")
    assert "没看懂" in customer.says("138").text
    answer = customer.says("一二三")
    assert answer.commands == []
    assert answer.dialogue["loop"] is None
