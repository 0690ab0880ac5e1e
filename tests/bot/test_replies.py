"""Messages sorted into replies, commands and failures."""

from bot.replies import offers, sort, with_reason
from bot.situation import Article, Offer


def test_words_and_command_of_one_message_are_parted() -> None:
    said = sort([{"text": " 好的 ", "custom": {"command": "handoff.request", "reason": "asked"}}])
    assert said.replies == [{"text": "好的"}]
    assert said.commands == [{"command": "handoff.request", "reason": "asked"}]


def test_an_article_is_a_reference_with_a_number_as_version() -> None:
    assert sort([{"custom": {"article": {"id": "a", "version": "3"}}}]).replies == [
        {"article": {"id": "a", "version": 3}}
    ]


def test_choices_come_before_the_button_that_refuses_them() -> None:
    message = {"text": "哪个？", "buttons": [{"title": "都不是", "payload": "/n"}], "custom": {"choices": True}}
    assert [b["title"] for b in sort([message], [Offer("甲", "/a")]).replies[0]["buttons"]] == ["甲", "都不是"]


def test_a_failure_is_no_reply() -> None:
    said = sort([{"custom": {"failure": "action_x"}}, {"text": None, "buttons": []}])
    assert said.failures == ["action_x"]
    assert said.replies == []


def test_only_the_last_reply_offers() -> None:
    button = {"title": "a", "payload": "/affirm"}
    assert offers([{"text": "1", "buttons": [button]}, {"text": "2"}]) == []
    assert offers([{"text": "2"}, {"text": "1", "buttons": [button]}]) == [button]
    assert offers([]) == []


def test_the_reason_is_that_of_the_handoff_only() -> None:
    commands = [{"command": "handoff.request", "reason": "asked"}, {"command": "ticket.open"}]
    assert with_reason(commands, "insult") == [
        {"command": "handoff.request", "reason": "insult"},
        {"command": "ticket.open"},
    ]


def test_further_answers_follow_the_first_article() -> None:
    messages = [{"custom": {"article": {"id": "a", "version": 3}}}, {"text": "还有呢？"}]
    said = sort(messages, also=[Article("b", 1, 0.9)])
    assert said.replies == [
        {"article": {"id": "a", "version": 3}},
        {"article": {"id": "b", "version": 1}},
        {"text": "还有呢？"},
    ]


def test_without_a_first_article_there_are_no_further_ones() -> None:
    assert sort([{"text": "好的"}], also=[Article("b", 1, 0.9)]).replies == [{"text": "好的"}]
