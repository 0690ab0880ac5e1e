"""Suggested replies: where they come from, insert, send, dismiss; stale ones vanish; Markdown."""

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import Site
from tests.web.desk_cast import (
    REPLY,
    answer,
    assist_of,
    claim_first,
    eventually,
    fill,
    reply,
    sent_by_agent,
    sign_in,
    suggestions,
)

PLAIN = "超过 72 小时没有更新，补发或全额退款由您选择。"


def test_each_says_where_it_comes_from_and_how_sure_it_is(site: Site, page: Page) -> None:
    fill(site.world)
    site.world.suggestions[1]["source"] |= {"kind": "macro", "title": "请客户稍等"}
    site.world.suggestions[2]["source"] |= {"kind": "answered", "title": "上周的类似问题", "conversation": "c17-x"}
    sign_in(page, site)
    claim_first(page)
    rows = suggestions(page)
    expect(rows).to_have_count(3)
    kinds = [row.locator(".kind").get_attribute("title") for row in rows.all()]
    assert kinds == ["知识条目", "常用语", "同事答过"]
    assert [row.locator(".sure").inner_text() for row in rows.all()] == ["把握 93%", "把握 41%", "把握 33%"]
    rows.first.get_by_role("button").first.click()
    expect(rows.first.locator("strong")).to_have_text("72 小时")


def test_one_is_inserted_in_plain_words_and_sent_with_its_formatting_and_its_article(site: Site, page: Page) -> None:
    talk = fill(site.world)[0]
    sign_in(page, site)
    claim_first(page)
    page.get_by_role("button", name="填入 物流一直不更新怎么办？").click()
    expect(page.get_by_label(REPLY)).to_have_value(PLAIN)
    expect(page.get_by_label(REPLY)).to_be_focused()
    page.get_by_label(REPLY).press("Enter")
    expect(page.get_by_role("log").locator("article").last.locator("strong")).to_have_text("72 小时")
    sent = sent_by_agent(page, talk)[-1]
    assert sent["text"] == site.world.suggestions[0]["text"]
    assert sent["article"] == {"id": "article-1", "version": 1, "title": "物流一直不更新怎么办？"}


def test_what_became_of_each_is_told_to_the_server(site: Site, page: Page) -> None:
    talk = fill(site.world)[0]
    asked = talk.events[3]["seq"]
    sign_in(page, site)
    claim_first(page)
    expect(suggestions(page)).to_have_count(3)
    page.get_by_role("button", name="不合适 退款多久到账？").click()
    expect(suggestions(page)).to_have_count(2)
    page.get_by_role("button", name="填入 怎么取消订单？").click()
    page.get_by_label(REPLY).press_sequentially(" 请您试试。")
    page.get_by_label(REPLY).press("Enter")
    sent_by_agent(page, talk)
    assist = assist_of(site.world)
    assert assist.outcomes == [
        {"for_seq": asked, "suggestion": "article-3@3", "outcome": "dismissed"},
        {"for_seq": asked, "suggestion": "article-2@2", "outcome": "inserted"},
    ]
    assert assist.messages[-1]["suggestion"] == {"id": "article-2@2", "for_seq": asked}


def test_one_is_sent_at_once(site: Site, page: Page) -> None:
    talk = fill(site.world)[0]
    sign_in(page, site)
    claim_first(page)
    page.get_by_role("button", name="直接发送 怎么取消订单？").click()
    sent = sent_by_agent(page, talk)[-1]
    assert sent["text"] == "发货前可以直接在 App 取消订单。"
    assert assist_of(site.world).messages[-1]["suggestion"]["id"] == "article-2@2"
    expect(page.get_by_text("已回复，客户来信后会给出新的建议")).to_be_visible()


def test_one_with_gaps_is_filled_in_before_it_is_sent(site: Site, page: Page) -> None:
    fill(site.world)
    asks = {"text": "请您提供{order_number}，我来核对。", "missing": ["order_number"]}
    site.world.suggestions = [reply(1, "问订单号", "", 0.8) | asks]
    sign_in(page, site)
    claim_first(page)
    row = suggestions(page).first
    expect(row).to_contain_text("有待填空")
    expect(row.get_by_role("button", name="直接发送")).to_have_count(0)
    page.keyboard.press("Alt+Shift+1")
    field = page.get_by_label(REPLY)
    expect(field).to_have_value("请您提供{order_number}，我来核对。")
    page.keyboard.type("订单号")
    expect(field).to_have_value("请您提供订单号，我来核对。")


def test_one_that_was_rewritten_is_no_longer_the_articles(site: Site, page: Page) -> None:
    talk = fill(site.world)[0]
    sign_in(page, site)
    claim_first(page)
    page.get_by_role("button", name="填入 怎么取消订单？").click()
    answer(page, "完全是我自己的话")
    expect(page.get_by_role("log").get_by_text("完全是我自己的话")).to_be_visible()
    assert "article" not in sent_by_agent(page, talk)[-1]


def test_they_vanish_when_the_customer_goes_on(site: Site, page: Page) -> None:
    talk = fill(site.world)[0]
    sign_in(page, site)
    claim_first(page)
    expect(page.get_by_text("把握 93%")).to_be_visible()
    site.world.suggestions = [reply(7, "怎么开发票？", "在订单详情里申请。", 0.88)]
    site.world.say(talk, "customer", "那发票呢")
    expect(page.get_by_text("把握 88%")).to_be_visible()
    expect(page.get_by_text("把握 93%")).to_have_count(0)


