"""A complaint: told, interrupted, resumed, corrected, confirmed or cancelled; it ends in one ticket or in none."""

from tests.dialogue.customer import OPEN, Customer, knows

TOLD = ("我要投诉", "快递员把杯子摔碎了，还骂人", "QH20260412345", "13800138000", "希望退款并且道歉")


def test_a_complaint_becomes_a_ticket(customer: Customer) -> None:
    summary = customer.says_all(*TOLD)
    for part in ("快递员把杯子摔碎了，还骂人", "QH20260412345", "13800138000", "希望退款并且道歉"):
        assert part in summary.text
    assert summary.commands == []
    answer = customer.says("对，提交吧")
    assert "{ticket}" in answer.text
    assert answer.commands == [
        {
            "command": "ticket.open",
            "kind": "complaint",
            "fields": {
                "what": "快递员把杯子摔碎了，还骂人",
                "order": "QH20260412345",
                "contact": "13800138000",
                "wish": "希望退款并且道歉",
            },
            "due_hours": 24,
        }
    ]
    assert answer.dialogue["loop"] is None
    assert not [slot for slot in answer.dialogue["slots"] if slot.startswith("complaint_")]


def test_in_english_too(english: Customer) -> None:
    english.says("I want to make a complaint")
    english.says("the courier threw my parcel over the fence")
    english.says("/deny")
    english.says("lee@example.com")
    assert "Shall I submit" in english.says("please send me a new one").text
    answer = english.says("yes, please")
    assert "within 24 hours" in answer.text
    assert answer.commands[0]["fields"]["contact"] == "lee@example.com"
    assert "order" not in answer.commands[0]["fields"]


def test_a_question_in_between_is_answered_and_the_same_thing_is_asked_again(customer: Customer) -> None:
    asked = customer.says_all(*TOLD[:2]).text
    answer = customer.says("请问退款多久到账？", knows("refunds-when", 0.96))
    assert answer.articles == ["refunds-when"]
    assert answer.text == asked
    assert customer.says("QH20260412345").dialogue["slots"]["requested_slot"] == "complaint_contact"


def test_what_happened_is_not_taken_for_a_question(customer: Customer) -> None:
    customer.says("我要投诉")
    answer = customer.says("收到的杯子是碎的", knows("damaged-items", 0.97))
    assert answer.articles == []
    assert answer.dialogue["slots"]["complaint_what"] == "收到的杯子是碎的"


def test_ten_interruptions_lose_nothing(customer: Customer) -> None:
    asked = customer.says_all(*TOLD[:3]).text
    for number in range(10):
        answer = customer.says("怎么退货？", knows(f"article-{number}"))
        assert answer.articles == [f"article-{number}"]
        assert answer.text == asked
        assert len(answer.dialogue["events"]) <= 8
    customer.says_all(*TOLD[3:])
    fields = customer.says("提交").commands[0]["fields"]
    assert fields["what"] == TOLD[1]
    assert fields["order"] == TOLD[2]


def test_a_wrong_phone_is_corrected_in_one_sentence(customer: Customer) -> None:
    customer.says_all(*TOLD)
    answer = customer.says("电话错了，是13912345678")
    assert "13912345678" in answer.text
    assert "13800138000" not in answer.text
    assert customer.says("是的").commands[0]["fields"]["contact"] == "13912345678"


def test_no_asks_what_is_wrong_and_takes_the_new_words(customer: Customer) -> None:
    customer.says_all(*TOLD)
    assert '/correct{"part":"wish"}' in customer.says("不对").payloads
    assert "希望" in customer.says('/correct{"part":"wish"}').text
    assert "换一个新的" in customer.says("换一个新的").text
    assert customer.says("/affirm").commands[0]["fields"]["wish"] == "换一个新的"


def test_the_wrong_part_may_be_named_in_words(customer: Customer) -> None:
    customer.says_all(*TOLD)
    customer.says("要修改")
    assert customer.says("订单写错了").dialogue["slots"]["requested_slot"] == "complaint_order"


def test_stop_cancels_and_opens_nothing(customer: Customer) -> None:
    customer.says_all(*TOLD)
    answer = customer.says("取消投诉")
    assert answer.commands == []
    assert "没有提交" in answer.text
    assert customer.says("我要投诉").dialogue["slots"]["requested_slot"] == "complaint_what"


def test_all_that_the_first_sentence_tells_is_not_asked_again(customer: Customer) -> None:
    answer = customer.says("我要投诉，QH20260412345这单快递员摔碎了我的杯子还骂人，电话13800138000")
    assert answer.dialogue["slots"]["requested_slot"] == "complaint_wish"


def test_a_contact_that_cannot_be_read_is_asked_once_more_and_then_left_out(customer: Customer) -> None:
    customer.says_all(*TOLD[:3])
    assert "没看懂" in customer.says("你猜猜").text
    assert customer.says("1381234").dialogue["slots"]["requested_slot"] == "complaint_wish"


def test_words_that_look_like_placeholders_stay_as_they_are(customer: Customer) -> None:
    customer.says("我要投诉")
    strange = "商品标价{price}，结账变成100[元]，{what}也不对"
    assert strange in customer.says_all(strange, "/deny", "/deny", "退款").text


def test_a_person_in_the_middle_of_a_complaint(customer: Customer) -> None:
    customer.says_all(*TOLD[:3])
    customer.desk = dict(OPEN)
    answer = customer.says("转人工")
    assert answer.commands == [{"command": "handoff.request", "reason": "complaint"}]
    assert answer.dialogue["loop"] is None


def test_a_button_of_another_flow_switches(customer: Customer) -> None:
    customer.says("我要投诉")
    answer = customer.says("/check_order")
    assert answer.dialogue["loop"]["name"] == "order_form"


def test_a_complaint_left_for_a_person_who_is_not_there_is_filed_as_far_as_it_was_told(customer: Customer) -> None:
    customer.says_all("我要投诉", "快递员把杯子摔碎了，还骂人", "QH20260412345")
    answer = customer.says("转人工")
    told = {"what": "快递员把杯子摔碎了，还骂人", "order": "QH20260412345"}
    assert [(command["kind"], command["fields"]) for command in answer.commands] == [("complaint", told)]
    assert "{ticket}" in answer.text
    assert answer.dialogue["slots"]["requested_slot"] == "callback_contact"
