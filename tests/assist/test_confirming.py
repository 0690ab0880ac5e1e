"""Which article a question asked for is taken from a conversation only where it is plain."""

import json

import pytest

from desk.article_choice import chosen_article
from desk.assist.confirming import Confirmation, confirmations
from desk.assist.lines import Line

QUESTION = "东西不合适能换个颜色吗"
OTHER = "开票抬头写错了咋办"


def tap(article: str) -> str:
    return "/choose_article" + json.dumps({"article_id": article, "article_version": 3})


def case(*lines: dict[str, object]) -> list[Line]:
    return [Line(**{"seq": seq, "text": "", **line}) for seq, line in enumerate(lines, start=1)]  # type: ignore[arg-type]


def customer(text: str = "", payload: str | None = None) -> dict[str, object]:
    return {"speaker": "customer", "text": text, "payload": payload}


def bot(article: str | None = None, *offered: str) -> dict[str, object]:
    return {"speaker": "bot", "text": "回答", "article": article, "offered": offered}


def agent(article: str | None = None, text: str = "为您解答") -> dict[str, object]:
    return {"speaker": "agent", "text": text, "article": article}


CHOICE = bot(None, "return", "exchange")


def test_a_tap_confirms_what_was_chosen() -> None:
    said = case(customer(QUESTION), CHOICE, customer("怎么换货？", tap("exchange")), bot("exchange"))
    assert confirmations(said) == [Confirmation(1, QUESTION, "exchange", "customer")]


@pytest.mark.parametrize(
    "after",
    [
        [customer("怎么换货？", tap("exchange")), bot("exchange"), customer("怎么退货", tap("return")), bot("return")],
        [customer("怎么换货？", tap("exchange")), bot("exchange"), customer("转人工"), agent(None)],
        [customer("怎么开票", tap("invoice")), bot("invoice")],
        [customer("都不是", "/none_of_these")],
        [customer("怎么换货？", "/choose_article{broken"), bot()],
    ],
    ids=["chosen twice", "an agent helped", "never offered", "none of these", "broken"],
)
def test_a_tap_that_shows_nothing(after: list[dict[str, object]]) -> None:
    first = [one for one in confirmations(case(customer(QUESTION), CHOICE, *after)) if one.article != "return"]
    assert first == []


def test_the_last_tap_counts_where_nobody_knows_better() -> None:
    taps = [
        customer("怎么换货？", tap("exchange")),
        bot("exchange"),
        customer("怎么退货", tap("return")),
        bot("return"),
    ]
    assert [one.article for one in confirmations(case(customer(QUESTION), CHOICE, *taps))] == ["return"]


def test_of_two_messages_nobody_knows_which_was_offered_for() -> None:
    assert confirmations(case(customer(QUESTION), customer(OTHER), CHOICE, customer("换货", tap("exchange")))) == []


def test_an_agents_article_confirms_what_the_bot_got_wrong() -> None:
    said = case(customer(QUESTION), bot("return"), customer("不是这个，转人工"), agent("exchange"))
    assert confirmations(said) == [Confirmation(1, QUESTION, "exchange", "agent", ("return",))]


def test_a_question_that_was_answered_before_is_not_the_one_that_the_agent_answers() -> None:
    said = case(customer(QUESTION), bot("exchange"), customer(OTHER), bot(), agent("invoice.title"))
    assert confirmations(said) == [Confirmation(3, OTHER, "invoice.title", "agent")]


@pytest.mark.parametrize(
    "said",
    [
        [customer(QUESTION), customer(OTHER), agent("exchange")],
        [customer(QUESTION), agent(None)],
        [customer("转人工"), agent("exchange")],
        [customer("在"), agent("exchange")],
        [customer("长" * 201), agent("exchange")],
        [customer("订单QH20260412345什么时候发货"), agent("shipping")],
        [customer("我叫王芳，13912345678，怎么换货"), agent("exchange")],
        [customer(QUESTION), agent("exchange"), customer("你们就是骗子，气死我了")],
        [customer("Can I talk to a human please"), agent("exchange")],
    ],
)
def test_what_is_not_plain_or_is_personal_is_left_out(said: list[dict[str, object]]) -> None:
    assert confirmations(case(*said)) == []


@pytest.mark.parametrize("payload", ["", "/affirm", "/choose_article", "/choose_article[]", '/choose_article{"a":1}'])
def test_other_payloads_choose_nothing(payload: str) -> None:
    assert chosen_article(payload) is None
