"""What a tapped button may say."""

import pytest

from bot.payloads import Payload, PayloadRefused, parse, route


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/check_order", Payload("check_order")),
        (
            '/choose_article{"article_id":"a1","article_version":3}',
            Payload("choose_article", {"article_id": "a1", "article_version": 3}),
        ),
        ('/correct{"part":"complaint_wish"}', Payload("correct", {"part": "complaint_wish"})),
        ('/inform{"return_reason":"quality"}', Payload("inform", {"return_reason": "quality"})),
        ('/return_goods{"order_number":"QH20260411187"}', Payload("return_goods", {"order_number": "QH20260411187"})),
    ],
)
def test_declared_payloads(text: str, expected: Payload) -> None:
    assert parse(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "/",
        "/session_start",
        "/restart@1.0",
        "/check_order{",
        "/check_order[]",
        '/check_order{"phone":"1"}',
        '/choose_article{"article_id":"a1"}',
        '/choose_article{"article_id":"a1","article_version":true}',
        '/choose_article{"article_id":"' + "a" * 200 + '","article_version":3}',
        '/choose_article{"article_id":5,"article_version":3}',
        "/choose_article",
        "/affirm{1}",
        "/inform",
        '/inform{"return_confirmed":"true"}',
        '/inform{"refused":"x"}',
        '/inform{"order_number":"QH20260411187","phone_tail":"5678"}',
        '/check_order{"card_tail":"8821"}',
    ],
)
def test_everything_else_is_refused(text: str) -> None:
    with pytest.raises(PayloadRefused):
        parse(text)


def test_refusing_every_choice_is_not_knowing() -> None:
    assert route(Payload("none_of_these"), missed=False) == "unknown"
    assert route(Payload("none_of_these"), missed=True) == "unknown_again"
    assert route(Payload("affirm"), missed=True) == "affirm"
