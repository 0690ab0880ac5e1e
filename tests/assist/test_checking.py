"""Drafts read against the shipped rules."""

import json
import statistics
import time
from pathlib import Path

import pytest

from desk.assist.check_rules import BadRules, read_rules
from desk.assist.checking import Draft, Finding, check, stops
from desk.assist.filling import fill
from desk.assist.lines import Line
from knowledge_base.suggesting.shipped import read_macros

DEVELOPMENT = Path(__file__).with_name("development.jsonl")
FILLED = {"agent_name": "小林", "deadline": "明天18点", "order_number": "QH20260411902"}


def after(*said: str) -> list[Line]:
    """What was said; an agent's lines begin with `>`."""
    return [
        Line(seq, "agent" if text.startswith(">") else "customer", text.removeprefix(">"))
        for seq, text in enumerate(said, start=1)
    ]


def found(text: str, *said: str, verified: bool = False) -> dict[str, Finding]:
    return {one.rule: one for one in check(Draft(text, after(*said), verified), read_rules())}


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("nin", "你好，有什么可以帮您"),
        ("nin", "我們會聯繫你們的"),
        ("promise", "今天一定能送到"),
        ("promise", "我们保证明天到账"),
        ("promise", "It will definitely arrive tomorrow."),
        ("blame", "是您自己填错了地址"),
        ("blame", "这跟我们没有关系"),
        ("blame", "You should have checked the size."),
        ("cold", "这个不可能的"),
        ("cold", "Calm down, please."),
        ("elsewhere", "您加我微信，我私下给您处理"),
        ("asks_secret", "麻烦您把验证码发给我"),
        ("asks_secret", "Please tell me your verification code."),
        ("account_data", "您的可用额度是 12000 元"),
        ("personal_data", "收件人电话13812345678"),
        ("personal_data", "收件地址是浙江省杭州市西湖区文三路478号3楼"),
        ("unfilled", "您的订单{order_number}已经发出"),
    ],
)
def test_what_must_not_be_said_is_found(rule: str, text: str) -> None:
    assert rule in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "您好，请问有什么可以帮您？",
        "抱歉，具体时间没办法保证，我会尽快帮您跟进。",
        "请不要把验证码告诉任何人，包括客服。",
        "请寄到：上海市青浦区盈港路1234号退货仓库",
        "每 100 积分可抵 1 元。",
        "满300减40的券可以用。",
        "您可以在「我的订单」里申请。",
        "Please never tell anyone your verification code.",
    ],
)
def test_what_may_be_said_is_let_through(text: str) -> None:
    assert found(text) == {}


def test_a_better_sentence_is_offered_where_the_rule_can_make_one() -> None:
    assert found("你好，你的包裹到了。")["nin"].better == "您好，您的包裹到了。"
    assert found("放心，今天一定能送到。")["promise"].better == "放心，尽快送到。"
    assert found("您的手機號13812345678，你看下")["nin"].better == "您的手機號13812345678，您看下"
    assert found("我保证明天送到。")["promise"].better == "我尽快送到。"
    assert found("电话13812345678")["personal_data"].better == "电话138****5678"
    assert found("邮箱是 wang.li@example.com 吗")["personal_data"].better == "邮箱是 w****@example.com 吗"
    assert found("身份证 110101199003070134 对吗")["personal_data"].better == "身份证 **** 对吗"


def test_severity_says_what_stops() -> None:
    findings = check(Draft("你好，收件人电话13812345678，一定送到"), read_rules())
    assert [one.rule for one in stops(findings)] == ["personal_data"]
    assert findings[0].severity == "stop"  # what stops comes first


def test_whom_we_know_may_be_told_and_card_numbers_are_masked_even_so() -> None:
    assert found("您的可用额度是 12000 元", verified=True) == {}
    assert found("您登记的电话是13812345678", verified=True) == {}
    card = found("卡号4111 1111 1111 1111", verified=True)["personal_data"]
    assert (card.severity, card.better) == ("advise", "卡号****1111")


def test_what_the_customer_gave_may_be_repeated() -> None:
    assert found("您的手机是13812345678对吗", "我电话138 1234 5678") == {}
    assert "personal_data" in found("您的手机是13812345679对吗", "我电话138 1234 5678")


def test_an_angry_customer_is_soothed_before_the_matter() -> None:
    assert found("请提供订单号", "气死我了")["soothe_first"].span == (0, 0)
    assert "soothe_first" not in found("非常抱歉，请提供订单号", "气死我了")
    assert "soothe_first" not in found("请提供订单号", "气死我了", ">非常抱歉", "好吧，QH20260411902")
    assert "I am sorry" in (found("Your order number?", "this is a scam!!!")["soothe_first"].better or "")


def test_an_open_question_is_named() -> None:
    left = found("我帮您申请补发。", "补发要运费吗？多久能到？")["unanswered"]
    assert "多久能到" in left.why
    assert "unanswered" not in found("补发不收运费，2 到 4 天到。", "补发要运费吗？多久能到？")
    assert "unanswered" not in found("您好，在的。", "在吗？")


def test_a_long_sentence_is_cut_in_two() -> None:
    long = (
        "我这边已经看到您的订单目前处于运输当中，承运方反馈因为天气原因当地中转站积压较多，"
        "预计会在三天之内陆续恢复派送，如果超过七十二小时还没有更新的话您可以再联系我们"
    )
    better = found(long)["too_long"].better
    assert better is not None
    assert better.count("。") == 1
    assert better.replace("。", "，") == long


def test_every_shipped_macro_passes() -> None:
    for macro in read_macros():
        for language in ("zh-Hans", "zh-Hant", "en"):
            text = fill(macro.in_language(language)[1], FILLED).text
            assert found(text, "QH20260411902") == {}, (macro.id, language)


def test_good_agents_are_left_in_peace_and_nothing_takes_long() -> None:
    took, remarks, turns = [], 0, 0
    for row in DEVELOPMENT.read_text(encoding="utf-8").splitlines():
        said = json.loads(row)["turns"]
        lines = [Line(seq, turn["role"], turn["text"]) for seq, turn in enumerate(said, start=1)]
        for place, line in enumerate(lines):
            if line.speaker == "agent":
                began = time.perf_counter()
                remarks += bool(check(Draft(line.text, lines[:place]), read_rules()))
                took.append(time.perf_counter() - began)
                turns += 1
    assert turns > 60
    assert remarks / turns < 0.05
    assert statistics.median(took) < 0.02


def test_rules_of_the_companys_own_are_read_and_wrong_ones_named(tmp_path: Path) -> None:
    from desk.assist.check_rules import SHIPPED

    own = tmp_path / "own.yml"
    own.write_text(
        SHIPPED.read_text(encoding="utf-8").replace("id: nin\n    severity: advise", "id: nin\n    severity: stop")
    )
    assert check(Draft("你好"), read_rules(own))[0].severity == "stop"
    broken = tmp_path / "broken.yml"
    broken.write_text(own.read_text().replace("severity: stop", "severity: deadly", 1))
    with pytest.raises(BadRules, match="deadly"):
        read_rules(broken)
