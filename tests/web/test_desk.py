"""An agent and the desk page: who waits, claim, reply, release, close, suggestions, tickets, presence."""

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import BrowserContext, Page, expect

from tests.web.conftest import Site
from tests.web.desk_cast import fill, reply, sign_in, waiting_customer
from tests.web.scripted_desk import PASSWORD
from tests.web.scripted_world import Talk

REPLY = "回复内容"


def claim_first(page: Page) -> None:
    page.get_by_role("button", name="接入").first.click()
    expect(page.get_by_label(REPLY)).to_be_focused()


def sent_by_agent(page: Page, talk: Talk, count: int = 1) -> list[dict[str, Any]]:
    """What the server has of the agent, once it has `count`: the page shows an answer before it has arrived there."""
    for _ in range(250):
        sent = [event for event in talk.events if event["author"]["role"] == "agent"]
        if len(sent) >= count:
            return sent
        page.wait_for_timeout(20)
    raise AssertionError(f"of {count} answers {len(sent)} arrived")


def transcript(page: Page) -> list[str]:
    return page.get_by_role("log").locator("article .said").all_inner_texts()


def answer(page: Page, text: str) -> None:
    page.get_by_label(REPLY).fill(text)
    page.get_by_label(REPLY).press("Enter")


def test_a_wrong_password_is_told_and_the_right_one_opens_the_desk(site: Site, page: Page) -> None:
    page.goto(f"{site.url}/desk")
    expect(page.get_by_label("账号")).to_be_focused()
    page.get_by_label("账号").fill("lin")
    page.get_by_label("密码").fill("wrong")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_have_text("账号或密码不正确。")
    page.get_by_label("密码").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_text("暂无客户等待")).to_be_visible()
    page.get_by_role("button", name="退出登录").click()
    expect(page.get_by_label("账号")).to_be_visible()


def test_who_waits_is_shown_with_reason_language_and_since_when(site: Site, page: Page) -> None:
    fill(site.world)
    sign_in(page, site)
    waiting = page.get_by_role("region", name="会话列表").get_by_role("listitem")
    expect(waiting).to_have_count(3)
    expect(waiting.nth(1)).to_contain_text("投诉")
    expect(waiting.nth(1)).to_contain_text("I was charged twice")
    expect(waiting.nth(1)).to_contain_text("EN")
    expect(waiting.nth(1).get_by_label(re.compile(r"已等待 \d:\d\d"))).to_be_visible()
    expect(page).to_have_title("(3) 值班台")


def test_a_new_customer_appears_by_itself(site: Site, page: Page) -> None:
    sign_in(page, site)
    expect(page.get_by_text("暂无客户等待")).to_be_visible()
    waiting_customer(site.world, "u9", "有人吗")
    expect(page.get_by_role("listitem").get_by_role("button", name="有人吗").first).to_be_visible()
    expect(page).to_have_title("(1) 值班台")


def test_an_agent_claims_answers_and_hears_back(site: Site, page: Page) -> None:
    talk = fill(site.world)[0]
    sign_in(page, site)
    claim_first(page)
    assert (talk.state, talk.holder) == ("person", "lin")
    answer(page, "您好，我在。")
    expect(page.get_by_role("log").get_by_text("您好，我在。")).to_be_visible()
    site.world.say(talk, "customer", "太好了")
    expect(page.get_by_role("log").get_by_text("太好了")).to_be_visible()
    assert transcript(page)[-2:] == ["您好，我在。", "太好了"]
    assert [event["text"] for event in sent_by_agent(page, talk)] == ["您好，我在。"]


def test_the_second_agent_is_told_who_was_faster(site: Site, page: Page) -> None:
    talk = fill(site.world)[0]
    sign_in(page, site)
    page.get_by_text("要求人工").first.click()
    expect(page.get_by_text("接入后，智能客服不再发言")).to_be_visible()
    # As in a race: the other one was faster and we have not heard of it.
    talk.state, talk.holder = "person", "wang"
    page.get_by_role("button", name="接入").first.click()
    expect(page.get_by_text("wang 已先接入这个会话。")).to_be_visible()
    expect(page.get_by_role("region", name="会话列表").get_by_role("listitem")).to_have_count(2)
    expect(page.get_by_label(REPLY)).to_have_count(0)


def test_a_double_click_on_claim_takes_one_customer(site: Site, page: Page) -> None:
    fill(site.world)
    sign_in(page, site)
    page.get_by_role("button", name="接入").first.dblclick()
    expect(page.get_by_label(REPLY)).to_be_visible()
    expect(page.get_by_role("region", name="会话列表").get_by_role("heading", name="等待接入")).to_contain_text("2")
    assert [talk.holder for talk in site.world.talks.values()] == ["lin", None, None]


