"""What may be kept for other conversations: nothing personal, nothing of one case only."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.assist.editing import kept
from desk.assist.learning import lessons
from desk.assist.lines import Line
from desk.assist.stripping import addresses, is_clean, strip
from reading import personal_data


@pytest.mark.parametrize(
    "personal",
    [
        "13822667719",
        "138 2266 7719",
        "１３８２２６６７７１９",
        "110101199003074514",
        "QH20260411902",
        "SF1381234567890",
        "王女士",
        "欧阳先生",
        "浙江省杭州市西湖区文三路478号华星时代广场3楼",
        "朝阳区建国路88号SOHO现代城A座1203室",
        "lily.zhang@example.com",
        "4111 1111 1111 1111",
        "[card *1234]",
    ],
)
def test_nothing_personal_is_left(personal: str) -> None:
    stripped = strip(f"您好，{personal}这边已经登记，请稍等")
    assert personal not in stripped
    assert "请稍等" in stripped
    assert is_clean(stripped)


@pytest.mark.parametrize(
    "text", ["1-3个工作日退回", "满300减40", "4月11日前", "400-000-0000", "退款128.50元", "2026年"]
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert strip(text) == text


@given(st.from_regex(r"1[3-9]\d{9}", fullmatch=True), st.sampled_from(["电话", "打", "我的号码是", ""]))
def test_no_mobile_number_survives(number: str, before: str) -> None:
    assert number not in strip(f"{before}{number}，谢谢")


@given(st.text(max_size=200))
def test_stripping_twice_changes_nothing_more(text: str) -> None:
    once = strip(text)
    assert strip(once) == once
    assert not [found for found in personal_data.find(once) if found.kind == personal_data.MOBILE]


def test_an_address_is_found_down_to_the_door() -> None:
    text = "寄到上海市青浦区盈港路1234弄5号楼602室，谢谢"
    assert [text[start:end] for start, end in addresses(text)] == ["寄到上海市青浦区盈港路1234弄5号楼602室"]


def case(*said: tuple[str, str]) -> list[Line]:
    return [Line(seq, speaker, text) for seq, (speaker, text) in enumerate(said, start=1)]  # type: ignore[arg-type]


GOOD = "保质期在瓶底和外盒侧面都有，开封后建议十二个月内用完。"


def test_a_general_answer_is_kept_with_what_it_answered() -> None:
    (lesson,) = lessons(case(("customer", "面霜的保质期在哪里看"), ("agent", GOOD)))
    assert (lesson.asked, lesson.reply, lesson.seq) == ("面霜的保质期在哪里看", GOOD, 2)


@pytest.mark.parametrize(
    "reply",
    [
        "好的，请稍等",
        "我这边看到您的包裹在杭州，请放心",
        "师傅今天下午两点前到您家里维修",
        "已经为您提交退款申请了，请留意",
        "退您128.50元到原支付账户",
        "请寄到浙江省杭州市西湖区文三路478号",
        "收件人电话13912345678，您联系一下",
    ],
)
def test_what_is_of_this_case_only_is_not_kept(reply: str) -> None:
    assert lessons(case(("customer", "我的快递和退款怎么样了"), ("agent", reply))) == []


def test_what_made_the_customer_angry_is_not_kept() -> None:
    said = case(("customer", "面霜的保质期在哪里看"), ("agent", GOOD), ("customer", "你们就是骗子，气死我了"))
    assert lessons(said) == []


def test_an_order_number_in_a_reply_becomes_a_slot() -> None:
    reply = "订单QH20260411902属于预售商品，按商品页的日期发出。"
    (lesson,) = lessons(case(("customer", "我预售的单子QH20260411902怎么不发货"), ("agent", reply)))
    assert lesson.reply == "订单{order_number}属于预售商品，按商品页的日期发出。"
    assert "QH2026" not in lesson.asked


def test_how_much_was_kept_of_a_suggestion() -> None:
    assert kept(GOOD, GOOD) == 1.0
    assert 0.5 < kept(GOOD, "您好，" + GOOD + "还有别的可以帮您吗？") < 1.0
    assert kept(GOOD, "请提供一下订单号") < 0.1
