"""The situation: what nobody has answered, and what is known."""

from desk.assist.filling import fill, unfilled
from desk.assist.lines import Line
from desk.assist.replies import for_agents, values_of
from desk.assist.situation import read_situation
from reading.mood import Mood


def lines(*said: tuple[str, str]) -> list[Line]:
    return [Line(seq, speaker, text) for seq, (speaker, text) in enumerate(said, start=1)]  # type: ignore[arg-type]


def test_everything_since_the_last_answer_is_to_be_answered() -> None:
    found = read_situation(
        lines(("customer", "在吗"), ("agent", "在的"), ("customer", "退款呢"), ("customer", "QH20260411902"))
    )
    assert (found.asked, found.before, found.for_seq) == (("退款呢", "QH20260411902"), ("在吗",), 4)
    assert (found.first, found.gave) == (False, {"order_number"})


def test_an_article_of_the_bot_is_an_answer_and_small_talk_is_none() -> None:
    said = lines(("customer", "退款多久"), ("bot", "请稍候"), ("customer", "转人工"))
    assert read_situation(said).asked == ("退款多久", "转人工")
    given = [said[0], Line(2, "bot", "1-3 天", article="refunds-time"), said[2]]
    assert (read_situation(given).asked, read_situation(given).articles) == (("转人工",), ("refunds-time",))


def test_buttons_are_not_words() -> None:
    said = [Line(1, "customer", "查订单", payload="/check_order"), Line(2, "customer", "还没到")]
    assert read_situation(said).asked == ("还没到",)


def test_after_the_bot_spoke_again_an_agent_is_the_first() -> None:
    said = lines(("agent", "您好"), ("customer", "好"), ("bot", "我是智能客服"), ("customer", "转人工"))
    assert read_situation(said).first
    assert not read_situation([*said, Line(9, "agent", "您好"), Line(10, "customer", "嗯")]).first


def test_the_mood_is_the_worst_of_what_is_unanswered() -> None:
    said = lines(("customer", "气死我了"), ("agent", "抱歉"), ("customer", "好吧"))
    assert read_situation(said).mood is Mood.CALM
    assert read_situation(said[:1]).mood is Mood.ANGRY


def test_slots_that_the_bot_filled_are_known_and_the_customers_own_count_more() -> None:
    known = {"order_number": "QH20260400001", "phone_tail": "1234"}
    found = read_situation(lines(("customer", "不是那单，是QH20260411902")), known)
    assert found.facts["order_number"].value == "QH20260411902"
    assert (found.facts["phone_tail"].value, found.facts["phone_tail"].seq) == ("1234", None)


def test_slots_are_filled_and_what_nobody_knows_is_named() -> None:
    text = "您好[[，{customer_name}]]，订单{order_number}预计{deadline}到。"
    filled = fill(text, {"order_number": "QH1"})
    assert (filled.text, filled.missing) == ("您好，订单QH1预计{deadline}到。", ("deadline",))
    assert [filled.text[start:end] for start, end in unfilled(filled.text)] == ["{deadline}"]
    assert fill(text, {"customer_name": "王芳", "order_number": "1", "deadline": "明天"}).missing == ()


def test_a_phone_is_shown_with_its_middle_hidden_and_a_bare_surname_is_no_name() -> None:
    facts = read_situation(lines(("customer", "我姓王，电话13912345678"))).facts
    values = values_of(facts, "小林")
    assert (values["phone_masked"], values["agent_name"]) == ("139****5678", "小林")
    assert "customer_name" not in values


def test_an_article_as_an_agent_sends_it_does_not_speak_of_the_bot() -> None:
    text = "**1-3 个工作日退款**。\n- 在「我的订单」里看。\n\n没到账，请回复「转人工」并提供订单号。"
    assert for_agents(text) == "**1-3 个工作日退款**。\n- 在「我的订单」里看。"
    assert for_agents('It takes 3 days. Still nothing? Reply "agent".') == "It takes 3 days. Still nothing?"