def test_a_reply_to_a_conversation_that_moved_on_is_kept_and_explained(site: Site, page: Page) -> None:
    talk = fill(site.world)[0]
    sign_in(page, site)
    claim_first(page)
    talk.epoch += 1
    answer(page, "我的回复")
    expect(page.get_by_text("会话状态刚刚变了")).to_be_visible()
    expect(page.get_by_text("未发送")).to_be_visible()
    page.get_by_role("button", name="重试").click()
    expect(page.get_by_text("未发送")).to_have_count(0)
    assert transcript(page)[-1] == "我的回复"
    sent = sent_by_agent(page, talk)
    assert [event["text"] for event in sent] == ["我的回复"]


def test_an_unsent_reply_can_be_put_back_into_the_field(site: Site, page: Page) -> None:
    talk = fill(site.world)[0]
    sign_in(page, site)
    claim_first(page)
    talk.epoch += 1
    answer(page, "我的回复")
    page.get_by_role("button", name="放回输入框").click()
    expect(page.get_by_label(REPLY)).to_have_value("我的回复")
    expect(page.get_by_text("未发送")).to_have_count(0)


def test_releasing_gives_the_customer_back_to_the_bot(site: Site, page: Page) -> None:
    talk = fill(site.world)[0]
    sign_in(page, site)
    claim_first(page)
    page.get_by_role("button", name="交还智能客服").click()
    expect(page.get_by_text("您还没有接入会话")).to_be_visible()
    expect(page.get_by_label(REPLY)).to_have_count(0)
    assert talk.state == "bot"


def test_closing_asks_first(site: Site, page: Page) -> None:
    talk = fill(site.world)[0]
    sign_in(page, site)
    claim_first(page)
    page.get_by_role("button", name="结束会话").click()
    dialog = page.get_by_role("dialog", name="结束这个会话？")
    dialog.get_by_role("button", name="取消").click()
    assert talk.state == "person"
    page.get_by_role("button", name="结束会话").click()
    dialog.get_by_role("button", name="结束会话").click()
    expect(page.get_by_role("region", name="会话", exact=True).get_by_text("会话已结束").first).to_be_visible()
    assert talk.state == "closed"


def test_a_suggestion_is_inserted_or_sent_with_its_article(site: Site, page: Page) -> None:
    talk = fill(site.world)[0]
    sign_in(page, site)
    claim_first(page)
    page.get_by_role("button", name="填入 物流一直不更新怎么办？").click()
    expect(page.get_by_label(REPLY)).to_have_value(site.world.suggestions[0]["text"])
    page.get_by_label(REPLY).press("Enter")
    expect(page.get_by_role("log").get_by_text("来源：物流一直不更新怎么办？")).to_have_count(2)
    sent = sent_by_agent(page, talk)[-1]
    assert sent["article"] == {"id": "article-1", "version": 1, "title": "物流一直不更新怎么办？"}


def test_a_suggestion_that_was_rewritten_is_no_longer_the_articles(site: Site, page: Page) -> None:
    talk = fill(site.world)[0]
    sign_in(page, site)
    claim_first(page)
    page.get_by_role("button", name="填入 怎么取消订单？").click()
    answer(page, "完全是我自己的话")
    expect(page.get_by_role("log").get_by_text("完全是我自己的话")).to_be_visible()
    assert "article" not in sent_by_agent(page, talk)[-1]


def test_suggestions_follow_the_customers_latest_message(site: Site, page: Page) -> None:
    talk = fill(site.world)[0]
    sign_in(page, site)
    claim_first(page)
    expect(page.get_by_text("把握 93%")).to_be_visible()
    site.world.suggestions = [reply(7, "怎么开发票？", "在订单详情里申请。", 0.88)]
    site.world.say(talk, "customer", "那发票呢")
    expect(page.get_by_text("把握 88%")).to_be_visible()
    expect(page.get_by_text("把握 93%")).to_have_count(0)


def test_the_knowledge_base_can_be_searched(site: Site, page: Page) -> None:
    fill(site.world)
    sign_in(page, site)
    claim_first(page)
    page.get_by_role("searchbox").fill("发票")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="填入 怎么开发票？").click()
    expect(page.get_by_label(REPLY)).to_have_value("在 App 的订单详情里申请。")
    page.get_by_role("searchbox").fill("没有的词")
    page.keyboard.press("Enter")
    expect(page.get_by_text("没有找到相关知识条目")).to_be_visible()


