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
        ('/correct{"part":"wish"}', Payload("correct", {"part": "wish"})),
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
    ],
)
def test_everything_else_is_refused(text: str) -> None:
    with pytest.raises(PayloadRefused):
        parse(text)


def test_refusing_every_choice_is_not_knowing() -> None:
    assert route(Payload("none_of_these"), missed=False) == "unknown"
    assert route(Payload("none_of_these"), missed=True) == "unknown_again"
    assert route(Payload("affirm"), missed=True) == "affirm"
