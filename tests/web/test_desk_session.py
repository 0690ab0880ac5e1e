"""An agent comes and goes: sign-in, roles, presence, the connection, the page's own switches."""

from playwright.sync_api import Page, expect

from tests.web.conftest import Site
from tests.web.desk_cast import (
    REPLY,
    answer,
    claim_first,
    desk_of,
    eventually,
    fill,
    sent_by_agent,
    sign_in,
    transcript,
    waiting_customer,
)
from tests.web.scripted_desk import PASSWORD


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


def test_a_session_that_ended_leads_back_to_the_sign_in_and_the_draft_waits(site: Site, page: Page) -> None:
    fill(site.world)
    sign_in(page, site)
    claim_first(page)
    page.get_by_label(REPLY).fill("写到一半")
    page.context.clear_cookies()
    waiting_customer(site.world, "u9", "有人吗")
    expect(page.get_by_label("账号")).to_be_visible()
    page.get_by_label("账号").fill("lin")
    page.get_by_label("密码").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_label(REPLY)).to_have_value("写到一半")


def test_another_agent_at_the_same_screen_sees_nothing_of_the_one_before(site: Site, page: Page) -> None:
    fill(site.world)
    sign_in(page, site)
    claim_first(page)
    page.get_by_label(REPLY).fill("只给林晓看")
    page.context.clear_cookies()
    waiting_customer(site.world, "u9", "有人吗")
    page.get_by_label("账号").fill("wang")
    page.get_by_label("密码").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("switch")).to_be_visible()
    expect(page.get_by_text("您还没有接入会话")).to_be_visible()
    assert "只给林晓看" not in page.content()


def test_an_editor_is_told_that_the_account_serves_nobody(site: Site, page: Page) -> None:
    page.goto(f"{site.url}/desk")
    page.get_by_label("账号").fill("chen")
    page.get_by_label("密码").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_text("这个账号不接待客户")).to_be_visible()
    expect(page.get_by_role("main").get_by_role("link", name="知识库")).to_be_visible()
    assert desk_of(site.world).streams == []


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


def test_nothing_is_lost_when_the_stream_breaks(site: Site, page: Page) -> None:
    talk = fill(site.world)[0]
    sign_in(page, site)
    claim_first(page)
    desk = desk_of(site.world)
    desk.end_streams()
    streams, desk.streams = desk.streams, []  # said while nobody listens
    for word in ("一", "二", "三"):
        site.world.say(talk, "customer", word)
    desk.streams = streams
    expect(page.get_by_role("log").get_by_text("三", exact=True)).to_be_visible(timeout=10_000)
    assert transcript(page)[-3:] == ["一", "二", "三"]


def test_what_was_written_without_a_network_goes_out_once_it_is_back(site: Site, page: Page) -> None:
    talk = fill(site.world)[0]
    sign_in(page, site)
    claim_first(page)
    page.context.set_offline(True)
    expect(page.get_by_text("网络已断开")).to_be_visible()
    answer(page, "断网时写的")
    expect(page.get_by_text("未发送")).to_be_visible()
    page.context.set_offline(False)
    desk_of(site.world).end_streams()
    assert [event["text"] for event in sent_by_agent(page, talk)] == ["断网时写的"]
    expect(page.get_by_text("未发送")).to_have_count(0)
    expect(page.get_by_text("网络已断开")).to_have_count(0)


def test_who_went_back_to_the_queue_meanwhile_is_told(site: Site, page: Page) -> None:
    talk = fill(site.world)[0]
    sign_in(page, site)
    claim_first(page)
    site.world.change(talk, "waiting", "agent_gone")
    expect(page.get_by_text("您接待的 1 个会话回到了队列")).to_be_visible()


def test_the_desk_changes_language_and_theme_and_remembers_both(site: Site, page: Page) -> None:
    sign_in(page, site)
    page.get_by_role("button", name="菜单（林晓）").click()
    page.get_by_role("button", name="English").click()
    expect(page.get_by_text("Nobody is waiting")).to_be_visible()
    page.get_by_role("button", name="Switch to dark").click()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Sign out")).to_have_count(0)
    page.reload()
    expect(page.get_by_text("Nobody is waiting")).to_be_visible()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_sound_and_notifications_are_off_until_somebody_wants_them(site: Site, page: Page) -> None:
    page.add_init_script(
        "window.told = []; window.Notification = class { constructor(title, more) { told.push([title, more.body]) }"
        " static requestPermission() { return Promise.resolve('granted') } close() {} }"
    )
    sign_in(page, site)
    page.get_by_role("button", name="菜单（林晓）").click()
    for name in ("提示音", "桌面通知"):
        expect(page.get_by_role("button", name=name)).to_have_attribute("aria-pressed", "false")
    page.get_by_role("button", name="桌面通知").click()
    expect(page.get_by_role("button", name="桌面通知")).to_have_attribute("aria-pressed", "true")
    page.evaluate("Object.defineProperty(document, 'visibilityState', {value: 'hidden'})")
    waiting_customer(site.world, "u9", "我的身份证号是多少")
    told = eventually(page, lambda: page.evaluate("told"))
    assert told == [["值班台", "有客户在等待接入"]]


def test_notifications_that_the_browser_refuses_stay_off(site: Site, page: Page) -> None:
    page.add_init_script("window.Notification = class { static async requestPermission() { return 'denied' } }")
    sign_in(page, site)
    page.get_by_role("button", name="菜单（林晓）").click()
    page.get_by_role("button", name="桌面通知").click()
    expect(page.get_by_text("浏览器没有允许通知")).to_be_visible()
    expect(page.get_by_role("button", name="桌面通知")).to_have_attribute("aria-pressed", "false")
