"""The queue: in the server's order, with reasons; the next one, offers, several at once, colleagues."""

import re
from datetime import timedelta

from playwright.sync_api import Page, expect

from tests.web.conftest import Site
from tests.web.desk_cast import claim_first, desk_of, eventually, fill, sign_in, waiting_customer
from tests.web.scripted_world import now_text


def test_a_new_customer_appears_by_itself(site: Site, page: Page) -> None:
    sign_in(page, site)
    expect(page.get_by_text("暂无客户等待")).to_be_visible()
    waiting_customer(site.world, "u9", "有人吗")
    expect(page.get_by_role("listitem").get_by_role("button", name="有人吗").first).to_be_visible()
    expect(page).to_have_title("(1) 值班台")


def test_the_queue_is_shown_as_the_server_orders_it_with_the_reasons(site: Site, page: Page) -> None:
    _first, second, third = fill(site.world)
    second.facts |= {"head_start": 120, "mood": "angry"}
    third.facts |= {"head_start": 180, "vip": True, "transferred_by": "wang", "note": "请查物流"}
    sign_in(page, site)
    rows = page.locator(".waits")
    expect(rows).to_have_count(3)
    marks = [row.locator(".marks").inner_text().split() for row in rows.all()]
    assert marks == [["VIP", "机器未能解答"], ["投诉", "生气"], ["要求人工"]]
    expect(rows.first).to_contain_text("wang 转来：请查物流")
    expect(rows.first).to_contain_text("請問可以改收貨地址嗎")
    expect(rows.first.locator("time")).to_have_text(re.compile(r"^0:0\d$"))


def test_the_next_customer_is_whom_the_server_thinks_best(site: Site, page: Page) -> None:
    second = fill(site.world)[1]
    second.facts["head_start"] = 120
    sign_in(page, site)
    page.get_by_role("button", name="接待下一位").click()
    expect(page.get_by_role("log").get_by_text("I was charged twice")).to_be_visible()
    assert (second.state, second.holder) == ("person", "lin")


def test_nobody_left_to_take_is_told(site: Site, page: Page) -> None:
    waiting_customer(site.world, "u1", "在吗")
    sign_in(page, site)
    expect(page.locator(".waits")).to_have_count(1)
    # As in a race: somebody was quicker, and this page has not heard of it yet.
    page.route("**/v1/agent/next", lambda route: route.fulfill(status=204))
    page.get_by_role("button", name="接待下一位").click()
    expect(page.get_by_text("现在没有可接入的客户")).to_be_visible()


def test_a_full_desk_takes_no_next_one_but_may_still_claim(site: Site, page: Page) -> None:
    fill(site.world)
    desk_of(site.world).capacity = 1
    sign_in(page, site)
    claim_first(page)
    expect(page.get_by_text("已接待 1 位，上限 1 位")).to_be_visible()
    expect(page.get_by_role("button", name="接待下一位")).to_have_attribute("aria-disabled", "true")
    page.keyboard.press("Alt+n")
    expect(page.get_by_text("您已接待 1 位，达到上限 1 位")).to_be_visible()

    def two_are_held() -> bool:  # a second press at once would count as a double click
        page.locator(".waits:not(.gone) button.claim").first.click()
        return page.locator(".held").count() == 2

    eventually(page, two_are_held)


def test_who_is_kept_for_me_is_taken_first_and_may_be_passed_on(site: Site, page: Page) -> None:
    first, second, third = fill(site.world)
    until = now_text(timedelta(seconds=20))
    desk = desk_of(site.world)
    desk.offers = {second.id: {"to": "lin", "until": until}, third.id: {"to": "wang", "until": until}}
    sign_in(page, site)
    rows = page.locator(".waits")
    expect(rows.nth(1)).to_contain_text(re.compile(r"为您保留 (19|20) 秒"))
    expect(rows.nth(2)).to_contain_text("已派给同事")
    expect(rows.nth(2).locator("button.claim")).to_have_count(0)
    page.keyboard.press("Alt+n")
    expect(page.locator(".held")).to_have_count(1)
    assert second.holder == "lin"
    desk.offers = {first.id: {"to": "lin", "until": until}}
    desk.tell("offer", {"conversation": first.id, "until": until, "reason": "last_agent"}, to="lin")
    page.get_by_role("button", name="让给别人").click()
    eventually(page, lambda: desk.declined == [first.id])


