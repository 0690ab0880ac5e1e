"""Nothing is lost and nothing is there twice: reloads, broken connections, gaps, expired sessions."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.web.cast import REFUND, ask, messages, only_talk, open_widget
from tests.web.conftest import Site


def test_the_history_is_there_after_a_reload(site: Site, page: Page) -> None:
    open_widget(page, site)
    ask(page, REFUND)
    expect(page.get_by_role("log").get_by_text(f"收到：{REFUND}")).to_be_visible()
    before = messages(page)
    open_widget(page, site)
    expect(page.get_by_role("log").get_by_text(f"收到：{REFUND}")).to_be_visible()
    assert messages(page) == before == [REFUND, f"收到：{REFUND}"]
    assert len(site.doors.session_requests) == 1


def test_what_is_written_offline_waits_survives_a_reload_and_is_sent_once(site: Site, page: Page) -> None:
    panel = open_widget(page, site)
    ask(page, "先问一句")
    expect(panel.get_by_text("收到：先问一句")).to_be_visible()
    site.doors.cut()
    expect(panel.get_by_text("网络暂时不通，消息会在恢复后发送")).to_be_visible()
    ask(page, "断网时写的")
    expect(panel.get_by_text("待发送")).to_be_visible()
    page.reload()
    page.get_by_role("button", name="打开在线客服").click()
    expect(panel.get_by_text("断网时写的")).to_be_visible()
    assert len(site.world.received) == 1
    site.doors.mend()
    expect(panel.get_by_text("收到：断网时写的")).to_be_visible(timeout=15_000)
    assert messages(page) == ["先问一句", "收到：先问一句", "断网时写的", "收到：断网时写的"]
    assert [message["text"] for message in site.world.received] == ["先问一句", "断网时写的"]


def test_a_lost_acknowledgement_leads_to_the_same_message_id_and_one_message(site: Site, page: Page) -> None:
    open_widget(page, site)
    ask(page, "热身")
    expect(page.get_by_role("log").get_by_text("收到：热身")).to_be_visible()
    site.doors.lose_acks = 1
    ask(page, REFUND)
    expect(page.get_by_role("log").get_by_text(f"收到：{REFUND}")).to_be_visible(timeout=10_000)
    page.wait_for_function(
        "JSON.parse(localStorage[Object.keys(localStorage).find(key => key.endsWith(':outbox'))]).length === 0",
        timeout=20_000,
    )
    sent = [message["message_id"] for message in site.world.received if message["text"] == REFUND]
    assert len(sent) == 2
    assert len(set(sent)) == 1
    assert messages(page) == ["热身", "收到：热身", REFUND, f"收到：{REFUND}"]


def test_what_was_said_while_the_connection_was_down_is_caught_up_in_order(site: Site, page: Page) -> None:
    panel = open_widget(page, site)
    ask(page, "一")
    expect(panel.get_by_text("收到：一")).to_be_visible()
    site.doors.cut()
    for word in ("二", "三", "四"):
        site.world.say(only_talk(site), "bot", word)
    site.doors.mend()
    expect(panel.get_by_text("四", exact=True)).to_be_visible(timeout=15_000)
    assert messages(page) == ["一", "收到：一", "二", "三", "四"]


def test_a_gap_in_the_numbers_is_filled_from_the_log(site: Site, page: Page) -> None:
    panel = open_widget(page, site)
    ask(page, "一")
    expect(panel.get_by_text("收到：一")).to_be_visible()
    site.doors.swallow_events = True
    site.world.say(only_talk(site), "bot", "丢了的")
    site.doors.swallow_events = False
    site.world.say(only_talk(site), "bot", "到了的")
    expect(panel.get_by_text("到了的")).to_be_visible()
    assert messages(page) == ["一", "收到：一", "丢了的", "到了的"]


def test_an_event_that_comes_twice_is_shown_once(site: Site, page: Page) -> None:
    panel = open_widget(page, site)
    ask(page, "一")
    expect(panel.get_by_text("收到：一")).to_be_visible()
    for event in list(only_talk(site).events):
        site.doors.emit_again(event)
    site.world.say(only_talk(site), "bot", "最后")
    expect(panel.get_by_text("最后")).to_be_visible()
    assert messages(page) == ["一", "收到：一", "最后"]


def test_a_refused_message_says_so_and_can_be_sent_again_or_deleted(site: Site, page: Page) -> None:
    panel = open_widget(page, site)
    site.doors.refuse_with = "invalid"
    ask(page, "试试")
    expect(panel.get_by_text("发送失败")).to_be_visible()
    site.doors.refuse_with = None
    panel.get_by_role("button", name="重试").click()
    expect(panel.get_by_text("收到：试试")).to_be_visible()
    assert messages(page) == ["试试", "收到：试试"]

    site.doors.refuse_with = "invalid"
    ask(page, "不要了")
    panel.get_by_role("button", name="删除").click()
    expect(panel.get_by_text("不要了")).to_have_count(0)


@pytest.mark.parametrize("code", ["busy", "store_unavailable", "rate_limited"])
def test_a_busy_server_is_asked_again_without_the_customers_doing(site: Site, page: Page, code: str) -> None:
    panel = open_widget(page, site)
    site.doors.refuse_with = code
    ask(page, "试试")
    expect(panel.get_by_text("发送中")).to_have_count(1)
    site.doors.refuse_with = None
    expect(panel.get_by_text("收到：试试")).to_be_visible(timeout=8_000)


def test_an_old_session_is_renewed_for_the_same_customer(site: Site, page: Page) -> None:
    site.doors.lifetime = timedelta(hours=1)  # within the last day: renewed at the next load
    open_widget(page, site)
    ask(page, "一")
    expect(page.get_by_role("log").get_by_text("收到：一")).to_be_visible()
    open_widget(page, site)
    expect(page.get_by_role("log").get_by_text("收到：一")).to_be_visible()
    assert site.doors.session_requests[0] is None
    assert set(site.doors.session_requests[1:]) == {only_talk(site).user}


def test_a_session_that_the_server_no_longer_knows_is_replaced_and_the_message_still_arrives(
    site: Site, page: Page
) -> None:
    panel = open_widget(page, site)
    ask(page, "一")
    expect(panel.get_by_text("收到：一")).to_be_visible()
    site.doors.sessions.clear()
    site.doors.cut()
    site.doors.mend()
    ask(page, "二")
    expect(panel.get_by_text("收到：二")).to_be_visible(timeout=15_000)


def test_unread_answers_are_counted_on_the_launcher_and_in_the_title_until_seen(site: Site, page: Page) -> None:
    panel = open_widget(page, site)
    ask(page, "一")
    expect(panel.get_by_text("收到：一")).to_be_visible()
    page.keyboard.press("Escape")
    site.world.say(only_talk(site), "bot", "二")
    site.world.say(only_talk(site), "bot", "三")
    launcher = page.get_by_role("button", name="打开在线客服，2 条未读消息")
    expect(launcher).to_be_visible()
    expect(page).to_have_title(re.compile(r"^\(2\) 青禾商城"))
    page.reload()
    launcher.click()
    expect(page).to_have_title(re.compile("^青禾商城"))
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="打开在线客服", exact=True)).to_be_visible()


def test_two_tabs_show_the_same_conversation(site: Site, page: Page) -> None:
    open_widget(page, site)
    ask(page, "一")
    expect(page.get_by_role("log").get_by_text("收到：一")).to_be_visible()
    other = page.context.new_page()
    open_widget(other, site)
    ask(other, "二")
    expect(page.get_by_role("log").get_by_text("收到：二")).to_be_visible()
    expect(other.get_by_role("log").get_by_text("收到：二")).to_be_visible()
    assert messages(page) == messages(other) == ["一", "收到：一", "二", "收到：二"]


def test_one_who_reads_further_up_is_not_pulled_down(site: Site, page: Page) -> None:
    panel = open_widget(page, site)
    ask(page, "一")
    expect(panel.get_by_text("收到：一")).to_be_visible()
    for number in range(30):
        site.world.say(only_talk(site), "bot", f"第 {number} 句")
    expect(panel.get_by_text("第 29 句")).to_be_in_viewport()
    log = page.get_by_role("log")
    log.evaluate("node => { node.scrollTop = 0 }")
    site.world.say(only_talk(site), "bot", "新的一句")
    pill = panel.get_by_role("button", name="有新消息")
    expect(pill).to_be_visible()
    assert log.evaluate("node => node.scrollTop") == 0
    pill.click()
    expect(panel.get_by_text("新的一句")).to_be_in_viewport()
    expect(pill).to_have_count(0)
