"""While an agent types: findings under the field, better words with one key, and a serious one needs a reason."""

from playwright.sync_api import Page, expect

from tests.web.conftest import Site
from tests.web.desk_cast import (
    REPLY,
    arrive,
    assist_of,
    claim_first,
    eventually,
    fill,
    reply,
    sent_by_agent,
    sign_in,
)

PROMISE = "我保证今天一定到。"
BETTER = "我马上为您催件，今天内给您答复。"


def begin(site: Site, page: Page) -> None:
    talk = fill(site.world)[0]
    arrive(site.world, talk)
    sign_in(page, site)
    claim_first(page)


def test_findings_come_a_moment_after_the_last_key_and_say_why(site: Site, page: Page) -> None:
    begin(site, page)
    page.get_by_label(REPLY).press_sequentially("你好，马上看。", delay=20)
    found = page.locator(".findings li")
    expect(found).to_contain_text("请用“您”")
    expect(found.locator(".severity")).to_have_text("建议")
    assert assist_of(site.world).checked == ["你好，马上看。"]
    found.get_by_role("button", name="你好", exact=True).click()
    assert page.evaluate("document.activeElement.value.slice(0, document.activeElement.selectionEnd)") == "你好"


def test_better_words_are_taken_with_one_key_and_the_caret_stays_behind_them(site: Site, page: Page) -> None:
    begin(site, page)
    field = page.get_by_label(REPLY)
    field.press_sequentially(f"请放心，{PROMISE}别急。")
    expect(page.locator(".findings li")).to_contain_text(BETTER)
    page.keyboard.press("Alt+b")
    expect(field).to_have_value(f"请放心，{BETTER}别急。")
    page.keyboard.type("谢谢！")
    expect(field).to_have_value(f"请放心，{BETTER}谢谢！别急。")
    expect(page.locator(".findings li")).to_have_count(0)


def test_better_words_for_a_text_that_has_changed_since_are_not_forced_in(site: Site, page: Page) -> None:
    begin(site, page)
    field = page.get_by_label(REPLY)
    field.fill(f"甲。{PROMISE}")
    expect(page.locator(".findings li")).to_have_count(1)
    # Changed in front of it, and the new look at it has not come yet.
    assist_of(site.world).unavailable = {"check"}
    field.fill(f"在前面加了字。{PROMISE}")
    page.keyboard.press("Alt+b")
    expect(field).to_have_value(f"在前面加了字。{PROMISE}")


def test_a_finding_whose_words_are_gone_goes_at_once(site: Site, page: Page) -> None:
    begin(site, page)
    page.get_by_label(REPLY).fill("你好")
    expect(page.locator(".findings li")).to_have_count(1)
    assist_of(site.world).unavailable = {"check"}
    page.get_by_label(REPLY).fill("您好")
    expect(page.locator(".findings li")).to_have_count(0, timeout=300)


def test_a_serious_one_is_not_sent_until_there_is_a_reason(site: Site, page: Page) -> None:
    begin(site, page)
    talk = next(iter(site.world.talks.values()))
    page.get_by_label(REPLY).fill(PROMISE)
    expect(page.locator(".findings .stop")).to_be_visible()
    page.get_by_label(REPLY).press("Enter")
    group = page.get_by_role("group", name="发送前请确认")
    reason = group.get_by_label("为什么仍要发送？")
    expect(reason).to_be_focused()
    reason.press("Enter")  # without a reason nothing happens
    expect(group).to_be_visible()
    page.keyboard.type("仓库已确认今天送达")
    page.keyboard.press("Enter")
    assert sent_by_agent(page, talk)[-1]["text"] == PROMISE
    assert assist_of(site.world).messages == [
        assist_of(site.world).messages[0] | {"confirm": {"rules": ["promise"], "reason": "仓库已确认今天送达"}}
    ]
    expect(page.get_by_label(REPLY)).to_be_focused()


def test_going_back_from_the_question_leaves_the_text(site: Site, page: Page) -> None:
    begin(site, page)
    page.get_by_label(REPLY).fill(PROMISE)
    expect(page.locator(".findings .stop")).to_be_visible()
    page.get_by_label(REPLY).press("Enter")
    expect(page.get_by_label("为什么仍要发送？")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_label(REPLY)).to_be_focused()
    expect(page.get_by_label(REPLY)).to_have_value(PROMISE)
    assert assist_of(site.world).messages == []


def test_what_the_server_keeps_back_is_in_the_field_again_with_the_question(site: Site, page: Page) -> None:
    begin(site, page)
    talk = next(iter(site.world.talks.values()))
    assist_of(site.world).unavailable = {"check"}  # the page could not look at it beforehand
    page.get_by_label(REPLY).fill(PROMISE)
    page.get_by_label(REPLY).press("Enter")
    expect(page.get_by_role("group", name="发送前请确认")).to_contain_text("请勿承诺做不到的时间")
    expect(page.get_by_label(REPLY)).to_have_value(PROMISE)
    expect(page.get_by_text("未发送")).to_have_count(0)
    page.get_by_label("为什么仍要发送？").fill("主管同意")
    page.keyboard.press("Enter")
    assert [event["text"] for event in sent_by_agent(page, talk)] == [PROMISE]


def test_a_suggestion_that_is_kept_back_comes_into_the_field_too(site: Site, page: Page) -> None:
    begin(site, page)
    site.world.suggestions = [reply(1, "承诺", PROMISE, 0.9)]
    site.world.say(next(iter(site.world.talks.values())), "customer", "今天能到吗")
    expect(page.get_by_text("把握 90%")).to_be_visible()
    page.keyboard.press("Alt+Shift+1")
    expect(page.get_by_label("为什么仍要发送？")).to_be_focused()
    expect(page.get_by_label(REPLY)).to_have_value(PROMISE)


def test_a_text_that_is_too_long_says_by_how_much_and_is_not_sent(site: Site, page: Page) -> None:
    begin(site, page)
    page.get_by_label(REPLY).fill("字" * 4003)
    expect(page.get_by_text("超出 3 字")).to_be_visible()
    page.get_by_label(REPLY).press("Enter")
    page.get_by_label(REPLY).fill("短的")
    page.get_by_label(REPLY).press("Enter")
    eventually(page, lambda: assist_of(site.world).messages)
    assert [message["text"] for message in assist_of(site.world).messages] == ["短的"]
