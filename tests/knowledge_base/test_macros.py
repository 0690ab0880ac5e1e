"""Macros: what ships, what is refused, when one may be used."""

import pytest

from knowledge_base.suggesting.macro import SLOTS, BadMacro, parse_macro
from knowledge_base.suggesting.moment import Moment
from knowledge_base.suggesting.shipped import read_macros

GOOD = {
    "id": "ask-order-number",
    "title": {"zh-Hans": "请提供订单号", "en": "Order number"},
    "text": {"zh-Hans": "麻烦您发一下订单号[[，{customer_name}]]。", "en": "Your order number please."},
    "asked": {"zh-Hans": ["帮我查订单"], "en": ["check my order"]},
    "when": {"lacks": ["order_number"], "topics": ["orders"], "lift": 1.0},
}


def changed(**fields: object) -> dict:
    return {**GOOD, **fields}


def test_many_macros_ship_in_both_languages_and_in_traditional_characters() -> None:
    macros = read_macros()
    assert len(macros) >= 40
    for macro in macros:
        assert all(macro.in_language(language)[1] for language in ("zh-Hans", "zh-Hant", "en"))
        assert "你" not in macro.text["zh-Hans"], macro.id
    greet = next(macro for macro in macros if macro.id == "greet")
    assert "為您" in greet.in_language("zh-Hant")[1]


def test_a_macro_reads_back_as_it_was_written() -> None:
    macro = parse_macro(GOOD)
    assert parse_macro(macro.as_json()) == macro


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (changed(id="Ask Order"), "id"),
        (changed(text={"zh-Hans": "请发{order}", "en": "x"}), "unknown slot {order}"),
        (changed(text={"zh-Hans": "请[[发", "en": "x"}), "[["),
        (changed(text={"zh-Hans": "只有中文"}), "text"),
        (changed(asked={}), "asked"),
        (changed(when={"mood": ["furious"]}), "when.mood"),
        (changed(when={"lift": 40}), "when.lift"),
        (changed(when={"needs": ["order"]}), "when.needs"),
        (changed(when={"always": True}), "when"),
    ],
)
def test_what_is_no_macro_is_refused_by_the_name_of_its_field(wrong: dict, says: str) -> None:
    with pytest.raises(BadMacro) as refused:
        parse_macro(wrong)
    assert says in str(refused.value)


def test_who_told_the_order_number_is_not_asked_for_it_again() -> None:
    when = parse_macro(GOOD).when
    assert when.allows(Moment(("查订单",)))
    assert not when.allows(Moment(("查订单",), known=frozenset({"order_number"})))


def test_a_moment_lifts_by_its_topic_as_far_as_that_is_likely() -> None:
    when = parse_macro(GOOD).when
    moment = Moment(("查订单",))
    assert when.lifted(moment, {"orders": 0.5, "card": 0.5}) == 0.5
    assert when.lifted(moment, {"card": 0.9}) == 0.0


def test_a_greeting_is_for_the_first_word_of_an_agent() -> None:
    when = parse_macro(changed(when={"first": True, "mood": ["calm"], "lift": 2.0})).when
    assert when.allows(Moment(("在吗",), first=True))
    assert not when.allows(Moment(("在吗",), first=False))
    assert not when.allows(Moment(("在吗",), first=True, mood="angry"))


def test_slots_of_the_shipped_macros_are_known() -> None:
    assert {"order_number", "customer_name", "agent_name"} <= SLOTS