def test_an_answer_for_an_older_message_is_dropped_and_asked_for_again(site: Site, page: Page) -> None:
    talk = fill(site.world)[0]
    sign_in(page, site)
    claim_first(page)
    expect(suggestions(page)).to_have_count(3)
    assist_of(site.world).lag = 2
    site.world.say(talk, "customer", "那发票呢")
    expect(page.get_by_text("正在查找建议")).to_be_visible()
    expect(suggestions(page)).to_have_count(3)


def test_a_server_that_stays_behind_is_not_waited_for(site: Site, page: Page) -> None:
    talk = fill(site.world)[0]
    sign_in(page, site)
    claim_first(page)
    expect(suggestions(page)).to_have_count(3)
    assist_of(site.world).behind = 2
    site.world.say(talk, "customer", "那发票呢")
    expect(page.get_by_role("button", name="再找一次")).to_be_visible()
    assist_of(site.world).behind = 0
    page.get_by_role("button", name="再找一次").click()
    expect(suggestions(page)).to_have_count(3)


@pytest.mark.parametrize(
    ("abstained", "told"),
    [("nothing_fits", "没有合适的建议"), ("nothing_asked", "客户还没有提出问题")],
)
def test_an_abstention_says_why(site: Site, page: Page, abstained: str, told: str) -> None:
    fill(site.world)
    site.world.suggestions = []
    assist_of(site.world).abstained = abstained
    sign_in(page, site)
    claim_first(page)
    expect(page.get_by_text(told)).to_be_visible()


def test_a_knowledge_server_that_is_down_is_told_and_tried_again(site: Site, page: Page) -> None:
    fill(site.world)
    assist_of(site.world).unavailable = {"suggestions"}
    sign_in(page, site)
    claim_first(page)
    expect(page.get_by_text("知识库暂时无法使用")).to_be_visible()
    assist_of(site.world).unavailable = set()
    page.get_by_role("button", name="再找一次").click()
    expect(suggestions(page)).to_have_count(3)


def test_all_are_dismissed_with_one_key(site: Site, page: Page) -> None:
    fill(site.world)
    sign_in(page, site)
    claim_first(page)
    expect(suggestions(page)).to_have_count(3)
    page.keyboard.press("Alt+0")
    expect(suggestions(page)).to_have_count(0)
    eventually(page, lambda: len(assist_of(site.world).outcomes) == 3)


ARTICLE = """**满 72 小时**可以选：

1. **补发**同款商品；
2. 全额退款，见[退款规则](https://shop.example.com/refund)。

- 不用寄回
- 运费我们出"""
READ = """满 72 小时可以选：

1. 补发同款商品；
2. 全额退款，见退款规则 (https://shop.example.com/refund)。

- 不用寄回
- 运费我们出"""


def test_an_articles_markdown_is_plain_words_in_the_field(site: Site, page: Page) -> None:
    fill(site.world)
    site.world.suggestions = [reply(1, "规则", ARTICLE, 0.9)]
    sign_in(page, site)
    claim_first(page)
    expect(suggestions(page)).to_have_count(1)
    page.keyboard.press("Alt+1")
    expect(page.get_by_label(REPLY)).to_have_value(READ)


def test_lines_that_were_left_keep_their_formatting_and_typed_words_read_as_typed(site: Site, page: Page) -> None:
    talk = fill(site.world)[0]
    site.world.suggestions = [reply(1, "规则", ARTICLE, 0.9)]
    sign_in(page, site)
    claim_first(page)
    expect(suggestions(page)).to_have_count(1)
    page.keyboard.press("Alt+1")
    changed = READ.replace("- 运费我们出", "- 运费 2*3*4 元以内我们出")
    page.get_by_label(REPLY).fill(changed)
    page.get_by_label(REPLY).press("Enter")
    shown = page.get_by_role("log").locator("article").last
    expect(shown.locator("strong").first).to_have_text("满 72 小时")
    expect(shown.locator("a")).to_have_attribute("href", "https://shop.example.com/refund")
    expect(shown.locator("ul li").last).to_have_text("运费 2*3*4 元以内我们出")
    assert sent_by_agent(page, talk)[-1]["text"].startswith("**满 72 小时**")


@pytest.mark.parametrize(
    "typed",
    [
        "价格是 2*3*4 元，_不是_ 24 元",
        "# 五号楼\n> 三号门",
        "3. 先付款\n7. 再发货",
        "第一行\n===",
        "a | b\n--- | ---\n1 | 2",
        "**",
        "    四个空格",
        "`代码` 与 [链接](没有)",
        "C:\\temp\\*.txt",
        "1) 甲\n2) 乙",
    ],
)
def test_what_an_agent_types_is_what_the_customer_reads(site: Site, page: Page, typed: str) -> None:
    talk = fill(site.world)[0]
    sign_in(page, site)
    claim_first(page)
    answer(page, typed)
    sent_by_agent(page, talk)
    shown = page.get_by_role("log").locator("article").last.locator(".said")
    # Lists are drawn as lists: their numbers are not in the text.
    marked = "node => { for (const list of node.querySelectorAll('ol')) { let n = list.start;"
    numbered = f"{marked} for (const item of list.children) item.prepend(n++ + '.') }} return node.textContent }}"
    read = "".join(shown.evaluate(numbered).split())
    assert read == "".join(typed.replace(")", ".").split()) or read == "".join(typed.split())
