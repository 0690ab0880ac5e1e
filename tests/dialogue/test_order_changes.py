"""Another address, cancelling: only before dispatch, and only when it is confirmed."""

from tests.dialogue.customer import Customer


def test_an_address_is_changed_once_it_is_confirmed(customer: Customer) -> None:
    customer.says_all("帮我改一下收货地址", "QH20260500009", "0009")
    assert "文三路1号" in customer.says("杭州市西湖区文三路1号 张三").text
    assert "改好了" in customer.says("确认").text
    assert "已经改过一次" in customer.says("再改一次收货地址").text


def test_an_address_that_is_none_is_asked_for_again(customer: Customer) -> None:
    customer.says_all("改地址", "QH20260402210", "0099")
    assert "不完整" in customer.says("在我家").text
    assert customer.says("好的").dialogue["slots"]["requested_slot"] == "new_address"
    assert "南京路5号" in customer.says("上海市黄浦区南京路5号").text
    assert "没有提交" in customer.says("取消").text


def test_what_has_left_is_told_at_once_and_a_person_offered(customer: Customer) -> None:
    answer = customer.says("QH20260412345尾号1234的收货地址写错了，帮我改地址")
    assert "已经发货" in answer.text
    assert "/ask_person" in answer.payloads


def test_an_order_is_cancelled_only_after_a_yes(customer: Customer) -> None:
    customer.says_all("我要取消订单", "QH20260500002", "0002")
    assert "没有提交" in customer.says("不取消了").text
    assert "确认取消吗" in customer.says("还是取消订单吧").text
    assert "已经取消" in customer.says("确认").text
    assert "正在原路退回" in customer.says("查一下退款进度").text


def test_in_english_too(english: Customer) -> None:
    english.says("please cancel my order QH20260500012, phone ending 0012")
    assert "is cancelled" in english.says("yes").text
    assert "cancelled already" in english.says("cancel my order").text


def test_how_far_a_refund_is_and_chasing_a_late_one(customer: Customer) -> None:
    late = customer.says_all("退款怎么还没到账", "QH20260500010", "0010")
    assert "让您久等了" in late.text
    assert "已经帮您催退款了" in customer.says("好的").text
    assert "已经催过" in customer.says("再催一下").text


def test_a_late_parcel_is_chased_at_a_tap(customer: Customer) -> None:
    assert "/urge" in customer.says_all("查快递", "QH20260408801", "8800").payloads
    assert "已经帮您催承运方了" in customer.says("/urge").text


def test_there_is_nothing_to_chase_about_what_has_arrived(customer: Customer) -> None:
    assert "没有需要催的" in customer.says_all("帮我催一下", "QH20260500005", "0005").text
