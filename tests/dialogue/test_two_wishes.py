"""Two wishes in one message: the first begins, the second is not lost."""

from tests.dialogue.customer import Customer, knows


def test_the_second_flow_is_offered_when_the_first_is_done(customer: Customer) -> None:
    assert customer.says("查下快递QH20260411187，另外发票也要开").dialogue["loop"]["name"] == "order_form"
    answer = customer.says("5678")
    assert "已签收" in answer.text
    assert answer.replies[-1]["buttons"][0] == {"title": "开发票", "payload": "/request_invoice"}
    after = customer.says("好的")
    assert after.dialogue["slots"]["requested_slot"] == "invoice_kind"
    assert "next_flow" not in after.dialogue["slots"]


def test_a_flow_is_offered_beside_an_answer(customer: Customer) -> None:
    answer = customer.says("退货运费谁出？另外帮我催一下快递", knows("returns-shipping-cost", 0.97))
    assert answer.articles == ["returns-shipping-cost"]
    assert answer.payloads[0] == "/urge"


def test_words_that_name_no_flow_are_remembered(customer: Customer) -> None:
    customer.says("查下快递QH20260411187，还有积分怎么用")
    assert "积分怎么用" in customer.says("5678").text


def test_one_wish_is_one_wish(customer: Customer) -> None:
    answer = customer.says_all("查下快递QH20260411187", "5678")
    assert answer.payloads == ['/check_order{"order_number":"other"}']


def test_in_english_too(english: Customer) -> None:
    english.says("track my order QH20260411187 and also I need an invoice")
    assert "Get an invoice" in english.says("5678").text


def test_wishes_are_found_without_the_names_of_flows(customer: Customer) -> None:
    parts = ["我的东西到哪儿了呀", "这单能不能给我开个票报销"]
    answer = customer.says("，还有".join(parts), parts=parts)
    assert answer.dialogue["loop"]["name"] == "order_form"
    assert answer.dialogue["slots"]["next_flow"] == "request_invoice"


def test_two_sentences_may_be_two_wishes(customer: Customer) -> None:
    parts = ["东西到哪了帮我看看 QH20260411187", "再给我开一张票"]
    answer = customer.says("\n".join(parts), parts=parts)
    assert answer.dialogue["loop"]["name"] == "order_form"
    assert answer.dialogue["slots"]["next_flow"] == "request_invoice"


def test_one_story_in_several_sentences_is_one_wish(customer: Customer) -> None:
    parts = ["上周买了个杯子", "今天收到一看碎了", "我要退货"]
    answer = customer.says("。".join(parts), parts=parts)
    assert answer.dialogue["loop"]["name"] == "return_form"
    assert not answer.dialogue["slots"].get("next_flow")


def test_a_question_about_a_flow_is_no_wish_for_it(customer: Customer) -> None:
    parts = ["运费险是什么意思？", "退货流程是怎样的"]
    answer = customer.says("另外".join(parts), knows("returns-shipping-insurance", 0.97), parts)
    assert answer.articles == ["returns-shipping-insurance"]
    assert answer.route == "answer_article"
