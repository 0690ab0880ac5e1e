"""A conversation at the desk: taken, answered, passed on, given back, closed; and nothing jumps or gets lost."""

from playwright.sync_api import Page, expect

from tests.web.conftest import Site
from tests.web.desk_cast import (
    REPLY,
    answer,
    claim_first,
    desk_of,
    eventually,
    fill,
    reply,
    sent_by_agent,
    sign_in,
    suggestions,
    transcript,
)


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


def test_closing_without_a_wrap_up_asks_first(site: Site, page: Page) -> None:
    talk = fill(site.world)[0]
    sign_in(page, site)
    claim_first(page)
    page.get_by_role("button", name="结束会话").click()
    dialog = page.get_by_role("dialog", name="不写小结，直接结束？")
    dialog.get_by_role("button", name="取消").click()
    assert talk.state == "person"
    page.get_by_role("button", name="结束会话").click()
    dialog.get_by_role("button", name="结束会话").click()
    expect(page.get_by_text("您还没有接入会话")).to_be_visible()
    assert talk.state == "closed"


def test_a_conversation_goes_to_a_colleague_with_a_note(site: Site, page: Page) -> None:
    talk = fill(site.world)[0]
    sign_in(page, site)
    claim_first(page)
    page.get_by_role("button", name="转接").click()
    dialog = page.get_by_role("dialog", name="转接这个会话")
    dialog.get_by_label("王主管").check()
    dialog.get_by_label("给同事的留言").fill("已答应今天回电")
    dialog.get_by_role("button", name="转接").click()
    expect(page.get_by_text("已转接，客户不用再说一遍")).to_be_visible()
    assert desk_of(site.world).transfers == [{"to": {"agent": "wang"}, "note": "已答应今天回电"}]
    assert talk.state == "waiting"
    # Whoever takes it next reads the note, and knows where it came from.
    row = page.locator(".waits", has_text="转人工")
    expect(row).to_contain_text("lin 转来：已答应今天回电")
    row.get_by_role("button").first.click()
    expect(page.get_by_role("log").get_by_text("已答应今天回电")).to_be_visible()


def test_a_conversation_goes_to_those_with_a_skill_or_back_to_the_queue(site: Site, page: Page) -> None:
    fill(site.world)
    sign_in(page, site)
    claim_first(page)
    page.keyboard.press("Alt+x")
    dialog = page.get_by_role("dialog", name="转接这个会话")
    dialog.get_by_label("退款").check()
    dialog.get_by_label("给同事的留言").press("Control+Enter")
    expect(dialog).to_have_count(0)
    page.locator(".waits", has_text="转人工").locator("button.claim").click()
    expect(page.get_by_label(REPLY)).to_be_visible()
    page.keyboard.press("Alt+x")
    expect(dialog.get_by_label("回到队列最前面")).to_be_checked()
    dialog.get_by_role("button", name="转接").click()
    expect(dialog).to_have_count(0)
    assert desk_of(site.world).transfers == [{"to": {"category": "refunds"}}, {}]


def test_a_colleague_who_has_just_left_is_told_and_the_note_is_kept(site: Site, page: Page) -> None:
    talk = fill(site.world)[0]
    sign_in(page, site)
    claim_first(page)
    page.keyboard.press("Alt+x")
    dialog = page.get_by_role("dialog", name="转接这个会话")
    dialog.get_by_label("王主管").check()
    dialog.get_by_label("给同事的留言").fill("很急")
    desk_of(site.world).away = {"wang"}
    dialog.get_by_role("button", name="转接").click()
    expect(dialog.get_by_role("alert")).to_contain_text("这位同事刚刚离岗了")
    expect(dialog.get_by_label("给同事的留言")).to_have_value("很急")
    assert talk.state == "person"


def test_a_reload_comes_back_to_the_same_conversation_and_draft(site: Site, page: Page) -> None:
    fill(site.world)
    sign_in(page, site)
    claim_first(page)
    answer(page, "马上看")
    expect(page.get_by_role("log").get_by_text("马上看")).to_be_visible()
    page.get_by_label(REPLY).fill("还没写完")
    page.reload()
    expect(page.get_by_role("log").get_by_text("马上看")).to_be_visible()
    expect(page.get_by_label(REPLY)).to_have_value("还没写完")


def test_drafts_stay_with_their_conversation(site: Site, page: Page) -> None:
    fill(site.world)
    sign_in(page, site)
    claim_first(page)
    page.get_by_label(REPLY).fill("给第一位的草稿")
    page.get_by_text("I was charged twice").first.click()
    expect(page.get_by_label(REPLY)).to_have_count(0)
    page.locator(".held button").first.click()
    expect(page.get_by_label(REPLY)).to_have_value("给第一位的草稿")


def test_a_sign_out_takes_the_drafts_with_it(site: Site, page: Page) -> None:
    fill(site.world)
    sign_in(page, site)
    claim_first(page)
    page.get_by_label(REPLY).fill("不留在这台电脑上")
    page.get_by_role("button", name="菜单（林晓）").click()
    page.get_by_role("button", name="退出登录").click()
    expect(page.get_by_label("账号")).to_be_visible()
    assert "不留在这台电脑上" not in page.evaluate("JSON.stringify({...sessionStorage, ...localStorage})")


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


def test_what_comes_below_the_conversation_does_not_move_it(site: Site, page: Page) -> None:
    talk = fill(site.world)[0]
    site.world.suggestions = []
    sign_in(page, site)
    claim_first(page)
    expect(page.get_by_text("没有合适的建议")).to_be_visible()
    last = page.get_by_role("log").locator("article").last
    before = last.bounding_box()
    site.world.suggestions = [reply(number, f"第 {number} 条", "内容", 0.5) for number in (1, 2, 3)]
    page.get_by_role("button", name="再找一次").click()
    expect(page.get_by_role("list", name="建议回复").get_by_role("listitem")).to_have_count(3)
    assert last.bounding_box() == before
    site.world.desk.tell("typing", {"conversation": talk.id, "role": "customer"})  # type: ignore[attr-defined]
    expect(page.get_by_text("客户正在输入")).to_be_visible()
    assert last.bounding_box() == before


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
    suggestions(page).first.get_by_role("button").first.click()
    expect(page.locator(".suggestion .text")).to_be_visible()
    assert transcript(page)[-1] == hostile
    page.keyboard.press("Alt+1")
    page.get_by_label(REPLY).press("Enter")
    eventually(page, lambda: sent_by_agent(page, talk))
    assert page.locator("img").count() == 0
    assert page.locator("a[href^='javascript']").count() == 0
    assert page.evaluate("window.hacked") is None
