"""Short words, rude words, and the honest I-don't-know."""

from itertools import pairwise

import pytest

from tests.dialogue.customer import OPEN, Customer


@pytest.mark.parametrize(
    ("words", "route"),
    [("你好", "greet"), ("谢谢", "thank"), ("再见", "goodbye"), ("你是机器人吗", "bot_challenge"), ("多謝", "thank")],
)
def test_small_talk_in_chinese(customer: Customer, words: str, route: str) -> None:
    answer = customer.says(words)
    assert answer.route == route
    assert answer.text


@pytest.mark.parametrize(
    ("words", "route"), [("hello", "greet"), ("thank you", "thank"), ("are you a bot", "bot_challenge")]
)
def test_small_talk_in_english(english: Customer, words: str, route: str) -> None:
    answer = english.says(words)
    assert answer.route == route
    assert answer.text.isascii()


def test_the_bot_says_what_it_is_and_offers_a_person(customer: Customer) -> None:
    answer = customer.says("你是真人还是机器人")
    assert "智能客服" in answer.text
    assert answer.payloads == ["/ask_person"]


def test_not_knowing_twice_offers_a_person(customer: Customer) -> None:
    first = customer.says("今天天气怎么样")
    assert first.route == "unknown"
    assert first.payloads == ["/ask_person"]
    second = customer.says("给我讲个笑话")
    assert second.payloads == ["/ask_person", "/deny"]


def test_not_knowing_is_said_in_other_words_each_time(customer: Customer) -> None:
    said = [customer.says(words).text for words in ("今天天气怎么样", "给我讲个笑话", "火星有多远", "帮我写首诗")]
    assert all(one != other for one, other in pairwise(said))
    assert len(set(said)) == 3


def test_not_knowing_counts_only_in_a_row(customer: Customer) -> None:
    customer.says_all("今天天气怎么样", "你好")
    assert customer.says("给我讲个笑话").route == "unknown"


def test_accepting_the_offer_is_a_fallback_handoff(customer: Customer) -> None:
    customer.desk = dict(OPEN)
    customer.says_all("今天天气怎么样", "给我讲个笑话")
    assert customer.says("好的").commands == [{"command": "handoff.request", "reason": "fallback"}]


def test_declining_the_offer_is_respected(customer: Customer) -> None:
    customer.desk = dict(OPEN)
    customer.says_all("今天天气怎么样", "给我讲个笑话")
    answer = customer.says("不用了")
    assert answer.commands == []
    assert answer.route == "deny"


def test_insults_are_met_calmly_and_the_second_with_an_offer(customer: Customer) -> None:
    assert customer.says("什么破机器人").payloads == []
    customer.says("你好")
    assert "/ask_person" in customer.says("滚").payloads
    customer.desk = dict(OPEN)
    assert customer.says("/ask_person").commands[0]["reason"] == "insult"


def test_restart_forgets_everything(customer: Customer) -> None:
    customer.says_all("我要投诉", "快递员骂人")
    answer = customer.says("重新开始")
    assert "重新开始" in answer.text
    assert answer.dialogue["loop"] is None
    assert not [slot for slot in answer.dialogue["slots"] if slot.startswith("complaint")]
    assert customer.says("你好").route == "greet"