def test_rows_keep_their_places_under_the_hand(site: Site, page: Page) -> None:
    first, second, _third = fill(site.world)
    sign_in(page, site)
    rows = page.locator(".waits")
    expect(rows).to_have_count(3)
    rows.nth(1).hover()
    place = rows.nth(1).bounding_box()
    site.world.change(first, "person", "claimed", holder="wang")
    complaint = waiting_customer(site.world, "u9", "我要投诉", "complaint")
    complaint.facts["head_start"] = 120
    expect(rows.first).to_contain_text("已被接入")
    expect(rows.nth(3)).to_contain_text("我要投诉")
    assert rows.nth(1).bounding_box() == place
    rows.nth(1).locator("button.claim").click()
    eventually(page, lambda: second.holder == "lin")
    # A moment after the last movement the server's order is shown again.
    expect(rows.first).to_contain_text("我要投诉")


def test_the_second_agent_is_told_who_was_faster(site: Site, page: Page) -> None:
    talk = fill(site.world)[0]
    sign_in(page, site)
    page.get_by_text("要求人工").first.click()
    expect(page.get_by_text("接入后，智能客服不再发言")).to_be_visible()
    # As in a race: the other one was faster and we have not heard of it.
    talk.state, talk.holder = "person", "wang"
    page.locator("button.claim").first.click()
    expect(page.get_by_text("wang 已先接入这个会话。")).to_be_visible()
    expect(page.locator(".waits")).to_have_count(2)
    expect(page.get_by_label("回复内容")).to_have_count(0)


def test_a_double_click_on_claim_takes_one_customer(site: Site, page: Page) -> None:
    fill(site.world)
    sign_in(page, site)
    page.locator("button.claim").first.dblclick()
    expect(page.get_by_label("回复内容")).to_be_visible()
    expect(page.get_by_role("heading", name="等待接入")).to_contain_text("2")
    assert [talk.holder for talk in site.world.talks.values()] == ["lin", None, None]


def test_unread_messages_of_another_conversation_are_counted(site: Site, page: Page) -> None:
    first, second, _third = fill(site.world)
    sign_in(page, site)
    claim_first(page)
    site.world.change(second, "person", "claimed", holder="lin")
    page.locator(".held", has_text="I was charged twice").get_by_role("button").click()
    expect(page.get_by_role("log").get_by_text("I was charged twice")).to_be_visible()
    site.world.say(first, "customer", "还在吗")
    mine = page.get_by_role("button", name="还在吗")
    expect(mine).to_contain_text("1 条未读")
    expect(page).to_have_title("(2) 值班台")
    mine.click()
    expect(mine).not_to_contain_text("条未读")


def test_a_held_customer_shows_how_long_they_wait_for_an_answer(site: Site, page: Page) -> None:
    fill(site.world)
    sign_in(page, site)
    claim_first(page)
    held = page.locator(".held")
    expect(held.locator("time")).to_have_attribute("aria-label", re.compile(r"等您回复 0:0\d"))
    page.get_by_label("回复内容").fill("您好，我来处理。")
    page.keyboard.press("Enter")
    expect(held).to_contain_text("已回复")


def test_a_supervisor_sees_what_colleagues_hold_and_steps_in(site: Site, page: Page) -> None:
    talk = fill(site.world)[0]
    site.world.change(talk, "person", "claimed", holder="lin")
    sign_in(page, site, "wang")
    page.get_by_role("button", name="同事的会话").click()
    page.get_by_role("button", name="林晓").click()
    expect(page.get_by_text("由 林晓 接待中")).to_be_visible()
    page.get_by_role("button", name="接管", exact=True).click()
    dialog = page.get_by_role("dialog", name="接管这个会话？")
    dialog.get_by_label("给同事的留言").fill("我来处理投诉")
    dialog.get_by_role("button", name="接管").click()
    expect(page.get_by_label("回复内容")).to_be_visible()
    assert (talk.holder, talk.events[-1]["former"]) == ("wang", "lin")


def test_an_agent_without_the_right_cannot_step_in(site: Site, page: Page) -> None:
    fill(site.world)
    sign_in(page, site)
    expect(page.locator(".waits")).to_have_count(3)
    expect(page.get_by_role("button", name="同事的会话")).to_have_count(0)


def test_whose_conversation_was_taken_over_is_told(site: Site, page: Page) -> None:
    talk = fill(site.world)[0]
    sign_in(page, site)
    claim_first(page)
    site.world.change(talk, "person", "taken_over", holder="wang", former="lin")
    expect(page.get_by_text("wang 接管了您的一个会话")).to_be_visible()
    expect(page.get_by_label("回复内容")).to_have_count(0)
    expect(page.get_by_text("由 wang 接待中")).to_be_visible()