def test_nothing_is_lost_when_the_stream_breaks(site: Site, page: Page) -> None:
    talk = fill(site.world)[0]
    sign_in(page, site)
    claim_first(page)
    desk = site.world.desk
    desk.end_streams()
    streams, desk.streams = desk.streams, []  # said while nobody listens
    for word in ("一", "二", "三"):
        site.world.say(talk, "customer", word)
    desk.streams = streams
    expect(page.get_by_role("log").get_by_text("三", exact=True)).to_be_visible(timeout=10_000)
    assert transcript(page)[-3:] == ["一", "二", "三"]


def test_a_reload_comes_back_to_the_same_conversation(site: Site, page: Page) -> None:
    fill(site.world)
    sign_in(page, site)
    claim_first(page)
    answer(page, "马上看")
    expect(page.get_by_role("log").get_by_text("马上看")).to_be_visible()
    page.reload()
    expect(page.get_by_role("log").get_by_text("马上看")).to_be_visible()
    expect(page.get_by_label(REPLY)).to_be_visible()


def test_unread_messages_of_another_conversation_are_counted(site: Site, page: Page) -> None:
    first, second, _third = fill(site.world)
    sign_in(page, site)
    claim_first(page)
    site.world.change(second, "person", "claimed", holder="lin")
    page.get_by_role("button", name="I was charged twice").first.click()
    expect(page.get_by_role("log").get_by_text("I was charged twice")).to_be_visible()
    site.world.say(first, "customer", "还在吗")
    mine = page.get_by_role("button", name="还在吗")
    expect(mine).to_contain_text("1 条未读")
    expect(page).to_have_title("(2) 值班台")
    mine.click()
    expect(mine).not_to_contain_text("条未读")


def test_an_agent_who_reads_further_up_is_not_pulled_down(site: Site, page: Page) -> None:
    talk = fill(site.world)[0]
    sign_in(page, site)
    claim_first(page)
    for number in range(20):
        site.world.say(talk, "customer", f"第 {number} 句")
    log = page.get_by_role("log")
    expect(log.get_by_text("第 19 句")).to_be_in_viewport()
    log.evaluate("node => { node.scrollTop = 0 }")
    site.world.say(talk, "customer", "新的一句")
    page.get_by_role("button", name="看最新消息").click()
    expect(log.get_by_text("新的一句")).to_be_in_viewport()


def test_drafts_stay_with_their_conversation(site: Site, page: Page) -> None:
    fill(site.world)
    sign_in(page, site)
    claim_first(page)
    page.get_by_label(REPLY).fill("给第一位的草稿")
    page.get_by_text("I was charged twice").first.click()
    expect(page.get_by_label(REPLY)).to_have_count(0)
    page.get_by_role("button", name="转人工").first.click()
    expect(page.get_by_label(REPLY)).to_have_value("给第一位的草稿")


def test_tickets_are_worked_on_and_a_colleagues_change_is_told(site: Site, page: Page) -> None:
    fill(site.world)
    sign_in(page, site)
    page.get_by_role("tab", name="工单").click()
    page.get_by_role("button", name="T17-42").click()
    expect(page.get_by_text("QH20260412345")).to_be_visible()
    page.get_by_label("备注").fill("已联系仓库")
    page.get_by_role("button", name="开始处理").click()
    expect(page.get_by_role("button", name="T17-42")).to_contain_text("处理中")
    expect(page.get_by_text("已联系仓库")).to_be_visible()
    site.world.tickets[0]["version"] += 1
    page.get_by_role("button", name="完成", exact=True).click()
    expect(page.get_by_text("同事刚刚更新了这张工单")).to_be_visible()
    page.get_by_role("button", name="完成", exact=True).click()
    expect(page.get_by_role("button", name="T17-42")).to_contain_text("已完成")
    page.get_by_role("button", name="已完成", exact=True).click()
    expect(page.get_by_role("button", name="T17-42")).to_be_visible()


def test_presence_is_told_at_sign_in_and_can_be_switched(site: Site, page: Page) -> None:
    sign_in(page, site)
    switch = page.get_by_role("switch", name="在岗状态")
    expect(switch).to_be_checked()
    expect(page.get_by_text("服务时间内，1 人在岗")).to_be_visible()
    switch.click()
    expect(page.get_by_text("服务时间内，无人在岗")).to_be_visible()
    assert site.world.presence[-1] is False
    page.reload()
    expect(page.get_by_role("switch")).not_to_be_checked()


