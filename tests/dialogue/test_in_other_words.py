"""A complaint or a wish for a person that does not use the word, and harmless words that only sound hard."""

import pytest

from tests.dialogue.customer import OPEN, Customer


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("zh-Hans", "你们这什么态度"),
        ("zh-Hans", "我要一个说法"),
        ("zh-Hans", "消费者协会见"),
        ("zh-Hans", "咱们法庭见"),
        ("zh-Hant", "必須給我一個交代"),
        ("zh-Hant", "我要去消保會"),
        ("en", "I'm taking this to consumer protection"),
        ("en", "your driver swore at my mother"),
    ],
)
def test_a_complaint_needs_no_word_for_it(customer: Customer, language: str, said: str) -> None:
    customer.language = language
    assert customer.says(said).dialogue["loop"]["name"] == "complaint_form"


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("zh-Hans", "叫你们领导来"),
        ("zh-Hans", "让能做主的人跟我说"),
        ("zh-Hans", "有没有人管啊"),
        ("zh-Hant", "我要跟負責的人講"),
        ("en", "get me someone in charge"),
    ],
)
def test_a_person_is_wished_for_in_other_words(customer: Customer, language: str, said: str) -> None:
    customer.language, customer.desk = language, dict(OPEN)
    assert [command["command"] for command in customer.says(said).commands] == ["handoff.request"]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("zh-Hans", "急死了"),
        ("zh-Hans", "死活登录不上"),
        ("zh-Hans", "电饭锅坏死了"),
        ("zh-Hans", "我是不是傻，填错手机号了"),
        ("zh-Hans", "人工费怎么收"),
        ("zh-Hans", "领导要求开专票，怎么开"),
        ("zh-Hant", "卡死了，頁面打不開"),
        ("en", "stupid me, I typed the wrong address"),
        ("en", "my phone died, how do I log in"),
    ],
)
def test_harmless_words_are_no_insult_no_complaint_and_no_call_for_a_person(
    customer: Customer, language: str, said: str
) -> None:
    customer.language, customer.desk = language, dict(OPEN)
    answer = customer.says(said)
    assert answer.route not in ("insult", "complain", "ask_person")
    assert answer.commands == []
