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
    assert '/correct{"part":"complaint_wish"}' in customer.says("不对").payloads
    assert "希望" in customer.says('/correct{"part":"complaint_wish"}').text
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


def test_a_complaint_that_was_interrupted_is_offered_again_and_goes_on_where_it_was(customer: Customer) -> None:
    customer.says_all("我要投诉", "快递员把杯子摔碎了，还骂人")
    assert customer.says("/check_order").dialogue["loop"]["name"] == "order_form"
    answer = customer.says("QH20260412345，1234")
    assert answer.payloads[-2:] == ["/complain", "/deny"]
    assert customer.says("好的").dialogue["slots"]["requested_slot"] == "complaint_order"
    customer.says_all("没有", "13800138000", "道歉")
    assert customer.says("提交").commands[0]["fields"]["what"] == "快递员把杯子摔碎了，还骂人"


def test_what_is_not_taken_up_again_is_forgotten(customer: Customer) -> None:
    customer.says_all("我要投诉", "快递员把杯子摔碎了，还骂人", "/check_order", "QH20260412345，1234", "不用了")
    assert "complaint_what" not in customer.says("你好").dialogue["slots"]


def test_courtesies_are_not_taken_for_the_wish(customer: Customer) -> None:
    customer.says_all(*TOLD[:4])
    for said in ("是的", "好的谢谢"):
        assert customer.says(said).dialogue["slots"]["requested_slot"] == "complaint_wish"


def test_who_never_wanted_to_complain_is_let_go(customer: Customer) -> None:
    customer.says("我要投诉")
    assert customer.says("啊不是，我不是要投诉").dialogue["loop"] is None


def test_what_was_told_before_the_complaint_is_taken_from_there(customer: Customer) -> None:
    customer.says_all("我的耳机坏了，一个耳朵没声音，客服三天不回复", "我要投诉")
    answer = customer.says("我上面已经说了")
    assert answer.dialogue["slots"]["complaint_what"] == "我的耳机坏了，一个耳朵没声音，客服三天不回复"


def test_how_far_it_is_before_it_was_submitted(customer: Customer) -> None:
    customer.says_all(*TOLD)
    answer = customer.says("我的投诉处理得怎么样了")
    assert "还没有提交" in answer.text
    assert answer.dialogue["slots"]["requested_slot"] == "complaint_confirmed"
    assert customer.says("提交").commands


def test_an_order_that_cannot_be_read_is_taken_as_it_is_and_that_is_said(customer: Customer) -> None:
    customer.says_all(*TOLD[:2])
    assert "不完整" in customer.says("12345").text
    assert "先照您写的记下" in customer.says("就是12345").text


def test_the_order_that_was_looked_up_is_the_one_that_is_complained_about(customer: Customer) -> None:
    customer.says_all("查订单", "QH20260412345", "1234", "我要投诉")
    answer = customer.says("快递员把杯子摔碎了")
    assert answer.dialogue["slots"]["requested_slot"] == "complaint_contact"


def test_a_complaint_left_for_a_person_who_is_not_there_is_filed_as_far_as_it_was_told(customer: Customer) -> None:
    customer.says_all("我要投诉", "快递员把杯子摔碎了，还骂人", "QH20260412345")
    answer = customer.says("转人工")
    told = {"what": "快递员把杯子摔碎了，还骂人", "order": "QH20260412345"}
    assert [(command["kind"], command["fields"]) for command in answer.commands] == [("complaint", told)]
    assert "{ticket}" in answer.text
    assert answer.dialogue["slots"]["requested_slot"] == "callback_contact"