def test_presence_is_repeated_while_the_page_is_open(site: Site, page: Page) -> None:
    page.clock.install()
    sign_in(page, site)
    for _ in range(3):
        with page.expect_response("**/v1/desk/presence"):
            page.clock.run_for(21_000)
    assert site.world.presence[-3:] == [True, True, True]


def test_the_keyboard_does_it_all(site: Site, page: Page) -> None:
    talks = fill(site.world)
    sign_in(page, site)
    expect(page.get_by_role("region", name="会话列表").get_by_role("listitem")).to_have_count(3)
    page.keyboard.press("Alt+j")
    expect(page.get_by_role("log").get_by_text("正在为您转接人工客服")).to_be_visible()
    page.keyboard.press("Alt+c")
    expect(page.get_by_label(REPLY)).to_be_focused()
    expect(page.get_by_text("把握 41%")).to_be_visible()
    page.keyboard.press("Alt+2")
    expect(page.get_by_label(REPLY)).to_have_value("发货前可以直接在 App 取消订单。")
    page.keyboard.press("Enter")
    expect(page.get_by_role("log").get_by_text("发货前可以直接在 App 取消订单。")).to_be_visible()
    page.keyboard.press("Alt+s")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.press("Alt+m")
    expect(page.get_by_label(REPLY)).to_be_focused()
    page.keyboard.press("Alt+r")
    expect(page.get_by_label(REPLY)).to_have_count(0)
    assert talks[0].state == "bot"
    page.keyboard.press("Alt+Slash")
    expect(page.get_by_role("dialog", name="快捷键")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_enter_while_an_input_method_composes_does_not_send(site: Site, page: Page) -> None:
    talk = fill(site.world)[0]
    sign_in(page, site)
    claim_first(page)
    keys = page.context.new_cdp_session(page)
    keys.send("Input.imeSetComposition", {"text": "nin hao", "selectionStart": 7, "selectionEnd": 7})
    keys.send(
        "Input.dispatchKeyEvent", {"type": "rawKeyDown", "key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 13}
    )
    keys.send("Input.insertText", {"text": "您好"})
    page.get_by_label(REPLY).press("Enter")
    expect(page.get_by_role("log").get_by_text("您好", exact=True)).to_be_visible()
    assert [event["text"] for event in sent_by_agent(page, talk)] == ["您好"]


def test_a_customers_markup_stays_text_and_a_suggestions_is_cleaned(site: Site, page: Page) -> None:
    talk = fill(site.world)[0]
    hostile = '<img src=x onerror="window.hacked=1"> [a](javascript:window.hacked=1)'
    site.world.suggestions = [reply(1, hostile, hostile, 0.9)]
    site.world.say(talk, "customer", hostile)
    sign_in(page, site)
    claim_first(page)
    expect(page.get_by_text("把握 90%")).to_be_visible()
    assert transcript(page)[-1] == hostile
    assert page.locator("img").count() == 0
    assert page.locator("a[href^='javascript']").count() == 0
    assert page.evaluate("window.hacked") is None


def test_on_a_phone_one_pane_is_shown_at_a_time(site: Site, new_context: Callable[..., BrowserContext]) -> None:
    fill(site.world)
    page = new_context(viewport={"width": 360, "height": 780}).new_page()
    sign_in(page, site)
    claim_first(page)
    tabs = page.get_by_role("navigation")
    tabs.get_by_role("button", name="建议回复").click()
    page.get_by_role("button", name="填入 退款多久到账？").click()
    expect(page.get_by_label(REPLY)).to_have_value("验货通过后 1-3 个工作日原路退回。")
    page.get_by_role("button", name="返回列表").click()
    expect(page.get_by_role("region", name="会话列表")).to_be_visible()


def test_the_desk_changes_language_and_theme_and_remembers_both(site: Site, page: Page) -> None:
    sign_in(page, site)
    page.get_by_role("button", name="Switch to English").click()
    expect(page.get_by_text("Nobody is waiting")).to_be_visible()
    page.get_by_role("button", name="Switch to dark").click()
    page.reload()
    expect(page.get_by_text("Nobody is waiting")).to_be_visible()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_a_session_that_ended_leads_back_to_the_sign_in(site: Site, page: Page) -> None:
    fill(site.world)
    sign_in(page, site)
    page.context.clear_cookies()
    waiting_customer(site.world, "u9", "有人吗")
    expect(page.get_by_label("账号")).to_be_visible()
