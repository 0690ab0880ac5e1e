"""A lost card: as little as possible is asked, and it is frozen at one yes."""

from tests.dialogue.customer import Customer


def test_a_lost_card_is_frozen_after_two_numbers_and_one_yes(customer: Customer) -> None:
    assert "后四位" in customer.says("我的青禾卡丢了").text
    assert "8821" in customer.says_all("8821", "1234").text
    answer = customer.says("马上冻结")
    assert "已经冻结" in answer.text
    assert "/ask_person" in answer.payloads
    assert "已经是冻结状态" in customer.says_all("我的卡丢了", "8821", "1234").text


def test_another_card_than_the_one_that_was_named(customer: Customer) -> None:
    customer.says("我尾号8821的卡丢了")
    answer = customer.says_all("不对，是尾号6677那张", "5678")
    assert "6677" in answer.text
    assert "没有提交" in customer.says("先不冻结").text


def test_digits_that_do_not_match_lead_to_the_hotline(customer: Customer) -> None:
    assert "没有对上" in customer.says_all("卡丢了", "9055", "9999").text
    answer = customer.says("9998")
    assert "400-000-0000" in answer.text
    assert "/ask_person" in answer.payloads


def test_in_english_too(english: Customer) -> None:
    english.says("I lost my card ending in 6677")
    assert "Shall I freeze it now" in english.says("5678").text
    assert "nothing was submitted" in english.says("no").text


def test_a_service_is_rated(customer: Customer) -> None:
    customer.says("我要评价")
    answer = customer.says("5分")
    assert "谢谢您的评价" in answer.text
    assert answer.commands == [{"command": "rating.give", "score": 5, "comment": ""}]
    customer.says("我要评价")
    answer = customer.says('/inform{"rating_score":"1"}')
    assert "/complain" in answer.payloads
    assert answer.commands[0]["score"] == 1


def test_a_rating_that_says_why_is_taken_whole(customer: Customer) -> None:
    answer = customer.says("我给这次服务打2分，等了半天没人理")
    command = {"command": "rating.give", "score": 2, "comment": "我给这次服务打2分，等了半天没人理"}
    assert (answer.commands, answer.dialogue["loop"]) == ([command], None)


def test_a_matter_that_an_article_answers_comes_with_a_person(customer: Customer) -> None:
    answer = customer.says("我要查账单")
    assert "/ask_person" in answer.payloads
