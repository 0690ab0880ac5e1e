"""Answers from the knowledge base: a reference, a choice, or a flow."""

from tests.dialogue.customer import Customer, knows, wavers


def test_an_answer_is_a_reference_without_the_action_server(customer: Customer) -> None:
    customer.bot.agent.action_endpoint.url = "http://127.0.0.1:1/webhook"
    answer = customer.says("怎么退货", knows("returns-how-to", 0.93))
    assert answer.replies == [{"article": {"id": "returns-how-to", "version": 3}}]
    assert answer.route == "answer_article"


def test_a_question_in_a_form_needs_no_action_server(customer: Customer) -> None:
    customer.says("我要投诉")
    customer.bot.agent.action_endpoint.url = "http://127.0.0.1:1/webhook"
    assert customer.says("怎么退货？", knows()).articles == ["returns-how-to"]


def test_a_close_call_is_a_choice(customer: Customer) -> None:
    answer = customer.says("价格", wavers(returns=0.4, exchange=0.35))
    assert [button["title"] for button in answer.replies[0]["buttons"]] == ["returns？", "exchange？", "都不是"]
    assert answer.payloads[0] == '/choose_article{"article_id":"returns","article_version":3}'


def test_a_choice_is_made_by_button_by_words_or_by_number(customer: Customer) -> None:
    for said in ('/choose_article{"article_id":"exchange","article_version":3}', "exchange？", "第二个", "2"):
        customer.says("价格", wavers(returns=0.4, exchange=0.35))
        assert customer.says(said).replies == [{"article": {"id": "exchange", "version": 3}}]


def test_refusing_every_choice_is_an_honest_unknown_and_then_a_person(customer: Customer) -> None:
    customer.says("价格", wavers(returns=0.4, exchange=0.35))
    assert customer.says("/none_of_these").route == "unknown"
    customer.says("价格", wavers(returns=0.4, exchange=0.35))
    assert "/ask_person" in customer.says("都不是").payloads


def test_yes_after_an_article_with_a_flow_starts_the_flow(customer: Customer) -> None:
    answer = customer.says("投诉要走什么流程呀", knows("complaints-how", 0.95, flow="complain"))
    assert answer.articles == ["complaints-how"]
    assert customer.says("好的").dialogue["loop"]["name"] == "complaint_form"


def test_task_and_article_that_are_equally_likely_become_a_choice(customer: Customer) -> None:
    said = "我的快递到哪了"
    probability = Customer(customer.bot).says(said).reading["confidence"]
    answer = customer.says(said, knows("logistics-time", round(probability - 0.02, 2)))
    assert answer.route == "offer_choice"
    assert answer.payloads[1] == "/check_order"


def test_nothing_fitting_is_said_honestly(customer: Customer) -> None:
    answer = customer.says("你们支持量子配送吗", knows("x", 0.1, outcome="unknown"))
    assert answer.route == "unknown"
    assert answer.articles == []
